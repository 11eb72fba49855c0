// The first thing that happens to text from outside: it becomes bounded, visible text.
// Nobody may act on, show or store outside text that has not passed here. This file must never interpret the text.
// This room holds rules for text and bytes of any kind; it must not know incidents, vendors or policies.
import { cut } from './cut.ts';

// Terminal control sequences (ECMA-48). Of a string sequence without an end, only the introducer is removed. So nobody
// can hide the rest of a line from us by opening one.
export const TERMINAL =
  /\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x9b[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b[\]PX^_](?:[^\x07\x1b\n]{0,2048}(?:\x07|\x1b\\))?|\x1b[ -/]{0,4}[0-~]/g;
const LINE_ENDS = /\r\n?|[\u2028\u2029\x85\v\f]/g;
// Default ignorables are Unicode's own list of what a reader cannot see: zero-width, bidi, tags, variation
// selectors, Hangul fillers, soft hyphen. Added: controls, lone surrogates, bidi marks, annotations, blank Braille.
export const INVISIBLE =
  /[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cs}\p{Bidi_Control}\ufff9-\ufffb\u2800]|(?![\n\t])\p{Cc}/gu;
const SPACES = /[\p{Zs}]/gu;

/** Removes everything that a reader cannot see or that steers a terminal. The text can only get shorter. */
export function visible(text: string): string {
  return text.replace(TERMINAL, '').replace(LINE_ENDS, '\n').replace(INVISIBLE, '').replace(SPACES, ' ');
}

/**
 * Visible, NFC text of at most `maxChars` UTF-16 units. When something was cut, a note at the end says so, inside the
 * limit. If the limit is too small for the note, the text is only cut.
 */
export function normalise(text: string, limits: { maxChars: number }): string {
  const max = Math.max(0, Math.floor(limits.maxChars));
  // A flood of invisible characters must not cost more work than the text that is kept.
  const bounded = text.slice(0, max * 4 + 4096);
  const clean = visible(bounded).normalize('NFC');
  const dropped = clean.length - max + (text.length - bounded.length);
  if (dropped <= 0) return clean;
  const note = `\n[truncated: about ${dropped} more characters]`;
  if (note.length > max) return cut(clean, max);
  return cut(clean, max - note.length) + note;
}
