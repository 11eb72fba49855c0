// A reading of a text (decoded, normalised) that knows which part of the source each of its characters stands for.
// It must never claim less of the source than a character really covers: ranges grow, never shrink.

/** Character i of `text` stands for the source range [from[i], to[i]). */
export type Mapped = { text: string; from: Int32Array; to: Int32Array };

/** `text` is how the source range [start, end) reads. */
export type Piece = { text: string; start: number; end: number };

/**
 * The given lines ([start, end) ranges) of a source, in which each piece reads as its text and everything else as
 * itself. Pieces are sorted and disjoint.
 */
export function rewrite(
  source: string,
  pieces: readonly Piece[],
  lines: readonly [number, number][],
): Mapped {
  const parts: Piece[] = [];
  let next = 0;
  for (const [start, end] of lines) {
    let position = start;
    for (let piece = pieces[next]; piece && piece.start < end; piece = pieces[next]) {
      next += 1;
      if (piece.start > position) parts.push(itself(source, position, piece.start));
      parts.push(piece);
      position = piece.end;
    }
    if (end > position) parts.push(itself(source, position, end));
  }
  const length = parts.reduce((sum, part) => sum + part.text.length, 0);
  const from = new Int32Array(length);
  const to = new Int32Array(length);
  let index = 0;
  for (const part of parts) {
    const same = part.text.length === part.end - part.start;
    for (let offset = 0; offset < part.text.length; offset += 1, index += 1) {
      from[index] = same ? part.start + offset : part.start;
      to[index] = same ? part.start + offset + 1 : part.end;
    }
  }
  return { text: parts.map((part) => part.text).join(''), from, to };
}

function itself(source: string, start: number, end: number): Piece {
  return { text: source.slice(start, end), start, end };
}

/** The source range of a non-empty range in the reading. */
export function sourceRange(view: Mapped, start: number, end: number): { start: number; end: number } {
  return { start: view.from[start] ?? 0, end: view.to[end - 1] ?? 0 };
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
