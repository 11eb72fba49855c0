// What the parts of the translation share: where something stands in the script, and what was found not to be plain.
// Must never be kept after the script has been read.
import type { ParsedScript } from 'unbash';
import type { At, Node, Problem, Span } from './tree.ts';

export type Place = { pos: number; end: number };
export type Reader = {
  span(place: Place): Span;
  /** Not plain: what it is, and what to write instead. */
  odd(place: Place, what: string, instead: string): void;
  /** Nobody may approve it. */
  bad(place: Place, code: string, sentence: string): void;
  problems: Problem[];
  /** Simple commands as they are written, in every context, and the words and assignments in them. */
  size: { commands: number; words: number };
  /** A script inside a substitution. */
  nested(script: ParsedScript | undefined, place: Place): Node[];
};

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

/** `inner`: the text in which offsets count, where that is not the script itself. Everything in it is told of where it stands. */
export function readerOf(source: string, nested: (script: ParsedScript, reader: Reader) => Node[]): Reader {
  const locate = locator(source);
  const problems: Problem[] = [];
  const size = { commands: 0, words: 0 };
  const within = (inner: string | null, outer: number): Reader => {
    const span = ({ pos, end }: Place): Span => {
      const from = inner === null ? pos : outer;
      return {
        at: locate(from),
        source: (inner ?? source).slice(pos, end),
        pos: from,
        end: Math.max(end, from),
      };
    };
    const tell = (place: Place, level: Problem['level'], code: string, sentence: string): void => {
      const { at, source: text } = span({ pos: place.pos, end: Math.max(place.end, place.pos + 1) });
      problems.push({ at, source: text, level, code, sentence });
    };
    const reader: Reader = {
      span,
      odd: (place, what, instead) =>
        tell(place, 'review', 'not-plain', `${what} is not plain. Write ${instead}.`),
      bad: (place, code, sentence) => tell(place, 'refuse', code, sentence),
      problems,
      size,
      nested: (script, place) => {
        if (!script) {
          reader.bad(place, 'syntax', 'This substitution cannot be read.');
          return [];
        }
        // Offsets inside escaped backticks count in a text of their own.
        return nested(script, script.source === undefined ? reader : within(script.source, span(place).pos));
      },
    };
    return reader;
  };
  return within(null, 0);
}
