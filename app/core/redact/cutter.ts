// Cuts running text into units that can be redacted on their own, so that a stream gives the same result as the whole
// text, however it arrives. Lines are units; lines that belong together (a private key, folded base64, a sensitive
// name whose value follows) stay together; what is longer than a window is cut where nothing was found.
import { detect } from './detect.ts';
import { joinsNext } from './joins.ts';
import { keyOpenAfter } from './private-keys.ts';
import type { Unit } from './settle.ts';
import { type Detector, merge, type Span } from './span.ts';

// Characters. The margin is longer than any single credential; the window bounds time and memory.
const BLOCK = 8_192;
export const WINDOW = 32_768;
const MARGIN = 8_192;

/** Feeds on chunks and gives units in order; `end` gives what is left. */
export type Cutter = { push: (chunk: string) => Unit[]; end: () => Unit[] };

export function createCutter(detectors: readonly Detector[]): Cutter {
  let pending = '';
  // Offsets into `pending`: where the open segment begins and where its last, unfinished line does.
  let segment = 0;
  let line = 0;
  let inKey = false;
  // What a window found beyond its cut, so that its context is not lost.
  let carried: Span[] = [];

  // A finding filled a window to its end: the run of characters it ended in is part of it, however long.
  let runOn: Span | null = null;

  const look = (text: string): Span[] => {
    const run = runOn ? (/^[A-Za-z0-9+/=_-]+/.exec(text)?.[0].length ?? 0) : 0;
    const rest = runOn && run > 0 ? [{ ...runOn, start: 0, end: run }] : [];
    runOn = null;
    return merge([...detect(text, detectors), ...carried, ...rest]);
  };
  const emit = (to: number, units: Unit[]) => {
    if (to === 0) return;
    const text = pending.slice(0, to);
    const spans = look(text);
    units.push({
      text,
      spans: spans
        .filter((span) => span.start < to)
        .map((span) => ({ ...span, end: Math.min(span.end, to) })),
    });
    carry(spans, to);
    drop(to);
  };
  const carry = (spans: readonly Span[], from: number) => {
    carried = spans
      .filter((span) => span.end > from)
      .map((span) => ({ ...span, start: Math.max(span.start - from, 0), end: span.end - from }));
  };
  const drop = (length: number) => {
    pending = pending.slice(length);
    segment = Math.max(0, segment - length);
    line = Math.max(0, line - length);
  };
  const cutWindow = (units: Unit[]) => {
    const window = pending.slice(0, WINDOW);
    const spans = look(window);
    let cut = calmPlace(window);
    const across = spans.find((span) => span.start < cut && span.end > cut);
    if (across) cut = across.start > 0 ? across.start : across.end;
    units.push({ text: window.slice(0, cut), spans: spans.filter((span) => span.end <= cut) });
    carry(spans, cut);
    drop(cut);
    if (across && cut === WINDOW) runOn = across;
  };
  const take = (final: boolean): Unit[] => {
    const units: Unit[] = [];
    const keys = inKey || pending.includes('-----BEGIN') || pending.includes('Private-Lines');
    for (;;) {
      const newline = pending.indexOf('\n', line);
      const known = newline < 0 ? pending.length : newline + 1;
      if (known - segment > WINDOW) {
        emit(segment, units);
        cutWindow(units);
        continue;
      }
      if (newline < 0) break;
      const sticky = sticks(newline, keys);
      line = newline + 1;
      if (sticky) continue;
      segment = line;
      if (segment >= BLOCK) emit(segment, units);
    }
    emit(final ? pending.length : 0, units);
    return units;
  };
  const sticks = (newline: number, keys: boolean): boolean => {
    inKey = keys && keyOpenAfter(pending.slice(line, newline), inKey);
    return inKey || joinsNext(pending, line, newline);
  };

  return {
    push(chunk) {
      pending += chunk;
      return take(false);
    },
    end: () => take(true),
  };
}

/** A place before the margin where no word is cut; in base64, between two groups. */
function calmPlace(window: string): number {
  const latest = WINDOW - MARGIN;
  for (let at = latest; at > latest - 1024; at -= 1) if (/[\s,;"'|&]/.test(window[at - 1] ?? '')) return at;
  let start = latest;
  while (start > 0 && /[A-Za-z0-9+/_-]/.test(window[start - 1] ?? '')) start -= 1;
  return latest - ((latest - start) % 4);
}
