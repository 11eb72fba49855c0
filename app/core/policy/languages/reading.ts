// Reading a small language by its grammar: a place in a text, and forms that must stand there.
// It must never pass over a character that no form accounts for: what a grammar does not generate is not plain.
import { type Issue, question } from '../engine/run.ts';

/**
 * A text and how far it is read. Every form is sticky (`/…/y`), so that it matches at that place only. `notes`: what a
 * reader has met on its way, in its own words.
 */
export type Reading = { readonly text: string; at: number; depth: number; notes: string[] };

/** Longer texts no remediation needs; they are not worth the time it takes to read them, by machine or by eye. */
const longest = 4000;
/** Deeper brackets than these no remediation needs; without a bound they use up the stack. */
const deepest = 24;

/** Thrown where a text leaves its grammar. Caught by `understood`, never by anything else. */
export class NotPlain extends Error {
  readonly issue: Issue;
  constructor(issue: Issue) {
    super(issue.sentence);
    this.issue = issue;
  }
}

export function notPlain(issue: Issue): never {
  throw new NotPlain(issue);
}

/** What a reader makes of a text, or the reason why the text is not plain. Other errors go on. */
export function understood<T>(text: string, read: (reading: Reading) => T): T | NotPlain {
  if (text.length > longest)
    return new NotPlain(question('not-plain', 'This text is longer than 4000 characters; take it apart.'));
  try {
    return read({ text, at: 0, depth: 0, notes: [] });
  } catch (error) {
    if (error instanceof NotPlain) return error;
    throw error;
  }
}

/** What matches here, which is then read; null if the form does not stand here. */
export function pass(reading: Reading, form: RegExp): string | null {
  form.lastIndex = reading.at;
  const found = form.exec(reading.text);
  if (!found) return null;
  reading.at += found[0].length;
  return found[0];
}

/** True if the form stands here. Nothing is read. */
export function sees(reading: Reading, form: RegExp): boolean {
  form.lastIndex = reading.at;
  return form.test(reading.text);
}

export const ended = (reading: Reading): boolean => reading.at >= reading.text.length;

/** Reads something that may hold itself, no deeper than a person could follow. */
export function within<T>(reading: Reading, read: () => T): T {
  if (++reading.depth > deepest)
    notPlain(question('not-plain', 'This is nested more deeply than it can be read; write it in steps.'));
  const value = read();
  reading.depth--;
  return value;
}

/** The rest of the text as a reviewer should see it: where the reading stopped. */
export function rest(reading: Reading): string {
  const text = reading.text
    .slice(reading.at, reading.at + 200)
    .trim()
    .replace(/\s+/g, ' ');
  return text === '' ? 'its end' : text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
