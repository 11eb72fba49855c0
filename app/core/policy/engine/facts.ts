// What holds of a script whatever bash does first: every place that gives a variable a value, every call of a function, and the places
// where a variable is sure to be set or sure to be a number. Must never depend on the order in which things run.
import { type Fun, type Node, plainText, type Word } from '../plain/tree.ts';
import { collect, leaves } from './collect.ts';

/** Where a variable gets a value. `until`: as long as nothing leaves the list around it, it is set from `end` to there. */
export type Giving = { pos: number; end: number; until: number; fun: Fun | null; by: By };
export type By =
  | { is: 'word'; word: Word }
  | { is: 'list'; words: Word[] }
  | { is: 'loop'; words: Word[] }
  | { is: 'number' | 'unset' | 'anything' }
  /** `read`, alone in its line, from what this node prints. */
  | { is: 'line'; of: Node };

type Stretch = { name: string; from: number; to: number; fun: Fun | null };
export type Call = { args: Word[]; fun: Fun | null };
export type Facts = {
  given: Map<string, Giving[]>;
  numbers: Stretch[];
  functions: Map<string, Fun>;
  calls: Map<string, Call[]>;
  /** Failures end the script, and so does reading what was never set: it begins with `set -e`, `set -u`. */
  stops: boolean;
  needsSet: boolean;
  /** Where relative paths begin; null where nobody can tell. */
  directory: string | null;
};

export function factsOf(body: readonly Node[]): Facts {
  const [first, second] = body;
  const options = first?.is === 'command' ? first.words.map(plainText).join(' ') : '';
  const set = (letter: string): boolean => new RegExp(`^set -[a-z]*${letter}`).test(options);
  const facts: Facts = {
    given: new Map(),
    numbers: [],
    functions: new Map(),
    calls: new Map(),
    stops: set('e'),
    needsSet: set('u'),
    directory: '.',
  };
  const end = body.at(-1)?.end ?? 0;
  collect(body, { until: end, fun: null, input: null }, facts);
  const moves = ['cd', 'pushd', 'popd'].flatMap((name) => facts.calls.get(name) ?? []).length;
  if (moves > 0)
    facts.directory = moves === 1 ? leading(options.startsWith('set') ? second : first, facts.stops) : null;
  return facts;
}

/** The directory of `cd /literal || exit 1`, or of `cd /literal` where a failure ends the script. */
function leading(node: Node | undefined, stops: boolean): string | null {
  const command = node?.is === 'chain' ? node.first : node;
  const surely =
    node?.is === 'chain'
      ? node.rest.length === 1 && node.rest[0]?.operator === '||' && leaves([node.rest[0].node])
      : stops;
  if (!surely || command?.is !== 'command' || command.words.length !== 2) return null;
  const [name, to] = command.words.map(plainText);
  return name === 'cd' && to && /^\/[\w./-]*$/.test(to) && !/(^|\/)\.\.?(\/|$)/.test(to) ? to : null;
}

/** True if it is certain to be a number here: a guard stands before, and nothing after that gives it another value. */
export function isNumberAt(name: string, pos: number, { numbers, given }: Facts): boolean {
  return numbers.some(
    (one) =>
      one.name === name &&
      one.from <= pos &&
      pos <= one.to &&
      (given.get(name) ?? []).every((by) => by.fun === one.fun && (by.end <= one.from || by.pos > one.to)),
  );
}

/** True if it was given a value whenever control comes here. */
export const isSetAt = (name: string, pos: number, { given, needsSet }: Facts): boolean =>
  needsSet || (given.get(name) ?? []).some((by) => by.end <= pos && pos <= by.until);

/** True if what is written here comes out otherwise on each turn of a loop: it reads a variable that is given a value in there. */
export const turnsWith = (
  words: readonly Word[],
  loop: { pos: number; end: number },
  { given }: Facts,
): boolean =>
  words
    .flatMap((word) => word.parts)
    .some(
      (part) =>
        (part.is === 'value' || part.is === 'list') &&
        (/^[@1-9]$/.test(part.name) ||
          (given.get(part.name) ?? []).some(
            ({ pos, by }) => loop.pos <= pos && pos < loop.end && by.is !== 'number',
          )),
    );
