// Puts placeholders where something was found and looks again, until nothing more is found: taking one thing out can
// uncover another (a number loses the letters that glued it to a word). This is what makes redaction idempotent.
import { detect } from './detect.ts';
import { joinsNext } from './joins.ts';
import { secretPlaceholder } from './placeholder.ts';
import { type Detector, merge, type Span } from './span.ts';

export const WITHHELD = secretPlaceholder('withheld');
const ROUNDS = 6;

/** A text and what was found in it. */
export type Unit = { text: string; spans: readonly Span[] };

/** The unit with placeholders, and the final ranges. Text that does not settle in a few rounds is withheld whole. */
export function settle(unit: Unit, detectors: readonly Detector[], put: (span: Span) => string): Unit {
  if (unit.spans.length === 0) return unit;
  let spans = [...unit.spans];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { text, cuts } = replaced(unit.text, spans, put);
    const more = changedLines(text, cuts).flatMap(([start, end]) =>
      detect(text.slice(start, end), detectors).map((span) => ({
        ...span,
        start: span.start + start,
        end: span.end + start,
      })),
    );
    if (more.some((span) => span.kind === 'withheld')) break;
    if (more.length === 0) return { text, spans };
    spans = merge([...spans, ...more.map((span) => ({ ...span, ...inSource(cuts, span) }))]);
  }
  return withheld(unit);
}

/** Nothing of the unit but the word that says so. */
export function withheld(unit: Unit): Unit {
  return { text: WITHHELD, spans: [{ kind: 'withheld', start: 0, end: unit.text.length }] };
}

/** A placeholder at [at, at + length) of the result that stands for [start, end) of the source. */
type Cut = { at: number; length: number; start: number; end: number };

function replaced(source: string, spans: readonly Span[], put: (span: Span) => string) {
  const cuts: Cut[] = [];
  let text = '';
  let position = 0;
  for (const span of spans) {
    text += source.slice(position, span.start);
    const placeholder = put(span);
    cuts.push({ at: text.length, length: placeholder.length, start: span.start, end: span.end });
    text += placeholder;
    position = span.end;
  }
  return { text: text + source.slice(position), cuts };
}

/** The lines with something put in, and those that join them; nothing new can be found in any other. */
function changedLines(text: string, cuts: readonly Cut[]): [number, number][] {
  const regions: [number, number][] = [];
  for (const cut of cuts) {
    const last = regions.at(-1);
    if (last && cut.at < last[1]) continue;
    const floor = last?.[1] ?? 0;
    let start = Math.max(text.lastIndexOf('\n', cut.at - 1) + 1, floor);
    while (start > floor) {
      const previous = Math.max(text.lastIndexOf('\n', start - 2) + 1, floor);
      if (!joinsNext(text, previous, start - 1)) break;
      start = previous;
    }
    let end = lineEnd(text, cut.at + cut.length);
    for (let line = start; end < text.length && joinsNext(text, line, end - 1); ) {
      line = end;
      end = lineEnd(text, end);
    }
    regions.push([start, end]);
  }
  return regions;
}

/** Where the next line begins. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline + 1;
}

function inSource(cuts: readonly Cut[], range: { start: number; end: number }) {
  const place = (offset: number, edge: 'start' | 'end') => {
    let shift = 0;
    for (const cut of cuts) {
      const stop = cut.at + cut.length;
      if (offset < cut.at || (offset === cut.at && edge === 'end')) break;
      if (offset < stop) return cut[edge];
      shift = cut.end - stop;
      if (offset === stop) break;
    }
    return offset + shift;
  };
  return { start: place(range.start, 'start'), end: place(range.end, 'end') };
}
