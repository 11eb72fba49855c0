// Swarms beside peers: 200 sessions of a four-step journey by puppeteer-cluster and by Vigil's two clients, in turn, in one run.
// Needs a Linux, a Chromium, and LIGHTPANDA_PATH. It must never compare what was measured in different minutes.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { percentile } from '#core/verification/swarm-result';
import { installedChromium } from '../../sandbox/browser.ts';
import { cpuOf, memoryOf } from './processes.ts';
import { type Bench, median, type Row } from './table.ts';

const [SESSIONS, ROUNDS, SAMPLE_MS] = [200, 3, 200];
const SUBJECTS = {
  'cluster-chromium': 'puppeteer-cluster, headless shell, 4 contexts',
  'cluster-lightpanda': 'puppeteer-cluster, Lightpanda, 16 connections',
  vigil: 'Vigil, Lightpanda, 16 connections',
  'vigil-4': 'Vigil, Lightpanda, 4 connections',
  'vigil-lean': 'Vigil lean, Lightpanda, 16 connections (no proof)',
  'vigil-witnessed': 'Vigil, Lightpanda, 16, 5 witnesses on Chromium',
} as const;
type Who = keyof typeof SUBJECTS;
type Measured = {
  cpu: number;
  clientCpu: number;
  memory: number;
  resident: number;
  clientMemory: number;
  wall: number;
  took: number[];
};

export const bench: Bench = async () => {
  const lightpanda = process.env['LIGHTPANDA_PATH'];
  if (!lightpanda) throw new Error('LIGHTPANDA_PATH names the Lightpanda to measure');
  const chromium = await installedChromium();
  const shop = start('swarm-shop.ts', []);
  const rounds: Record<Who, Measured>[] = [];
  try {
    const url = await shop.line();
    for (let round = 0; round < ROUNDS; round += 1) {
      const measured: Partial<Record<Who, Measured>> = {};
      for (const who of Object.keys(SUBJECTS) as Who[]) {
        measured[who] = await measure(who, url, who === 'cluster-chromium' ? '' : lightpanda, chromium);
        process.stderr.write(`round ${round + 1}, ${SUBJECTS[who]}: ${said(measured[who])}\n`);
      }
      rounds.push(measured as Record<Who, Measured>);
    }
  } finally {
    await shop.end();
  }
  return [...(Object.keys(SUBJECTS) as Who[]).flatMap((who) => rowsOf(who, rounds)), ...comparisons(rounds)];
};

const said = ({ cpu, clientCpu, memory, resident, wall, took }: Measured): string =>
  `${(SESSIONS / cpu).toFixed(1)} sessions a CPU-second (client ${((clientCpu * 1000) / SESSIONS).toFixed(0)} of ${((cpu * 1000) / SESSIONS).toFixed(0)} CPU-ms), ${memory.toFixed(0)} MB (${resident.toFixed(0)} MB resident), ${wall.toFixed(1)} s, p95 ${percentile(took, 0.95)?.toFixed(0)} ms`;

async function measure(who: Who, url: string, lightpanda: string, chromium: string): Promise<Measured> {
  const client = start('swarm-client.ts', [who, url, String(SESSIONS), lightpanda, chromium]);
  const pid = client.child.pid ?? 0;
  try {
    await client.line();
    const before = cpuOf(pid);
    const begun = performance.now();
    let [memory, clientMemory, resident] = [0, 0, 0];
    const sampler = setInterval(() => {
      const now = memoryOf(pid);
      memory = Math.max(memory, now.browser);
      resident = Math.max(resident, now.resident);
      clientMemory = Math.max(clientMemory, now.client);
    }, SAMPLE_MS);
    client.child.stdin?.write('go\n');
    const { took, failed } = JSON.parse(await client.line().finally(() => clearInterval(sampler))) as {
      took: number[];
      failed: string[];
    };
    const wall = (performance.now() - begun) / 1000;
    const after = cpuOf(pid);
    if (took.length !== SESSIONS)
      throw new Error(`${who}: ${took.length} of ${SESSIONS} passed: ${failed[0]}`);
    const clientCpu = after.client - before.client;
    const cpu = clientCpu + after.browser - before.browser;
    return { cpu, clientCpu, memory, resident, clientMemory, wall, took };
  } finally {
    await client.end();
  }
}

function start(file: string, args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  if (child.stdout === null) throw new Error('no pipe');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    line: async (): Promise<string> => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} ${args[0] ?? ''} ended`);
      return value;
    },
    end: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}

function rowsOf(who: Who, rounds: readonly Record<Who, Measured>[]): Row[] {
  const middle = (of: (one: Measured) => number): number => median(rounds.map((round) => of(round[who])));
  const all = rounds.flatMap((round) => round[who].took);
  const row = (measure: string, value: number, unit: string): Row => ({
    ...{ subject: `${SESSIONS} sessions`, who: SUBJECTS[who], measure, value, unit, budget: null },
  });
  return [
    row(
      'sessions a CPU-second',
      middle(({ cpu }) => SESSIONS / cpu),
      '/s',
    ),
    row(
      'CPU a session',
      middle(({ cpu }) => (cpu * 1000) / SESSIONS),
      'ms',
    ),
    row(
      '… of it the client',
      middle(({ clientCpu }) => (clientCpu * 1000) / SESSIONS),
      'ms',
    ),
    row(
      'peak memory, browser',
      middle(({ memory }) => memory),
      'MB',
    ),
    row(
      '… resident',
      middle(({ resident }) => resident),
      'MB',
    ),
    row(
      '… client',
      middle(({ clientMemory }) => clientMemory),
      'MB',
    ),
    row(
      'wall time',
      middle(({ wall }) => wall),
      's',
    ),
    row('p50', percentile(all, 0.5) ?? 0, 'ms'),
    row('p95', percentile(all, 0.95) ?? 0, 'ms'),
  ];
}

const SHARES = {
  cpu: 'CPU, share',
  memory: 'peak memory of the browser (PSS), share',
  resident: 'peak memory of the browser (RSS), share',
} as const;

/** Shares, so that a budget is a most: of the CPU and of the memory of the other in the same round. */
function comparisons(rounds: readonly Record<Who, Measured>[]): Row[] {
  const share = (who: Who, than: Who, what: keyof typeof SHARES, budget: number | null): Row => ({
    subject: `${SUBJECTS[who]} : ${SUBJECTS[than]}`,
    who: 'median of rounds',
    measure: SHARES[what],
    value: median(rounds.map((round) => round[who][what] / round[than][what])),
    unit: 'x',
    budget,
  });
  return [
    share('vigil', 'cluster-chromium', 'cpu', 1 / 4),
    share('vigil-4', 'cluster-chromium', 'cpu', 1 / 4),
    share('vigil-4', 'cluster-chromium', 'resident', 0.15),
    share('vigil', 'cluster-chromium', 'resident', 0.15),
    // With as many sessions at once. In proportion, the shell's processes share most of their memory, and the more so the more of them
    // anybody on the machine runs. A Lightpanda with sixteen sessions is shown beside it, and has no budget.
    share('vigil-4', 'cluster-chromium', 'memory', 0.15),
    share('vigil', 'cluster-chromium', 'memory', null),
    share('vigil', 'cluster-lightpanda', 'cpu', Number((1 / 0.95).toFixed(3))),
    share('vigil-lean', 'cluster-lightpanda', 'cpu', 1 / 2),
  ];
}
