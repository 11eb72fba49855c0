// What every part of the parser's translation shares: where it stands in the source, and the problems met so far.
// It must never be kept after the script has been read.
import type { At, Node, Problem } from './ir.ts';

export type Reader = {
  at(pos: number): At;
  text(pos: number, end: number): string;
  problem(pos: number, end: number, code: string, sentence: string): void;
  problems: Problem[];
  /** Simple commands met so far, in every context. */
  commands: number;
  /** False once something beyond POSIX sh was met. */
  posix: boolean;
  /** Translates a nested script; set by the statement translator, which words cannot import. */
  nested(script: NestedScript | undefined, pos: number, end: number): Node[];
};

export type NestedScript = import('unbash').ParsedScript;

/** Turns offsets into line and column by one table, since a script is asked for hundreds of them. */
export function locator(source: string): (pos: number) => At {
  const starts = [0];
  for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) starts.push(i + 1);
  return (pos) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= pos) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: pos - (starts[low] ?? 0) + 1 };
  };
}
