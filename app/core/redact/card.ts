// Payment card numbers: issuer range, length and Luhn check, and nothing around them that says they are an id.

import { hits } from './matching.ts';
import type { Span } from './span.ts';

const NUMBER =
  /(?=\d{4})(?<![\w.-]|\d[ ,])(?:\d{13,19}|\d{4}([ .-])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g;
const CARD_WORD =
  /(?<![A-Za-z])(?:card|pan|cc|visa|master|amex|payment|credit|debit)\w{0,12}["']?[ \t]*(?:[:=#]|number|no\.?|is)?[ \t"']*$/i;
const ID_WORD =
  /(?:id|ids|uid|trace|span|parent|request|correlation|build|epoch|time|timestamp|ts|offset|seq|sequence|nonce|lsn|xid|txid|snowflake|pid|tid|bytes|size|count|total|len|length|nanos|micros|millis|version|rev|revision|cursor|key|hash|checksum)\\?["']?[ \t]*[:=#][ \t]*\\?["']?$|[#@]$/i;
const UNIT = /^ ?(?:bytes?|B|[KMG]i?B|[nuµm]?s|rows?|events?|records?|ops|packets?|requests?|ticks)\b/;

/** Issuer ranges and lengths of ISO/IEC 7812 schemes in use. */
const ISSUERS: readonly [RegExp, readonly number[]][] = [
  [/^4/, [16, 19, 13]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^(?:30[0-5]|36|38|39)/, [14, 16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-8]|6[37])/, [16, 18, 19]],
];

export function cards(text: string, report: (span: Span) => void): void {
  for (const hit of hits(NUMBER, text)) {
    const digits = hit[0].replace(/\D/g, '');
    if (!issued(digits) || !luhn(digits)) continue;
    const before = text.slice(Math.max(0, hit.index - 40), hit.index);
    const bare = digits.length === hit[0].length;
    if (bare && (ID_WORD.test(before) || UNIT.test(text.slice(hit.index + hit[0].length)))) continue;
    // Bare numbers of these lengths are nearly always ids and nanoseconds.
    if (bare && (digits.length > 16 || digits.length === 13) && !CARD_WORD.test(before)) continue;
    report({ kind: 'card', start: hit.index, end: hit.index + hit[0].length, value: digits });
  }
}

function issued(digits: string): boolean {
  return ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits));
}

/** ISO/IEC 7812-1 annex B. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
