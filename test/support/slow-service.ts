// A service that heals slowly, over HTTP: what share of its requests fails depends on the clock it is given. And the jobs that
// look at it: the product's own sampler, by that clock. It must never decide what a look means.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { load as parseYaml } from 'js-yaml';
import { samplePlan } from '#adapters/browser/checks/sampler';
import type { Clock } from '#adapters/browser/checks/sampling';
import { jobDue } from '#core/incident/job-due';
import { factOfLooks, seriesOf } from '#core/incident/looks';
import type { Fact } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { type BoundPlan, bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import type { Shape } from '../../scripts/recoveries.ts';

/** `timeouts.verify_seconds` of these stories. */
const JOB_S = 600;

export type MovedClock = Clock & { set(to: number): void };
/** Time passes only while somebody sleeps, or is told to. */
export function movedClock(from: number): MovedClock {
  let now = from;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    set: (to) => {
      now = Math.max(now, to);
    },
  };
}

export type SlowService = {
  url: string;
  /** From now on it behaves like this; seconds count from now. */
  becomes(shape: Shape): void;
  close(): Promise<void>;
};

/** Failures are spread evenly over its requests, so that a story is the same every time. */
export async function startSlowService(clock: Pick<Clock, 'now'>): Promise<SlowService> {
  let [shape, from, owed]: [Shape, number, number] = [() => 0, clock.now(), 0];
  const server = createServer((_, response) => {
    owed += shape((clock.now() - from) / 1000);
    const fails = owed >= 1 - 1e-9;
    if (fails) owed -= 1;
    response.writeHead(fails ? 503 : 200, { connection: 'close' }).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    becomes(next) {
      [shape, from, owed] = [next, clock.now(), 0];
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

/** The incident's own plan, of which every address is the slow service's. */
export function planAt(incident: Incident, url: string): BoundPlan {
  const proposal = latestOf(incident, 'remediation.proposed');
  const parsed = parseVerifyPlan(parseYaml(proposal?.files['verify.yml'] ?? ''));
  const names = Object.keys(proposal?.parameters ?? {}).map((name) => [name, url]);
  const bound = parsed.ok ? bind(parsed.plan, Object.fromEntries(names)) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}

/** What execute sees right before the run. */
export async function redLooks(plan: BoundPlan, clock: Clock): Promise<Sample[]> {
  const seen = await samplePlan({ plan, which: 'red', browser: {}, clock });
  if (seen.verdict !== 'red') throw new Error(`it is not red: ${seen.reason}`);
  return seen.samples;
}

/** What verify says, from the ledger and what it sees; null when its step is not due. */
export async function verifyLooks(incident: Incident, plan: BoundPlan, clock: Clock): Promise<Fact | null> {
  if (!jobDue(incident, 'verify', incident.attempt).due) return null;
  const before = latestOf(incident, 'remediation.started')?.samples ?? [];
  const series = seriesOf(incident, plan);
  const patience = series && { ...series, job_s: JOB_S };
  return factOfLooks(await samplePlan({ plan, which: 'green', before, patience, browser: {}, clock }));
}
