// How fast the redactor is, beside a peer over the same text in the same run, what hostile text costs it, and how much
// memory a stream of 100 MB takes. Ends with 1 when a budget is broken.
//   node test/bench/redact.ts            (peer: npm i --no-save @secretlint/core @secretlint/secretlint-rule-preset-recommend)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createRedactor } from '#core/redact/redact';
import { redactionCorpus } from '../../scripts/make-redaction-corpus.ts';

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

type Peer = (text: string) => unknown;

/** secretlint's recommended rules, in memory, when somebody installed it; it is no dependency of Vigil. */
async function secretlint(): Promise<Peer | null> {
  const load = (name: string): Promise<Record<string, unknown> | null> => import(name).catch(() => null);
  const core = await load('@secretlint/core');
  const preset = await load('@secretlint/secretlint-rule-preset-recommend');
  const lint = core?.['lintSource'];
  if (typeof lint !== 'function' || !preset) return null;
  const id = '@secretlint/secretlint-rule-preset-recommend';
  const config = { rules: [{ id, rule: preset['creator'], options: {} }] };
  return (content) =>
    lint({
      source: { content, filePath: 'note.txt', ext: '.txt', contentType: 'text' },
      options: { config, noPhysicFilePath: true },
    });
}

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

async function throughput(): Promise<void> {
  const redact = createRedactor(options);
  const peer = await secretlint();
  for (const [name, text] of [
    ['operations text', logs],
    ['the whole corpus', mixed],
  ] as const) {
    const large = `${text}\n`.repeat(Math.ceil((2 * MB) / text.length));
    const show = (who: string, ms: number) =>
      console.log(`  ${who.padEnd(22)} ${(large.length / MB / (ms / 1000)).toFixed(1).padStart(7)} MB/s`);
    console.log(`${name}, ${(large.length / MB).toFixed(1)} MB, processor time`);
    show('vigil', await cost(() => redact(large)));
    if (peer) show('secretlint (finds only)', await cost(() => peer(large)));
    else console.log('  secretlint             not installed');
    show('five plain patterns', await cost(() => plain(large)));
  }
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

async function hostile(): Promise<boolean> {
  const redact = createRedactor(options);
  let worst = { ms: 0, seed: '' };
  for (const seed of HOSTILE) {
    const text = seed.repeat(Math.ceil(65_536 / seed.length));
    const ms = await cost(() => redact(text));
    if (ms > worst.ms) worst = { ms, seed };
  }
  console.log(
    `64 kB of hostile text, worst of ${HOSTILE.length}: ${worst.ms.toFixed(0)} ms (${JSON.stringify(worst.seed)}), budget ${MAX_HOSTILE_MS} ms`,
  );
  return worst.ms <= MAX_HOSTILE_MS;
}

/** Pipes the corpus, over and over, through a process that redacts what it reads. */
async function memory(): Promise<boolean> {
  const started = performance.now();
  const script = fileURLToPath(new URL('./redact-stream.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const text = Buffer.from(`${mixed}\n`);
  const copies = Math.ceil(STREAM_BYTES / text.length);
  const writing = pipeline(Readable.from(Array.from({ length: copies }, () => text)), child.stdin);
  const [answer] = await Promise.all([buffer(child.stdout), writing, once(child, 'exit')]);
  if (child.exitCode !== 0) throw new Error(`the streaming process ended with ${child.exitCode}`);
  const { megabytes }: { megabytes: number } = JSON.parse(answer.toString());
  const seconds = (performance.now() - started) / 1000;
  const size = (copies * text.length) / MB;
  console.log(
    `stream of ${size.toFixed(0)} MB: at most ${megabytes.toFixed(0)} MB resident, budget ${MAX_RSS_MB} MB; ${seconds.toFixed(1)} s`,
  );
  return megabytes <= MAX_RSS_MB;
}

await throughput();
const kept = [await hostile(), await memory()];
if (kept.includes(false)) process.exitCode = 1;
