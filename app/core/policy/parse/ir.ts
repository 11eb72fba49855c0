// The policy's own picture of a script: what bash will do, without how it was written. The rest of the engine sees
// only this, so that the parser behind it can be replaced.
// It must never hold a construct that the engine does not know: the reader reports those as problems instead.

/** Where something stands in the script; both count from 1. */
export type At = { line: number; column: number };

export type Word = { at: At; source: string; parts: Part[] };

export type Part =
  | { is: 'text'; text: string; quoted: boolean }
  /** A file name pattern outside quotes: the file system decides what it becomes. */
  | { is: 'glob'; text: string }
  /** A leading `~`, with its user if one is named. */
  | { is: 'home'; text: string }
  | { is: 'variable'; at: At; name: string; quoted: boolean; source: string; access: Access }
  | { is: 'output'; quoted: boolean; source: string; body: Node[] }
  | { is: 'sum'; quoted: boolean; sum: Sum }
  | { is: 'stream'; source: string; direction: 'in' | 'out'; body: Node[] };

/** How `${…}` reads its variable. */
export type Access = {
  how:
    | 'plain'
    | 'length'
    | 'items' // ${a[@]}
    | 'joined' // ${a[*]}
    | 'item' // ${a[1]}
    | 'derived' // cut, replaced, sliced, changed in case
    | 'digits' // ${x//[^0-9]/}: what is left can only be digits
    | 'default' // ${x:-word}, ${x:+word}
    | 'assign' // ${x:=word}
    | 'require'; // ${x:?word}
  /** Words expanded on the way. */
  words: Word[];
  /** Words that bash evaluates as arithmetic: subscripts and offsets. */
  sums: Sum[];
};

/** An arithmetic expression, flattened: what it reads, what it changes, which commands run inside. */
export type Sum = {
  at: At;
  source: string;
  reads: string[];
  writes: string[];
  outputs: Node[][];
  /** The value, if the whole is one plain number. */
  constant: number | null;
};

export type Redirect = {
  at: At;
  source: string;
  operator: '>' | '>>' | '<' | '<>' | '<&' | '>&' | '>|' | '&>' | '&>>' | '<<' | '<<<';
  descriptor: number | null;
  /** The file, the descriptor, or the text of a here-document or here-string. */
  target: Word;
};

export type Assign = {
  at: At;
  source: string;
  name: string;
  append: boolean;
  index: Sum | null;
  value: Word | Word[];
};

export type Command = {
  is: 'command';
  at: At;
  source: string;
  assigns: Assign[];
  /** Arguments of declare and its kin may be assignments. */
  words: (Word | Assign)[];
  redirects: Redirect[];
};

/** One comparison inside `[[ ]]`; `left` is null for one-operand tests. */
export type Check = { at: At; source: string; operator: string; left: Word | null; right: Word };

export type Node =
  | Command
  | { is: 'pipeline'; at: At; stages: Node[]; negated: boolean }
  | { is: 'chain'; first: Node; rest: { operator: '&&' | '||'; node: Node }[] }
  | { is: 'group'; at: At; body: Node[]; apart: boolean; redirects: Redirect[] }
  | { is: 'if'; branches: { test: Node[]; body: Node[] }[]; otherwise: Node[] }
  | { is: 'for'; at: At; source: string; name: string; words: Word[] | null; body: Node[] }
  | {
      is: 'count';
      at: At;
      source: string;
      start: Sum | null;
      test: Sum | null;
      step: Sum | null;
      body: Node[];
    }
  | { is: 'while'; at: At; source: string; until: boolean; test: Node[]; body: Node[] }
  | { is: 'case'; word: Word; arms: { patterns: Word[]; body: Node[] }[] }
  | { is: 'function'; at: At; source: string; name: string; body: Node }
  | { is: 'test'; at: At; source: string; checks: Check[]; joined: boolean }
  | { is: 'sum'; at: At; sum: Sum };

/** Something in the script that the reader will not translate; always a refusal. */
export type Problem = { at: At; source: string; code: string; sentence: string };

/** `plain` says that nothing beyond POSIX sh occurs, so that `sh` would do the same. */
export type Script = { body: Node[]; problems: Problem[]; commands: number; posix: boolean };
