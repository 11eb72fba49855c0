// Runs the detectors over every reading of a text and brings what they find back to the text itself.
import { wrapped } from './base64.ts';
import { type Mapped, sourceRange } from './mapped.ts';
import { placeholderPattern } from './placeholder.ts';
import { type Detector, merge, type Span } from './span.ts';
import { asSeen, unescaped } from './views.ts';

// JSON in JSON in a URL is common, a fifth layer is not; the bound keeps hostile nesting cheap.
const LAYERS = 4;

/**
 * Everything found in a text, in any reading: sorted, disjoint, placeholders left out. When a detector fails, nobody
 * knows what the text holds: the finding is all of it.
 */
export function detect(text: string, detectors: readonly Detector[]): Span[] {
  const spans: Span[] = [];
  try {
    readings(masked(text), LAYERS, true, detectors, (span) => spans.push(span));
  } catch {
    return [{ kind: 'withheld', start: 0, end: text.length }];
  }
  return spans.length === 0
    ? spans
    : outsidePlaceholders(
        text,
        merge(spans).map((span) => beforeQuote(text, span)),
      );
}

function readings(
  text: string,
  layers: number,
  fold: boolean,
  detectors: readonly Detector[],
  report: (span: Span) => void,
): void {
  for (const detector of detectors) detector(text, report);
  if (layers === 0) return;
  for (const inner of wrapped(text)) {
    const spans: Span[] = [];
    readings(inner.text, layers - 1, true, detectors, (span) => spans.push(span));
    if (spans.length > 0) report({ ...nameOf(inner.text, spans), start: inner.start, end: inner.end });
  }
  const through = (view: Mapped, foldAgain: boolean) =>
    readings(view.text, layers - 1, foldAgain, detectors, (span) =>
      report({ ...span, ...sourceRange(view, span.start, span.end) }),
    );
  const seen = fold ? asSeen(text) : null;
  if (seen) through(seen, false);
  const plain = unescaped(text);
  // Escapes may have hidden characters that fold.
  if (plain) through(plain, true);
}

/** Placeholders blanked out at equal length, so that no detector reads the words in them. */
function masked(text: string): string {
  return text.includes('[') ? text.replace(placeholderPattern(), (hit) => '\x01'.repeat(hit.length)) : text;
}

/** What base64 holds names it, when that is one thing and nothing else. */
function nameOf(text: string, spans: readonly Span[]): Span {
  const [only, ...others] = merge(spans);
  const everything = only && others.length === 0 && only.end - only.start >= text.trim().length;
  return everything ? only : { kind: 'encoded', start: 0, end: 0 };
}

/** Backslashes at the end belong to the escaped quote after them: without them the text around would break. */
function beforeQuote(text: string, span: Span): Span {
  let { end } = span;
  let after = end;
  while (text[after] === '\\') after += 1;
  if (/["'`]/.test(text[after] ?? '')) while (end > span.start + 1 && text[end - 1] === '\\') end -= 1;
  return end === span.end ? span : { ...span, end };
}

/** Ranges cut back to what is not yet a placeholder; those that hold nothing else are done already. */
function outsidePlaceholders(text: string, spans: readonly Span[]): Span[] {
  const done = text.includes('[') ? [...text.matchAll(placeholderPattern())] : [];
  if (done.length === 0) return [...spans];
  const out: Span[] = [];
  for (const span of spans) {
    let { start, end } = span;
    for (const hit of done) {
      const stop = hit.index + hit[0].length;
      if (hit.index < start && start < stop) start = stop;
      if (hit.index < end && end < stop) end = hit.index;
    }
    const rest = text.slice(start, end).replace(placeholderPattern(), '');
    if (start < end && /[\p{L}\p{N}]/u.test(rest)) out.push({ ...span, start, end });
  }
  return out;
}
