// Telephone numbers, only with evidence: an international prefix, the North American form, or a word that says so.
// Bare runs of digits are epochs, builds and ids: they stay.

import { hits } from './matching.ts';
import type { Span } from './span.ts';

// Country codes of ITU-T E.164.
const COUNTRY =
  /^(?:1|7|20|21[1-368]|22\d|23\d|24\d|25[0-8]|26[0-9]|27|290|291|297|298|299|3[0-469]|35\d|37\d|38[0-35-79]|4[013-9]|42[013]|5[1-8]|50\d|59\d|6[0-6]|67[02-9]|68\d|69[0-2]|8[1246]|80[08]|85[02356]|87[0-48]|88[0-368]|9[0-58]|96\d|97[0-79]|99[2-68])/;
const INTERNATIONAL =
  /(?<![\w+.-])(?:\+|00(?=[1-9]\d{1,2}[ -]))[ ]?[1-9]\d{0,3}(?:[ .()/-]{0,2}\d{1,12}){1,6}(?![\w%]|[.,]\d)/g;
const NANP =
  /(?<![\w+.-]|\d[ ,:])(?:1[ .-])?(?:\([2-9]\d{2}\)[ .-]?|[2-9]\d{2}([.-]))[2-9]\d{2}[ .-]\d{4}(?![\w-]|[.,:]\d)/g;
const NAMED =
  /(?:phone|mobile|cell|tel|fax|msisdn|sms|whatsapp|handy|caller|callback)(?:[ _-]?(?:number|num|no|nr))?\\?["']?[ \t]*[:=#]?[ \t]*\\?["']?(\+?[(]?\d[\d ()./-]{5,18}\d)(?!\w)/gi;
const DATE_OR_ADDRESS = /^\+?\d{4}-\d\d-\d\d|^\d+\.\d+\.\d+\.\d+$/;
const NOT_A_PHONE =
  /(?:trace|span|epoch|request_?id|build|version|timestamp|ts|offset|id)[\w.-]{0,8}["']?[ \t]*[:=#][ \t]*["']?$/i;

export function phones(text: string, report: (span: Span) => void): void {
  const add = (number: string, start: number) =>
    report({ kind: 'phone', start, end: start + number.length, value: number.replace(/\D/g, '') });
  if (text.includes('+') || text.includes('00')) {
    for (const hit of hits(INTERNATIONAL, text)) {
      const number = inPlan(hit[0]);
      const digits = number.replace(/\D/g, '').replace(/^00/, '');
      const separated = /\d[ ().-]+\d/.test(number);
      if (digits.length < (separated ? 8 : 10) || digits.length > 15 || !COUNTRY.test(digits)) continue;
      if (digits.startsWith('1') && !/^1[2-9]\d\d[2-9]\d{6}$/.test(digits)) continue;
      if (DATE_OR_ADDRESS.test(number) || vetoed(text, hit.index)) continue;
      add(number, hit.index);
    }
  }
  for (const hit of hits(NANP, text)) {
    const digits = hit[0].replace(/\D/g, '');
    const [area, exchange] = [digits.slice(-10, -7), digits.slice(-7, -4)];
    // N11 codes are services, N9X areas are reserved (https://www.nanpa.com/numbering).
    if (/^.11$/.test(area) || /^.9/.test(area) || /^.11$/.test(exchange)) continue;
    if (!vetoed(text, hit.index)) add(hit[0], hit.index);
  }
  for (const hit of hits(NAMED, text)) {
    // A word of its own, or the end of one in camel case; the number after "hotel" is a room.
    if (/[A-Za-z]/.test(text[hit.index - 1] ?? '') && !/^[A-Z][a-z]|^phone/.test(hit[0])) continue;
    const number = inPlan(hit[1] ?? '');
    const digits = number.replace(/\D/g, '').length;
    if (digits < 7 || digits > 15 || DATE_OR_ADDRESS.test(number)) continue;
    add(number, hit.index + hit[0].length - (hit[1] ?? '').length);
  }
}

/** North American numbers have eleven digits: what follows them on the line is something else. */
function inPlan(number: string): string {
  const match =
    /^(?:\+|00) ?1[ .()/-]{0,2}[2-9](?:[ .()/-]{0,2}\d){2}[ .()/-]{0,2}[2-9](?:[ .()/-]{0,2}\d){6}/.exec(
      number,
    );
  return match ? match[0] : number;
}

function vetoed(text: string, at: number): boolean {
  return NOT_A_PHONE.test(text.slice(Math.max(0, at - 32), at));
}
