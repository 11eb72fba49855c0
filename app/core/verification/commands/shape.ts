// The one form that a command of a check has: one command or one pipeline, on one line, of fixed words, with `{PARAMETER}` where the
// inventory stands. Must never let a value become syntax, nor take a word whose meaning is known only where it runs.
// This room holds commands that look; it must not run one, nor say which commands only read: the policy says that.
import { readScript } from '#core/policy/plain/read';
import { type Command, type Node, plainText } from '#core/policy/plain/tree';

const PLACEHOLDER = /\{([A-Z][A-Z0-9_]*)\}/y;
/** They run the command as somebody else, let it outlive its look, or hide several commands in one word. */
const NOT_HERE =
  /^(.*\/)?(sudo|doas|su|runuser|pkexec|nohup|setsid|disown|at|batch|(ba|da|z|k|a)?sh|busybox|toybox)$/;
/** Who may enter a container may do everything in there, so that an identity that only reads may not. */
const ENTERS =
  /^(.*\/)?(kubectl|oc|docker|podman|nerdctl|crictl|ctr|lxc) (.* )?(exec|attach|debug|cp|port-forward|proxy)( |$)/;

type Spot = { readonly at: number; readonly length: number; readonly name: string; readonly inside: boolean };

/** What is wrong with a command as a plan writes it, or null. */
export function shapeFault(run: string): string | null {
  const spots = placeholders(run);
  if (typeof spots === 'string') return spots;
  const script = readScript(put(run, spots, () => 'x'));
  const [problem] = script.problems;
  if (problem) return problem.sentence;
  const [only, ...more] = script.body;
  if (!only || more.length > 0) return ONE;
  if (only.is === 'pipeline' && only.negated) return 'the exit code says what `!` would turn around';
  const stages: readonly Node[] = only.is === 'pipeline' ? only.stages : [only];
  for (const stage of stages) {
    const fault = stage.is === 'command' ? commandFault(stage) : ONE;
    if (fault !== null) return fault;
  }
  return null;
}

const ONE = 'is one command, or one pipeline of commands: no list, no group, no branch and no loop';

function commandFault({ sets, words, redirects }: Command): string | null {
  if (sets.length > 0) return 'sets a variable: name a parameter of the inventory where its value stands';
  for (const { operator, descriptor, target } of redirects) {
    const to = plainText(target) ?? '';
    const quiet =
      descriptor === 2 && ((operator === '>' && to === '/dev/null') || (operator === '>&' && to === '1'));
    if (!quiet) return 'redirects: only 2>/dev/null and 2>&1 are taken';
  }
  const plain = words.map(plainText);
  if (plain.includes(null)) return 'holds a word that is known only where it runs: write it out, in quotes';
  const [name = ''] = plain;
  if (NOT_HERE.test(name ?? '')) return `${name} has no place in a look`;
  return ENTERS.test(plain.join(' ')) ? 'enters what it looks at: ask from outside' : null;
}

/** The words of each command of a plan's run, as the shell will see them. Null: it has not the one form. */
export function wordsOf(run: string): string[][] | null {
  if (shapeFault(run) !== null) return null;
  const [only] = readScript(run).body;
  const stages = only?.is === 'pipeline' ? only.stages : [only];
  return stages.map((stage) =>
    stage?.is === 'command' ? stage.words.map((word) => plainText(word) ?? '') : [],
  );
}

/**
 * Each `{NAME}` as its value in single quotes, as values stand in scripts. The settings' schema refuses values that could end a literal.
 * If one comes here all the same, that is an accident, and it throws. `unknown`: names without a value.
 */
export function withLiterals(
  run: string,
  lookUp: (name: string) => string | undefined,
): { readonly run: string } | { readonly unknown: readonly string[] } {
  const spots = placeholders(run);
  if (typeof spots === 'string') throw new Error(`this command ${spots}`);
  const unknown = spots.flatMap(({ name }) => (lookUp(name) === undefined ? [name] : []));
  if (unknown.length > 0) return { unknown };
  return {
    run: put(run, spots, ({ name, inside }) => {
      const literal = literalOf(name, lookUp(name) ?? '');
      return inside ? `"${literal}"` : literal;
    }),
  };
}

// A brace is set apart from what follows it, so that a value that looks like a placeholder is none: nothing is put in twice.
function literalOf(name: string, value: string): string {
  if (/['\\\n\r]/.test(value)) throw new Error(`${name} holds a character that no literal may hold`);
  return `'${value.replaceAll('{', "{''")}'`;
}

const put = (run: string, spots: readonly Spot[], change: (spot: Spot) => string): string =>
  spots.reduceRight(
    (text, spot) => text.slice(0, spot.at) + change(spot) + text.slice(spot.at + spot.length),
    run,
  );

/** Where placeholders stand, and whether in double quotes; or why the text is none that could be read so. */
function placeholders(run: string): readonly Spot[] | string {
  const spots: Spot[] = [];
  let quote = '';
  for (let at = 0; at < run.length; at += 1) {
    const sign = run[at] ?? '';
    PLACEHOLDER.lastIndex = at;
    const [whole = '', name = ''] = PLACEHOLDER.exec(run) ?? [];
    if (sign === '\n' || sign === '\r') return 'is one line';
    if (whole !== '') {
      if (quote === "'")
        return `has ${whole} in single quotes, where nothing is put in: write it outside of them`;
      spots.push({ at, length: whole.length, name, inside: quote === '"' });
      at += whole.length - 1;
    } else if (quote === "'") quote = sign === "'" ? '' : quote;
    else if (sign === '$' || sign === '`')
      return 'holds a variable or a substitution: write `{NAME}` for a parameter of the inventory';
    else if (sign === '\\') return 'holds a backslash: quote the word instead';
    else if (sign === '"') quote = quote === '"' ? '' : sign;
    else if (quote === '' && sign === "'") quote = sign;
    else if (quote === '' && sign === '#' && /^$|[\s|;&()<>]$/.test(run.slice(0, at)))
      return 'holds a comment';
  }
  return quote === '' ? spots : 'has quotes that are never closed';
}
