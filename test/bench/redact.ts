// How fast the redactor is, beside a peer over the same text in the same run, what hostile text costs it, and how much
// memory a stream of 100 MB takes. Ends with 1 when a budget is broken.
//   node test/bench/redact.ts            (peer: npm i --no-save @secretlint/core @secretlint/secretlint-rule-preset-recommend)
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { createRedactor } from '#core/redact/redact';
import { createRedactionStream } from '#core/redact/stream';
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

/**
 * Runs in a process of its own, over chunks as a file gives them, which nobody keeps. V8 may let its young generation
 * grow to 64 MB whatever is in it; a process that only streams says at its start that it need not.
 */
async function stream(): Promise<void> {
  setFlagsFromString('--semi-space-growth-factor=1');
  const text = Buffer.from(`${mixed}\n`);
  let given = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (given >= STREAM_BYTES) return controller.close();
      const at = given % text.length;
      const chunk = text.subarray(at, at + 65_536);
      given += chunk.length;
      controller.enqueue(chunk);
    },
  });
  let taken = 0;
  for await (const out of source.pipeThrough(createRedactionStream(options))) taken += out.length;
  console.log(JSON.stringify({ given, taken, rss: process.resourceUsage().maxRSS / 1000 }));
}

function memory(): boolean {
  const started = performance.now();
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'stream'], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`the streaming process failed: ${child.stderr}`);
  const { given, rss }: { given: number; rss: number } = JSON.parse(child.stdout);
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `stream of ${(given / MB).toFixed(0)} MB: at most ${rss.toFixed(0)} MB resident, budget ${MAX_RSS_MB} MB; ${seconds.toFixed(1)} s`,
  );
  return rss <= MAX_RSS_MB;
}

if (process.argv[2] === 'stream') await stream();
else {
  await throughput();
  const kept = [await hostile(), memory()];
  if (kept.includes(false)) process.exitCode = 1;
}
