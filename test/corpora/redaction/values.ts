// Generated values for the redaction corpus: nothing here was ever issued by anybody. Credentials are put together
// from parts while the program runs, so that the repository holds none that a scanner would stop.
export type Random = {
  int: (below: number) => number;
  pick: <T>(list: readonly T[]) => T;
  text: (alphabet: string, length: number) => string;
};

export const DIGITS = '0123456789';
export const HEX = '0123456789abcdef';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = LOWER.toUpperCase();
export const ALNUM = LOWER + UPPER + DIGITS;
export const URLSAFE = `${ALNUM}-_`;

/** Mulberry32: the same corpus from the same seed on every machine. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  const pick = <T>(list: readonly T[]): T => {
    const item = list[int(list.length)];
    if (item === undefined) throw new Error('pick from an empty list');
    return item;
  };
  const text = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[int(alphabet.length)] ?? '').join('');
  return { int, pick, text };
}

export function uuid(r: Random): string {
  return `${r.text(HEX, 8)}-${r.text(HEX, 4)}-4${r.text(HEX, 3)}-${r.pick(['8', '9', 'a', 'b'])}${r.text(HEX, 3)}-${r.text(HEX, 12)}`;
}

export function stamp(r: Random): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `2026-${two(1 + r.int(12))}-${two(1 + r.int(28))}T${two(r.int(24))}:${two(r.int(60))}:${two(r.int(60))}.${r.text(DIGITS, 3)}Z`;
}

export const SERVICES = [
  'payments-api',
  'checkout',
  'orders-worker',
  'search-indexer',
  'auth-gateway',
  'billing-cron',
] as const;

export function pod(r: Random): string {
  return `${r.pick(SERVICES)}-${r.text('bcdfghjklmnpqrstvwxz2456789', 10)}-${r.text('bcdfghjklmnpqrstvwxz2456789', 5)}`;
}

export function privateIp(r: Random): string {
  return r.pick([
    `10.${r.int(256)}.${r.int(256)}.${1 + r.int(254)}`,
    `172.${16 + r.int(16)}.${r.int(256)}.${1 + r.int(254)}`,
    `192.168.${r.int(256)}.${1 + r.int(254)}`,
  ]);
}

/** A password as people choose them: a word or random, with a capital, digits and a sign. */
export function password(r: Random): string {
  return r.pick([
    () =>
      `${r.pick(['Winter', 'Dragon', 'Blue', 'Coffee', 'River'])}${r.pick(['!', '#', '_', '-', ''])}${1000 + r.int(9000)}`,
    () => r.text(`${ALNUM}!#%*+-_.`, 12 + r.int(12)).replace(/[.]$/, 'x'),
    () => `${r.text(LOWER, 6)}${r.text(DIGITS, 2)}`,
    () =>
      `${r.pick(['correct', 'purple', 'quiet'])}-${r.pick(['horse', 'tiger', 'wolf'])}-${r.pick(['battery', 'window'])}-${r.int(99)}`,
    () => r.text(HEX, 32),
  ])();
}

function check(body: string, valid: (digits: string) => boolean): string {
  for (let digit = 0; digit < 10; digit += 1) if (valid(body + digit)) return body + digit;
  throw new Error('no check digit');
}

function luhn(digits: string): boolean {
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

export function card(r: Random): string {
  const [prefix, length] = r.pick([
    ['4', 16],
    ['51', 16],
    ['5425', 16],
    ['2221', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['3530', 16],
    ['36', 14],
  ] as const);
  return check(prefix + r.text(DIGITS, length - prefix.length - 1), luhn);
}

export function grouped(digits: string, separator: string): string {
  const groups = digits.length === 15 ? [4, 6, 5] : digits.length === 14 ? [4, 6, 4] : [4, 4, 4, 4];
  const ends = groups.map((_, index) => groups.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
  return ends.map((end, index) => digits.slice(end - (groups[index] ?? 0), end)).join(separator);
}

export function iban(r: Random): string {
  const [country, bban] = r.pick([
    ['DE', () => r.text(DIGITS, 18)],
    ['FR', () => r.text(DIGITS, 23)],
    ['GB', () => r.text(UPPER, 4) + r.text(DIGITS, 14)],
    ['NL', () => r.text(UPPER, 4) + r.text(DIGITS, 10)],
    ['ES', () => r.text(DIGITS, 20)],
    ['CH', () => r.text(DIGITS, 17)],
    ['PL', () => r.text(DIGITS, 24)],
  ] as const);
  const body = bban();
  const number = BigInt([...`${body}${country}00`].map((c) => Number.parseInt(c, 36)).join(''));
  return `${country}${String(98n - (number % 97n)).padStart(2, '0')}${body}`;
}

export function ssn(r: Random): string {
  const area = 1 + r.int(665);
  return `${String(area).padStart(3, '0')}-${String(1 + r.int(99)).padStart(2, '0')}-${String(1 + r.int(9999)).padStart(4, '0')}`;
}

export function nanp(r: Random): [string, string, string] {
  return [
    `${r.pick(['415', '212', '303', '646', '972'])}`,
    `${2 + r.int(8)}${r.int(10)}${2 + r.int(8)}`,
    r.text(DIGITS, 4),
  ];
}

export function publicIp(r: Random): string {
  return r.pick([
    `203.0.113.${1 + r.int(254)}`,
    `198.51.100.${1 + r.int(254)}`,
    `${r.pick([23, 46, 81, 93, 145, 188])}.${r.int(256)}.${1 + r.int(255)}.${1 + r.int(254)}`,
  ]);
}

export const FIRST = [
  'Maria',
  'John',
  'Aiko',
  'Fatima',
  'Lars',
  'Priya',
  'Chidi',
  'Elena',
  'Tom',
  'Zoë',
] as const;
export const LAST = [
  'Schneider',
  'Okafor',
  'Tanaka',
  'Garcia',
  'Lindqvist',
  'Novak',
  'Patel',
  'Dubois',
  'Reilly',
  'Haddad',
] as const;

export function email(r: Random): string {
  const [first, last] = [r.pick(FIRST).replace('ë', 'e').toLowerCase(), r.pick(LAST).toLowerCase()];
  const local = r.pick([
    `${first}.${last}`,
    `${first}${r.int(99)}`,
    `${first[0] ?? ''}${last}`,
    `${first}+alerts`,
    `${first}_${last}`,
  ]);
  return `${local}@${r.pick(['example.com', 'example.org', 'mail.example.net', 'acme-corp.example', 'uni.example.edu', 'firma.de'])}`;
}
