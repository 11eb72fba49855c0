// What a swarm showed: how many sessions, how long they took, how many at once, why they failed, and what Chromium said of some.
// Must never tell a time that no session took, nor count what saw nothing as good or bad.
import { classesOf, type ErrorClass } from './swarm-errors.ts';

/** One session. Times in milliseconds from the swarm's begin; `ms` is the walk alone, without waiting for a browser. */
export type Walked = {
  readonly at: number;
  readonly ms: number;
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  readonly reason: string | null;
};
/** What both engines saw of one session: Chromium looks at the same a moment after. */
export type Witness = {
  readonly session: number;
  readonly lightpanda: Pick<Walked, 'outcome' | 'reason'>;
  readonly chromium: Pick<Walked, 'outcome' | 'reason'>;
};
export type Ended = 'done' | 'failing' | 'stopped' | 'late' | 'no login';
export type Times = {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
};
export type SwarmResult = {
  readonly engine: 'lightpanda' | 'chromium';
  readonly client: 'full' | 'lean';
  /** False: load alone. No verdict comes of it. */
  readonly proof: boolean;
  readonly asked: number;
  readonly begun: number;
  readonly passed: number;
  readonly failed: number;
  /** Sessions that say nothing of the service: no browser, or a lost one. */
  readonly blind: number;
  /** How often a browser took no more and was asked again. */
  readonly refused: number;
  readonly errors: readonly ErrorClass[];
  /** Of whole sessions, those that passed. Null: none did. */
  readonly times: Times | null;
  readonly at_once: { readonly asked: number; readonly most: number; readonly mean: number };
  readonly a_second: number;
  /** Sessions a CPU-second of browser and client together. Null: nobody can tell, as of a browser elsewhere. */
  readonly a_cpu_second: number | null;
  readonly ms: number;
  readonly witnesses: readonly Witness[];
  readonly ended: Ended;
  readonly why: string;
  /** Unix milliseconds of its begin, and each session, so that shards can be put together. */
  readonly began: number;
  readonly walked: readonly Walked[];
};
/** While it walks. `under`: so many are under way. */
export type Progress = {
  readonly asked: number;
  readonly begun: number;
  readonly under: number;
  readonly passed: number;
  readonly failed: number;
  readonly blind: number;
  readonly refused: number;
};
export type Told = Pick<
  SwarmResult,
  'engine' | 'client' | 'asked' | 'refused' | 'witnesses' | 'ended' | 'why' | 'began'
> & {
  readonly walked: readonly Walked[];
  readonly most: number;
  /** CPU seconds that all of it took. Left out: nobody can tell. */
  readonly cpu_s?: number | null;
};

/** The smallest value that at least this share of all do not exceed (nearest rank): of few, one that really was. Null: of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  // A share is no binary fraction: 0.95 of 20 is 19 and not 19.000000000000004.
  const rank = Math.ceil(Number((sorted.length * share).toFixed(9)));
  return sorted[Math.max(0, rank - 1)] ?? null;
}

function timesOf(walked: readonly Walked[]): Times | null {
  const took = walked.filter(({ outcome }) => outcome === 'pass').map(({ ms }) => Math.round(ms));
  const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((share) => percentile(took, share));
  return took.length === 0 ? null : { p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0, most: most ?? 0 };
}

/** How many were under way: the most at one moment, and on average while any was. */
export function concurrency(walked: readonly Walked[]): { most: number; mean: number } {
  const turns = walked
    .flatMap(({ at, ms }) => [
      { when: at, by: 1 },
      { when: at + ms, by: -1 },
    ])
    .toSorted((a, b) => a.when - b.when || a.by - b.by);
  let [under, most, area, busy, last] = [0, 0, 0, 0, 0];
  for (const { when, by } of turns) {
    area += under * (when - last);
    busy += under > 0 ? when - last : 0;
    last = when;
    under += by;
    most = Math.max(most, under);
  }
  return { most, mean: busy === 0 ? most : Number((area / busy).toFixed(2)) };
}

export function resultOf({ walked, most, cpu_s = null, ...told }: Told): SwarmResult {
  const count = (outcome: Walked['outcome']) => walked.filter((one) => one.outcome === outcome).length;
  const ends = Math.max(0, ...walked.map(({ at, ms }) => at + ms));
  const begins = Math.min(ends, ...walked.map(({ at }) => at));
  const ms = Math.round(ends - begins);
  const [passed, failed, blind] = [count('pass'), count('fail'), count('inconclusive')];
  return {
    ...told,
    proof: told.client === 'full',
    ...{ begun: walked.length, passed, failed, blind },
    errors: classesOf(walked.flatMap(({ reason }) => (reason === null ? [] : [reason]))),
    times: timesOf(walked),
    at_once: { asked: most, ...concurrency(walked) },
    a_second: ms === 0 ? 0 : Number(((passed + failed) / (ms / 1000)).toFixed(2)),
    a_cpu_second: cpu_s === null || cpu_s <= 0 ? null : Number(((passed + failed) / cpu_s).toFixed(2)),
    ms,
    walked,
  };
}
