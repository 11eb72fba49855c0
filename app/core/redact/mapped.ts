// A reading of a text (decoded, normalised) that knows which part of the source each of its characters stands for.
// It must never claim less of the source than a character really covers: ranges grow, never shrink.

/** `text` is how the source range [start, end) reads. */
export type Piece = { text: string; start: number; end: number };

/** A reading, and its pieces in order; `at` is where each begins in `text`. Pieces of equal length map one to one. */
export type Mapped = { text: string; pieces: readonly (Piece & { at: number })[] };

/**
 * The given lines ([start, end) ranges) of a source, in which each change reads as its text and everything else as
 * itself. Changes are sorted and disjoint.
 */
export function rewrite(
  source: string,
  changes: readonly Piece[],
  lines: readonly [number, number][],
): Mapped {
  const pieces: (Piece & { at: number })[] = [];
  let text = '';
  let next = 0;
  const add = (piece: Piece) => {
    if (piece.text === '') return;
    pieces.push({ ...piece, at: text.length });
    text += piece.text;
  };
  for (const [start, end] of lines) {
    let position = start;
    for (let change = changes[next]; change && change.start < end; change = changes[next]) {
      next += 1;
      if (change.start > position) add(itself(source, position, change.start));
      add(change);
      position = change.end;
    }
    if (end > position) add(itself(source, position, end));
  }
  return { text, pieces };
}

function itself(source: string, start: number, end: number): Piece {
  return { text: source.slice(start, end), start, end };
}

/** The source range of a non-empty range in the reading. */
export function sourceRange(view: Mapped, start: number, end: number): { start: number; end: number } {
  const first = pieceAt(view, start);
  const last = pieceAt(view, end - 1);
  return {
    start: first.text.length === first.end - first.start ? first.start + start - first.at : first.start,
    end: last.text.length === last.end - last.start ? last.start + end - last.at : last.end,
  };
}

function pieceAt({ pieces }: Mapped, offset: number): Piece & { at: number } {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  if (!piece) throw new RangeError('an empty reading has no ranges');
  return piece;
}

/** The [start, end) of every line in which the pattern (global) matches, line ends included. */
export function linesWith(text: string, pattern: RegExp): [number, number][] {
  const lines: [number, number][] = [];
  pattern.lastIndex = 0;
  for (let hit = pattern.exec(text); hit; hit = pattern.exec(text)) {
    const newline = text.indexOf('\n', hit.index);
    const end = newline < 0 ? text.length : newline + 1;
    lines.push([hit.index === 0 ? 0 : text.lastIndexOf('\n', hit.index - 1) + 1, end]);
    pattern.lastIndex = end;
  }
  return lines;
}
