// The words that stand where something was taken out. Secrets are gone for good, `[REDACTED:<kind>]`; personal data
// keeps its identity, `[EMAIL_482131]`. The number is an HMAC under the incident's key, so that every process that
// redacts for one incident writes the same placeholder for the same value, in any order, without sharing state,
// and nobody without the key can try values against it.
import { createHmac } from 'node:crypto';

// Tails of at most six digits: nothing worth hiding fits into something that merely looks like a placeholder.
const PLACEHOLDER = /\[(?:REDACTED:[a-z][a-z0-9-]{1,31}|[A-Z]{2,12}(?:_[A-Z]{2,12}){0,3}_\d{1,6})\]/;

/** Does the text contain anything that a redactor (ours or Skyflow's counters) put there? */
export function containsPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** A fresh global pattern for placeholders, for callers that walk through a text. */
export function placeholderPattern(): RegExp {
  return new RegExp(PLACEHOLDER.source, 'g');
}

export function secretPlaceholder(kind: string): string {
  return `[REDACTED:${kind}]`;
}

/** `label` in capitals; `value` already in its canonical form (digits only, lower case ...). */
export function personalPlaceholder(key: string, label: string, value: string): string {
  const digest = createHmac('sha256', key).update(`${label}\0${value}`).digest();
  return `[${label}_${(digest.readUIntBE(0, 6) % 999_999) + 1}]`;
}
