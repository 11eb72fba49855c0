// Bank and identity numbers with a check: IBAN (ISO 13616, mod 97), US SSN, Brazilian CPF, UK national insurance.

import { hits } from './matching.ts';
import type { Span } from './span.ts';

// Lengths of the IBAN registry, https://www.swift.com/standards/data-standards/iban-international-bank-account-number
const LENGTHS =
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30';
const IBAN_LENGTH = new Map(
  Array.from(LENGTHS.matchAll(/([A-Z]{2})(\d\d)/g), (row) => [row[1] ?? '', Number(row[2])]),
);
const IBAN =
  /[A-Z]{2}\d{2}(?<![A-Za-z0-9].{4})(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/gi;
const SSN = /(\d(?<![\w.-]\d)\d{2})([- ]?)(\d{2})\2(\d{4})(?![\w-]|\.\d)/g;
const SSN_WORD =
  /(?:ssn|social[ _-]?sec\w*|tax[ _-]?id|itin|tin)\w{0,8}["']?[ \t]*(?:number|no\.?|nr\.?|is)?[ \t]*[:=#]?[ \t"']*$/i;
const CPF = /\d(?<![\w.-]\d)\d{2}\.\d{3}\.\d{3}-\d{2}(?![\w-])/g;
const NINO =
  /(?<![A-Za-z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])/g;

export function ibans(text: string, report: (span: Span) => void): void {
  for (const hit of hits(IBAN, text)) {
    // A word may follow with a space between: the country says where the number ends.
    const length = IBAN_LENGTH.get(hit[0].slice(0, 2).toUpperCase());
    if (length === undefined) continue;
    let end = 0;
    for (let taken = 0; end < hit[0].length && taken < length; end += 1) {
      if (!/[ -]/.test(hit[0][end] ?? '')) taken += 1;
    }
    const value = hit[0].slice(0, end).replace(/[ -]/g, '').toUpperCase();
    if (value.length !== length || /[A-Za-z0-9]/.test(hit[0][end] ?? '') || !mod97(value)) continue;
    report({ kind: 'iban', start: hit.index, end: hit.index + end, value });
  }
}

/** ISO 7064 MOD 97-10 over the rearranged number, in steps that fit a double. */
function mod97(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

export function identityNumbers(text: string, report: (span: Span) => void): void {
  for (const hit of hits(SSN, text)) {
    const [whole, area = '', separator, group, serial] = hit;
    if (area === '000' || area === '666' || group === '00' || serial === '0000') continue;
    const named = SSN_WORD.test(text.slice(Math.max(0, hit.index - 40), hit.index));
    // 9xx areas are taxpayer numbers, issued only in some groups; without dashes only the name is evidence.
    if (area.startsWith('9') && !named) continue;
    if (separator !== '-' && !named) continue;
    report({ kind: 'ssn', start: hit.index, end: hit.index + whole.length, value: whole.replace(/\D/g, '') });
  }
  for (const hit of hits(CPF, text)) {
    const digits = hit[0].replace(/\D/g, '');
    if (cpf(digits)) report({ kind: 'cpf', start: hit.index, end: hit.index + hit[0].length, value: digits });
  }
  for (const hit of hits(NINO, text)) {
    const value = hit[0].replaceAll(' ', '');
    report({ kind: 'nino', start: hit.index, end: hit.index + hit[0].length, value });
  }
}

function cpf(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false;
  return [9, 10].every((length) => {
    let sum = 0;
    for (let index = 0; index < length; index += 1) sum += Number(digits[index]) * (length + 1 - index);
    return ((sum * 10) % 11) % 10 === Number(digits[length]);
  });
}
