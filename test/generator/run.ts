// `node test/generator/run.ts --texts 1000000 --seed 1 --lanes 2 [--minutes 20] [--json]`: judges that many texts, runs the allowed ones, prints what
// they did beyond their verdicts, each made small. It must never end well when there was a violation or a run was lost.
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { whyNoSandbox } from '../support/recorder.ts';
import { type Caught, type Counts, nothing, work } from './lane.ts';
import { shrunk } from './shrink.ts';

type Told = { counts: Counts; found: { caught: Caught; small: string }[] };
/** Violations of one kind are much alike: the first few of a lane are made small. */
const mostShrunk = 5;

function lane(): void {
  let left = mostShrunk;
  work(workerData, (counts, caught) => {
    const found = caught.map((one) => ({ caught: one, small: left-- > 0 ? shrunk(one) : one.order.script }));
    parentPort?.postMessage({ counts, found } satisfies Told);
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      texts: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      lanes: { type: 'string', default: '2' },
      minutes: { type: 'string', default: '1440' },
      json: { type: 'boolean', default: false },
    },
  });
  const [texts, seed, lanes] = [Number(values.texts), Number(values.seed), Number(values.lanes)];
  const reason = whyNoSandbox();
  if (reason !== null)
    process.stderr.write(`NOTHING IS EXECUTED: bubblewrap cannot be used here (${reason}).\n`);
  const sum = nothing();
  const found: Told['found'] = [];
  const began = performance.now();
  let shown = began;
  const hear = (told: Told): void => {
    for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += told.counts[key];
    found.push(...told.found);
    if (!values.json) for (const one of told.found) process.stdout.write(`${sentence(one)}\n`);
    if (performance.now() - shown < 10_000) return;
    shown = performance.now();
    process.stderr.write(`${line(sum, found.length, began)}\n`);
  };
  const share = Math.ceil(texts / lanes);
  const from = (at: number): number => Math.min(at * share, texts);
  await Promise.all(
    Array.from({ length: lanes }, (_, at) =>
      one(
        {
          seed,
          first: from(at),
          last: from(at + 1),
          runs: reason === null,
          until: Date.now() + Number(values.minutes) * 60_000,
        },
        hear,
      ),
    ),
  );
  if (values.json) process.stdout.write(`${JSON.stringify({ seed, ...sum, violations: found })}\n`);
  else process.stdout.write(`seed ${seed}: ${line(sum, found.length, began)}\n`);
  process.exitCode = found.length > 0 || sum.lost > 0 ? 1 : 0;
}

function one(workerData: unknown, hear: (told: Told) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData });
    worker.on('message', hear);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

const line = (sum: Counts, violations: number, began: number): string =>
  `${sum.texts} texts, ${sum.allowed} allowed, ${sum.executed} executed (${sum.repeated} of the same text, ${sum.lost} lost), ` +
  `${sum.calls} programs started, ${violations} violations, ${Math.round((sum.texts / (performance.now() - began)) * 1000)} texts a second`;

function sentence({ caught, small }: Told['found'][number]): string {
  const { seed, number, order, violations } = caught;
  const what = violations
    .slice(0, 3)
    .map(({ kind, what }) => `${kind}: ${what.slice(0, 200)}`)
    .join('\n  ');
  return `--- seed ${seed}, text ${number}, programs end with ${order.code} and say ${JSON.stringify(order.answer)}\n  ${what}\n${small}`;
}

if (isMainThread) await main();
else lane();
