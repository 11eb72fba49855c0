// The plain form: the closed list of what a script may be made of and still be judged as harmless. Its meaning needs no cleverness.
// Must never hold a construct whose meaning depends on what bash does at run time: that is `strange`, and never allowed unseen.

/** Line and column count from 1. */
export type At = { line: number; column: number };
/** Where something stands. `pos` and `end` are offsets into the script. */
export type Site = { at: At; source: string };
export type Span = Site & { pos: number; end: number };

/** One argument, always exactly one, unless it is a list. */
export type Word = Span & { parts: Part[] };

/** `raw`: as it is written, without the quotes around it. `run`: parts of one pair of quotes share a number. */
type Written = { raw: string; quote: '' | "'" | '"'; run: number };
export type Part = Written &
  (
    | { is: 'text'; text: string }
    /** `$x`, `${x}`, and `${x:-literal}` with the literal as `otherwise`. */
    | { is: 'value'; name: string; otherwise: string | null; pos: number }
    /** `"${list[@]}"`, `"$@"`: as many arguments as it has items. `joined`: `$*`, one argument. */
    | { is: 'list'; name: string; joined: boolean; pos: number }
    | { is: 'output'; body: Node[]; pos: number }
    | { is: 'sum'; sum: Sum }
    /** Of the kind that a pattern may have in `case` and `[[ == ]]`, where it meets no file system. */
    | { is: 'pattern' }
    /** Not plain: what it becomes is known to bash alone. The commands in it are judged all the same, and so is what a pattern may find. */
    | { is: 'strange'; bodies: Node[][]; like: 'glob' | 'home' | null }
  );

/** Arithmetic over numbers: what it reads, what it sets, and the value where it is one plain number. */
export type Sum = Span & { reads: string[]; writes: string[]; bodies: Node[][]; constant: number | null };

export type Redirect = Span & {
  operator: '>' | '>>' | '<' | '>&' | '&>' | '<<';
  descriptor: number | null;
  /** The file, the descriptor, or the text of a quoted here-document. */
  target: Word;
  /** The word that ends the here-document. */
  ends?: string;
};

/** `value`: null where a name is only declared. */
export type Assign = Span & { name: string; value: Word | Word[] | null };

export type Test = Span &
  (
    | { is: 'one'; operator: string; right: Word }
    | { is: 'two'; operator: string; left: Word; right: Word }
    | { is: 'not' | 'group'; test: Test }
    | { is: 'logic'; operator: '&&' | '||'; tests: Test[] }
  );

export type Command = Span & { is: 'command'; sets: Assign[]; words: Word[]; redirects: Redirect[] };
export type Fun = Span & { is: 'function'; name: string; body: Node };
export type Node =
  | Command
  | Fun
  | (Span & { is: 'assign'; how: '' | 'local' | 'readonly' | 'export' | 'strange'; sets: Assign[] })
  | (Span & { is: 'pipeline'; stages: Node[]; negated: boolean })
  | (Span & { is: 'chain'; first: Node; rest: { operator: '&&' | '||'; node: Node }[] })
  | (Span & { is: 'group'; body: Node[]; apart: boolean; redirects: Redirect[] })
  | (Span & { is: 'if'; branches: { test: Node[]; body: Node[] }[]; otherwise: Node[] })
  /** `words`: null where the loop is none of the plain ones, so that its variable may be anything. */
  | (Span & { is: 'for'; name: string; words: Word[] | null; range: Range | null; body: Node[] })
  | (Span & { is: 'while'; until: boolean; test: Node[]; body: Node[] })
  | (Span & { is: 'case'; word: Word; arms: { patterns: Word[]; body: Node[] }[] })
  | (Span & { is: 'test'; test: Test })
  | (Span & { is: 'sum'; sum: Sum });

/** `{1..30}`, or `$(seq 1 30)`, in the list of a `for`. */
export type Range = { first: number; last: number; raw: string };

/** Why a script is not plain (`review`) or cannot be read at all (`refuse`). */
export type Problem = Site & { level: 'review' | 'refuse'; code: string; sentence: string };

export type Script = { body: Node[]; problems: Problem[]; commands: number; words: number };

/** The nodes directly inside one, without those in substitutions, which change nothing of this shell. */
export function inside(node: Node): Node[] {
  switch (node.is) {
    case 'pipeline':
      return node.stages;
    case 'chain':
      return [node.first, ...node.rest.map((part) => part.node)];
    case 'if':
      return [...node.branches.flatMap(({ test, body }) => [...test, ...body]), ...node.otherwise];
    case 'case':
      return node.arms.flatMap((arm) => arm.body);
    case 'while':
      return [...node.test, ...node.body];
    case 'group':
    case 'for':
      return node.body;
    case 'function':
      return [node.body];
    default:
      return [];
  }
}

/** The text of a word that is nothing but text; null if it has other parts. */
export function plainText(word: Word | undefined): string | null {
  let text = '';
  for (const part of word?.parts ?? []) {
    if (part.is !== 'text') return null;
    text += part.text;
  }
  return word === undefined ? null : text;
}
