// How fast the redactor is, beside peers over the same text in the same run (secretlint's recommended rules, which only
// find, and a handful of plain patterns), what hostile text costs it, and how much memory a stream of 100 MB takes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { createRedactor } from '#core/redact/redact';
import { redactionCorpus } from '../../scripts/make-redaction-corpus.ts';
import { type Bench, type Row, spread } from './table.ts';

const MB = 1e6;
const STREAM_BYTES = 100 * MB;
/** Budgets: resident memory of the streaming process, and processor time for 64 kB of anything. */
const MAX_RSS_MB = 150;
const MAX_HOSTILE_MS = 100;

const corpus = redactionCorpus();
const logs = corpus
  .filter((line) => line.clean)
  .map((line) => line.text)
  .join('\n');
const mixed = corpus.map((line) => line.text).join('\n');
const options = { key: 'bench' };

/** What small redaction packages do: one pass of a few plain patterns. The floor, not an equal. */
const PLAIN: readonly [RegExp, string][] = [
  [/[\w.+-]+@[\w-]+\.[\w.]+/g, '[EMAIL]'],
  [/\b(?:\d[ -]?){13,16}\b/g, '[CARD]'],
  [/\b\d{3}-\d{2}-\d{4}\b/g, '[SSN]'],
  [/\(?\b\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b/g, '[PHONE]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '[IP]'],
];
const plain = (text: string) => PLAIN.reduce((out, [pattern, put]) => out.replace(pattern, put), text);

/** secretlint's recommended rules, in memory: they find, and leave the cutting to whoever calls. */
const rules = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} }];
const secretlint = (content: string) =>
  lintSource({
    source: { content, filePath: 'note.txt', ext: '.txt', contentType: 'text' },
    options: { config: { rules }, noPhysicFilePath: true },
  });

/** Processor milliseconds of a call, so that a busy machine does not count; the best of three. */
async function cost(run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const row = (subject: string, who: string, measure: string, value: number, unit: string): Row => ({
  ...{ subject, who, measure, value, unit, budget: null },
});

async function throughput(): Promise<Row[]> {
  const redact = createRedactor(options);
  const rows: Row[] = [];
  for (const [name, text] of [
    ['operations text', logs],
    ['the whole corpus', mixed],
  ] as const) {
    const large = `${text}\n`.repeat(Math.ceil((2 * MB) / text.length));
    for (const [who, run] of [
      ['vigil', redact],
      ['secretlint', secretlint],
      ['five patterns', plain],
    ] as const)
      rows.push(
        row(name, who, 'throughput', large.length / MB / ((await cost(() => run(large))) / 1000), 'MB/s'),
      );
  }
  return rows;
}

/** Pieces of about a kilobyte, as messages and log excerpts are. */
async function latency(): Promise<Row[]> {
  const redact = createRedactor(options);
  const pieces = Array.from({ length: Math.floor(mixed.length / 1000) }, (_, at) =>
    mixed.slice(at * 1000, at * 1000 + 1000),
  );
  const rows: Row[] = [];
  for (const [who, run] of [
    ['vigil', redact],
    ['secretlint', secretlint],
    ['five patterns', plain],
  ] as const) {
    for (const piece of pieces) await run(piece);
    const times: number[] = [];
    for (const piece of [...pieces, ...pieces, ...pieces]) {
      const started = performance.now();
      await run(piece);
      times.push(performance.now() - started);
    }
    rows.push(...spread('1 kB of mixed text', who, times));
  }
  return rows;
}

const HOSTILE = [
  'a',
  '1',
  '\\',
  '%25',
  'a@',
  'a@b.',
  '1-',
  '+1 ',
  '=',
  'password=',
  'token is ',
  'key: ',
  '://a:',
  'eyJ',
  'AKIA',
  'sk-',
  'YWJj',
  'ａ',
  '\u200b',
  '\x1b[',
  '-----BEGIN RSA PRIVATE KEY-----\n',
  'Private-Lines: 9\n',
  '[',
  '[EMAIL_1]',
  'user=',
  'curl -u ',
  'cookie: a=b; ',
  '4111 ',
  '2001:',
  '$2b$12$',
  '&quot;',
  '\n',
];

async function hostile(): Promise<Row> {
  const redact = createRedactor(options);
  let worst = { ms: 0, seed: '' };
  for (const seed of HOSTILE) {
    const text = seed.repeat(Math.ceil(65_536 / seed.length));
    const ms = await cost(() => redact(text));
    if (ms > worst.ms) worst = { ms, seed };
  }
  const subject = `64 kB of hostile text (${JSON.stringify(worst.seed)})`;
  return { ...row(subject, 'vigil', 'worst', worst.ms, 'ms'), budget: MAX_HOSTILE_MS };
}

/** Pipes the corpus, over and over, through a process that redacts what it reads. */
async function memory(): Promise<Row[]> {
  const started = performance.now();
  const script = fileURLToPath(new URL('./redact-stream.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const text = Buffer.from(`${mixed}\n`);
  const copies = Math.ceil(STREAM_BYTES / text.length);
  const writing = pipeline(Readable.from(Array.from({ length: copies }, () => text)), child.stdin);
  const [answer] = await Promise.all([buffer(child.stdout), writing, once(child, 'exit')]);
  if (child.exitCode !== 0) throw new Error(`the streaming process ended with ${child.exitCode}`);
  const { megabytes }: { megabytes: number } = JSON.parse(answer.toString());
  const subject = `a stream of ${((copies * text.length) / MB).toFixed(0)} MB`;
  return [
    { ...row(subject, 'vigil', 'resident memory', megabytes, 'MB'), budget: MAX_RSS_MB },
    row(subject, 'vigil', 'time', (performance.now() - started) / 1000, 's'),
  ];
}

export const bench: Bench = async () => [
  ...(await latency()),
  ...(await throughput()),
  await hostile(),
  ...(await memory()),
];
