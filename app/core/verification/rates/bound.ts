// How much may fail: the words `<= 1 %` of a plan as a share, and a share as words for people.
// Must never guess what was meant: a number without its percent sign, or a bound that no count could prove, is refused.
// This room holds counts of requests and the arithmetic of chance; it must not know a plan, a sample or a clock.

const WORDS = /^\s*(?:<=|≤|<)\s*(\d{1,2}(?:\.\d{1,3})?)\s*%\s*$/;
// Zero cannot be shown by any number of requests, and above a half one says better what must be there.
const [LEAST, MOST] = [10, 50_000];

/** The share that may fail, between 0.0001 and 0.5. Null when the words say none. */
export function boundOf(words: string): number | null {
  const digits = WORDS.exec(words)?.[1];
  if (digits === undefined) return null;
  const thousandths = Math.round(Number(digits) * 1000); // of a percent: a whole number, so that 0.1 % is exactly that
  return thousandths >= LEAST && thousandths <= MOST ? thousandths / 100_000 : null;
}

/** `2.5 %`; two digits that say something, and never 0 % or 100 % for what is only close to it. */
export function percent(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  const hundred = share * 100;
  const round = Number(hundred.toPrecision(hundred >= 10 ? 3 : 2));
  return `${round >= 100 ? 99.9 : round} %`;
}
