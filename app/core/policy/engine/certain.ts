// Whether a command runs, and is heard when it fails, in every run of the script that ends well. An undo counts only where it does.
// Must never answer "certainly" when it is not sure: a command that may be left out puts nothing back.
import { type Fun, inside, type Node, plainText } from '../plain/tree.ts';

type Functions = ReadonlyMap<string, Fun>;
/** What is left inside the place that is looked at, and so does not reach what follows it. */
type Within = { loop: boolean; function: boolean; seen: Set<Node> };
const nothing = (): Within => ({ loop: false, function: false, seen: new Set() });

/** True if control may get past what follows these nodes without a failure, or if failures no longer end the script after them. */
export function slips(node: Node, functions: Functions, within: Within = nothing()): boolean {
  // Defining a function runs nothing.
  if (node.is === 'function') return false;
  if (node.is === 'command') return commandSlips(node, functions, within);
  const loop = within.loop || node.is === 'for' || node.is === 'while';
  return inside(node).some((one) => slips(one, functions, { ...within, loop }));
}

function commandSlips(node: Extract<Node, { is: 'command' }>, functions: Functions, within: Within): boolean {
  if (node.words.length === 0) return false;
  const words = node.words.map(plainText);
  while (words[0] === 'command' || words[0] === 'builtin') words.shift();
  const [name, ...rest] = words;
  // A name that is put together may be any of these.
  if (name === null || name === undefined) return true;
  if (name === 'exit') return !fails(rest);
  if (name === 'return') return !within.function && !fails(rest);
  // With a number they leave more than the loop around them.
  if (name === 'break' || name === 'continue') return !within.loop || rest.length > 0;
  if (name === 'exec') return rest.length > 0;
  if (name === 'set') return rest.some((word) => word === null || word.startsWith('+'));
  const own = functions.get(name);
  // Once is enough: the first that slips ends the search.
  if (!own || within.seen.has(own)) return false;
  within.seen.add(own);
  return slips(own.body, functions, { loop: false, function: true, seen: within.seen });
}

const fails = ([code, ...more]: readonly (string | null)[]): boolean =>
  more.length === 0 && /^([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/.test(code ?? '');

/** True if these nodes certainly end the script as failed: `exit 1`, `{ echo …; exit 1; }`, or a function that does so. */
export function failsLoudly(node: Node, functions: Functions): boolean {
  if (node.is === 'group') {
    const last = node.body.at(-1);
    return (
      last !== undefined &&
      failsLoudly(last, functions) &&
      !node.body.slice(0, -1).some((one) => slips(one, functions))
    );
  }
  if (node.is !== 'command') return false;
  const words = node.words.map(plainText);
  const [name, ...rest] = words;
  if (name === 'exit' || name === 'return') return fails(rest);
  const own = functions.get(name ?? '');
  return own !== undefined && failsLoudly(own.body, new Map([...functions].filter(([key]) => key !== name)));
}

/**
 * For each part of `a && b || c`: whether it may be left out, or fail unheard. The shell does not stop when a part before `&&` or `||`
 * fails, so that only the last statement of a script, or `|| exit 1` behind it, lets nothing go unheard.
 */
export function unheard(
  { rest }: Extract<Node, { is: 'chain' }>,
  functions: Functions,
  lastOfAll: boolean,
): boolean[] {
  const end = rest.at(-1);
  const guarded = end?.operator === '||' && failsLoudly(end.node, functions);
  const between = guarded ? rest.slice(0, -1) : rest;
  const sure = between.every(({ operator }) => operator === '&&') && (guarded || lastOfAll);
  return [false, ...rest.map((_, at) => guarded && at === rest.length - 1)].map((spare) => spare || !sure);
}
