// The redactor against its corpus and against what systems do to each other's messages: figures are printed, and the
// promises of docs/security hold for any cut of a stream and any mixture of the lines.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, type Redaction } from '#core/redact/redact';
import { createRedactionStream } from '#core/redact/stream';
import { type Labelled, redactionCorpus } from '../scripts/make-redaction-corpus.ts';

const options = { key: 'incident-1', knownSecrets: ['zebra-crossing-9'] };
const redact = createRedactor(options);
// Lines written by hand to look like secrets and people without being any.
const lookalikes = readFileSync(new URL('./corpora/redaction/operations.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((text, index): Labelled => ({ id: `alike-${index + 1}`, text, secrets: [], pii: [], clean: true }));
const corpus = [...redactionCorpus(), ...lookalikes];
const hidden = corpus.filter((line) => !line.clean);
const valuesOf = (line: Labelled) => [...line.secrets, ...line.pii.map((item) => item.value)];

/** Everything the redactor says it kept is there, in order, and the found ranges are ordered and inside the text. */
function consistent(text: string, { text: out, found }: Redaction): boolean {
  let at = 0;
  let place = 0;
  for (const { start, end } of [...found, { start: text.length, end: text.length + 1 }]) {
    const kept = text.slice(at, start);
    const index = out.indexOf(kept, place);
    if (start < at || end <= start || index < 0) return false;
    place = index + kept.length;
    at = end;
  }
  return true;
}

async function streamed(bytes: Uint8Array, cuts: readonly number[]): Promise<string> {
  const stream = createRedactionStream(options);
  const writer = stream.writable.getWriter();
  const writing = (async () => {
    let at = 0;
    for (const cut of [...cuts, bytes.length]) {
      await writer.write(bytes.subarray(at, cut));
      at = cut;
    }
    await writer.close();
  })();
  let out = '';
  for await (const chunk of stream.readable) out += chunk;
  await writing;
  return out;
}

describe('the labelled corpus', () => {
  test('secrets and personal data go, operations text stays', () => {
    const missed = { secret: [] as string[], pii: [] as string[] };
    const altered: string[] = [];
    const count = { secret: 0, pii: 0, clean: 0 };
    for (const line of corpus) {
      const { text } = redact(line.text);
      for (const secret of line.secrets) {
        count.secret += 1;
        if (text.includes(secret)) missed.secret.push(line.text);
      }
      for (const { value } of line.pii) {
        count.pii += 1;
        if (text === line.text || text.includes(value)) missed.pii.push(line.text);
      }
      if (!line.clean) continue;
      count.clean += 1;
      if (text !== line.text) altered.push(`${line.text}\n  => ${text}`);
    }
    const share = (part: number, all: number) => `${((100 * part) / all).toFixed(2)} %`;
    console.log(
      `redaction over ${corpus.length} lines: secrets found ${share(count.secret - missed.secret.length, count.secret)} of ${count.secret}, ` +
        `personal data found ${share(count.pii - missed.pii.length, count.pii)} of ${count.pii}, ` +
        `clean lines altered ${share(altered.length, count.clean)} of ${count.clean}`,
    );

    expect(corpus.length).toBeGreaterThanOrEqual(1000);
    expect(count.clean / corpus.length).toBeGreaterThanOrEqual(0.5);
    expect(missed.secret.length / count.secret, missed.secret.join('\n')).toBeLessThanOrEqual(0.01);
    expect(missed.pii.length / count.pii, missed.pii.join('\n')).toBeLessThanOrEqual(0.03);
    expect(altered.length / count.clean, altered.join('\n')).toBeLessThanOrEqual(0.005);
  });

  test('a second redaction changes nothing, and every range is true', () => {
    for (const line of corpus) {
      const once = redact(line.text);
      expect(redact(once.text).text).toBe(once.text);
      expect(consistent(line.text, once), line.text).toBe(true);
    }
  });
});

const base64 = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64');
const WRAPPERS: [name: string, wrap: (text: string) => string, unwrap: (text: string) => string][] = [
  ['JSON', (text) => JSON.stringify({ m: text }), (out) => JSON.parse(out).m],
  [
    'JSON in JSON',
    (text) => JSON.stringify({ m: JSON.stringify({ n: text }) }),
    (out) => JSON.parse(JSON.parse(out).m).n,
  ],
  ['a URL', (text) => `GET /x?m=${encodeURIComponent(text)}`, decodeURIComponent],
  [
    'a URL in a URL',
    (text) => encodeURIComponent(encodeURIComponent(text)),
    (out) => decodeURIComponent(decodeURIComponent(out)),
  ],
  ['HTML', (text) => text.replace(/["'&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`), (out) => out],
  [
    'full-width letters',
    (text) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
    (out) => out.normalize('NFKC'),
  ],
  [
    'invisible characters',
    (text) => text.replace(/.{3}/g, '$&\u200b'),
    (out) => out.replaceAll('\u200b', ''),
  ],
  ['terminal colours', (text) => text.replace(/.{5}/g, '$&\x1b[0m'), (out) => out.replaceAll('\x1b[0m', '')],
];
const ENCODED: [name: string, wrap: (text: string) => string][] = [
  ['base64', (text) => `data ${base64(text)} end`],
  ['base64 for URLs', (text) => `/t/${Buffer.from(text).toString('base64url')}`],
  ['base64 in JSON', (text) => JSON.stringify({ m: base64(text) })],
  ['JSON in base64', (text) => base64(JSON.stringify({ m: text }))],
  ['base64 in folded lines', (text) => base64(text.padEnd(300, ' .')).replace(/.{76}/g, '$&\n')],
  ['UTF-16 in base64', (text) => base64(text, 'utf16le')],
];

describe('wrapped by another system', () => {
  test.each(WRAPPERS)('nothing survives %s', (_, wrap, unwrap) => {
    for (const line of hidden) {
      const out = unwrap(redact(wrap(line.text)).text);
      for (const value of valuesOf(line)) expect(out).not.toContain(value);
    }
  });

  test.each(ENCODED)('nothing survives %s', (_, wrap) => {
    for (const line of hidden) {
      const out = redact(wrap(line.text)).text;
      const decoded = (out.match(/[\w+/=-]{8,}/g) ?? []).map((run) => Buffer.from(run, 'base64'));
      const readings = decoded.flatMap((bytes) => [bytes.toString('utf8'), bytes.toString('utf16le')]);
      for (const value of valuesOf(line)) {
        for (const reading of [out, ...readings]) expect(reading).not.toContain(value);
      }
    }
  });
});

const pieces = corpus.map((line) => line.text);
const cut = fc
  .tuple(fc.constantFrom(...pieces), fc.nat(200), fc.nat(200))
  .map(([text, from, length]) => text.slice(from, from + length));
const glue = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\r\n',
  ',',
  ';',
  '"',
  "'",
  '\\',
  '\\n',
  '\\"',
  '%20',
  '=',
  ':',
  '@',
  '/',
  '[',
  ']',
  '-',
  '_',
  '.',
  '\u200b',
  '\x1b[0m',
  'é',
  '🚀',
  '[EMAIL_1]',
  '[REDACTED:password]',
  '-----BEGIN RSA PRIVATE KEY-----',
  '-----END RSA PRIVATE KEY-----',
  'password',
  'a',
  '1',
  '{',
  '<',
  'A'.repeat(60),
  'zebra-crossing-9',
);
const mixture = fc
  .array(fc.oneof(fc.constantFrom(...pieces), cut, glue, fc.string({ maxLength: 8 })), { maxLength: 14 })
  .map((parts) => parts.join('').toWellFormed());

describe('any mixture of such lines', () => {
  test('settles at once, and says truly what it found', () => {
    fc.assert(
      fc.property(mixture, (text) => {
        const once = redact(text);
        expect(redact(once.text).text).toBe(once.text);
        expect(consistent(text, once)).toBe(true);
        expect(once.text).not.toContain('zebra-crossing-9');
      }),
      { numRuns: 300 },
    );
  });

  test('comes out of a stream the same, wherever the bytes were cut', async () => {
    await fc.assert(
      fc.asyncProperty(mixture, fc.array(fc.nat(4000), { maxLength: 8 }), async (text, places) => {
        const bytes = Buffer.from(text);
        const cuts = places.filter((place) => place < bytes.length).sort((a, b) => a - b);
        expect(await streamed(bytes, cuts)).toBe(redact(text).text);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a stream', () => {
  test('splits no secret, whichever byte the chunk ends at', async () => {
    const keys = hidden.filter((line) => line.text.includes('PRIVATE KEY')).slice(0, 2);
    const lines = [...keys, ...hidden.filter((_, index) => index % 60 === 0)];
    const text = lines.map((line) => `Füller ${line.text}\n`).join('');
    const bytes = Buffer.from(text);
    const whole = redact(text).text;
    for (const line of lines) for (const value of valuesOf(line)) expect(whole).not.toContain(value);
    for (let at = 1; at < bytes.length; at += 1 + (at % 7)) expect(await streamed(bytes, [at])).toBe(whole);
  });

  test('finds what lies across the windows of one endless line', async () => {
    const secret = hidden.find((line) => line.id.startsWith('token'));
    const value = secret?.secrets[0] ?? 'none';
    for (const before of [24_500, 24_576, 32_700, 32_768, 57_000]) {
      for (const fill of ['word ', '{"id":"x"},', 'x']) {
        const text = `${fill.repeat(before / fill.length)} ${value} ${fill.repeat(40_000 / fill.length)}`;
        const out = await streamed(Buffer.from(text), [10_000, 40_000]);
        expect(out).not.toContain(value);
        expect(out).toBe(redact(text).text);
        expect(out).toContain('[REDACTED:');
      }
    }
  });
});
