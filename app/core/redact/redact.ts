// The only door for text from outside: what comes out holds no secret and no personal data that code can recognise.
// It must never pass text on when something inside it failed: then the text is withheld, and says so.
// This room holds how secrets and personal data are found and cut out; it must not let a text out that it failed on.
import { assignments } from './assignments.ts';
import { cards } from './card.ts';
import { createCutter } from './cutter.ts';
import { headers } from './headers.ts';
import { ibans, identityNumbers } from './identity-numbers.ts';
import { knownValues } from './known.ts';
import { type AddressOptions, addresses } from './network.ts';
import { pairs } from './pairs.ts';
import { emails, people } from './people.ts';
import { phones } from './phone.ts';
import { personalPlaceholder, secretPlaceholder } from './placeholder.ts';
import { privateKeys } from './private-keys.ts';
import { detectorOf } from './provider.ts';
import { PLATFORMS } from './providers-platforms.ts';
import { SERVICES } from './providers-services.ts';
import { settle, type Unit, WITHHELD } from './settle.ts';
import type { Detector, Span } from './span.ts';
import { urls } from './urls.ts';

export { containsPlaceholder } from './placeholder.ts';

/** `start` and `end` are UTF-16 offsets into the input. */
export type Found = { kind: string; start: number; end: number };
export type Redaction = { text: string; found: Found[] };

/**
 * `key`: the incident's key, which keeps personal placeholders equal between all redactors of that incident.
 * `knownSecrets`: exact values that must never appear (this process's own tokens); those under 4 characters are ignored.
 */
export type RedactOptions = { key: string; knownSecrets?: readonly string[] } & AddressOptions;

/**
 * A redactor for one incident. Secrets become `[REDACTED:<kind>]`, personal data `[EMAIL_482131]`. Idempotent, linear
 * in the text. Fails closed and never throws: lines in which a detector fails, or on any other error the whole text,
 * become `[REDACTED:withheld]`.
 */
export function createRedactor(
  options: RedactOptions,
  detectors: readonly Detector[] = detectorsFor(options),
): (text: string) => Redaction {
  const put = placeholders(options.key);
  return (text) => {
    try {
      // A caller without types must not get text that nobody read.
      if (typeof text !== 'string') throw new TypeError('only text can be redacted');
      const cutter = createCutter(detectors);
      return joined([...cutter.push(text), ...cutter.end()], (unit) => settle(unit, detectors, put));
    } catch {
      return { text: WITHHELD, found: [{ kind: 'withheld', start: 0, end: String(text).length }] };
    }
  };
}

const vendorFormats = detectorOf([...PLATFORMS, ...SERVICES]);

/** The detectors, in no particular order: what overlaps is united. */
export function detectorsFor(options: RedactOptions): Detector[] {
  return [
    knownValues(options.knownSecrets ?? []),
    privateKeys,
    vendorFormats,
    assignments,
    pairs,
    headers,
    urls,
    emails,
    people,
    cards,
    ibans,
    identityNumbers,
    phones,
    addresses(options),
  ];
}

function joined(units: readonly Unit[], settled: (unit: Unit) => Unit): Redaction {
  const found: Found[] = [];
  let text = '';
  let offset = 0;
  for (const unit of units) {
    const done = settled(unit);
    for (const { kind, start, end } of done.spans)
      found.push({ kind, start: start + offset, end: end + offset });
    text += done.text;
    offset += unit.text.length;
  }
  return { text, found };
}

/** The words for a finding; numbers of personal values are remembered, since one value often fills a log. */
export function placeholders(key: string): (span: Span) => string {
  const seen = new Map<string, string>();
  return ({ kind, value }) => {
    if (value === undefined) return secretPlaceholder(kind);
    const id = `${kind}\0${value}`;
    const known = seen.get(id);
    if (known) return known;
    if (seen.size >= 4096) seen.clear();
    const fresh = personalPlaceholder(key, kind.toUpperCase(), value);
    seen.set(id, fresh);
    return fresh;
  };
}
