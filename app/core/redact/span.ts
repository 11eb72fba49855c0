// What a detector reports, and how reports become ranges that do not overlap. Every range that was reported is
// covered by the result; nothing is dropped because something else was found first.

/**
 * `start` and `end` are offsets into the text the detector saw. `value` is set for personal data: its canonical
 * form, from which the placeholder is made. Without it the range is a secret and is removed for good.
 */
export type Span = { kind: string; start: number; end: number; value?: string };
export type Detector = (text: string, report: (span: Span) => void) => void;

/** Sorted, disjoint ranges over the same characters. A secret names the union; else the longest one does. */
export function merge(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const out: Span[] = [];
  for (const span of sorted) {
    const last = out.at(-1);
    if (!last || span.start >= last.end) out.push(span);
    else out[out.length - 1] = united(last, span);
  }
  return out;
}

function united(a: Span, b: Span): Span {
  const end = Math.max(a.end, b.end);
  const aSecret = a.value === undefined;
  const bSecret = b.value === undefined;
  const aNames = aSecret !== bSecret ? aSecret : a.end - a.start >= b.end - b.start;
  return { ...(aNames ? a : b), start: a.start, end };
}
