// What whoever samples a plan says and hears: the clock, the time a service has, who walks a swarm, and what came of the looks.
// Must never decide anything: that is the sampler's, and the verdict's.

import { setTimeout as delay } from 'node:timers/promises';
import type { PageWords } from '#core/ledger/page-words';
import type { SwarmCheck } from '#core/verification/checks';
import type { BoundPlan, Sample } from '#core/verification/plan';
import type { CheckSecrets } from '#core/verification/secrets';
import type { Progress } from '#core/verification/swarm-result';
import type { GreenVerdict, RedVerdict } from '#core/verification/verdict';
import type { Datadog } from '../../datadog.ts';
import type { Commands } from '../../workspace/commands/workspace.ts';
import type { BrowserOptions } from '../sessions.ts';
import type { Picture } from './pictures.ts';

/** `now` in Unix milliseconds; `sleep` rejects when the signal aborts. */
export type Clock = { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };

// This clock goes on steadily, even when somebody sets the machine's clock.
export const steady: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

/**
 * The time that a service has until it is well. `began`, `earlier`: from jobs that looked before this one. `job_s`: how long this one
 * looks; without it, as long as it takes.
 */
export type Patience = {
  readonly within_s: number;
  readonly began?: number;
  readonly earlier?: readonly Sample[];
  readonly job_s?: number;
};

/** A swarm, and the load that is made as long as it walks. */
export type Walking = {
  readonly swarm: SwarmCheck;
  readonly load: SwarmCheck | null;
  readonly browser: BrowserOptions;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Hears of the sessions as they end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

export type SamplingOptions = {
  readonly plan: BoundPlan;
  readonly which: 'red' | 'green';
  /** What was seen before the run; green is compared with it. */
  readonly before?: readonly Sample[];
  /** Of green alone. Without it, what the plan says of settling. */
  readonly patience?: Patience | null;
  readonly browser: BrowserOptions;
  /** For monitors. Null or left out: this job has no keys of it. */
  readonly datadog?: Datadog | null;
  /** Where commands may run. Null or left out: this job may run none. */
  readonly commands?: Commands | { readonly none: string } | null;
  /** For checks that name secrets. Left out: this job has none. */
  readonly secrets?: CheckSecrets | undefined;
  /** What the job `measure` saw: the checks that need a key are not looked at here, and these samples count. Left out: they are. */
  readonly measured?: readonly Sample[];
  /** Looks at the checks that need a key, and at no other. */
  readonly keyed?: boolean;
  readonly onSample?: (sample: Sample) => void;
  /** Whether the words of the first page that failed and the last that passed are kept, as they were. */
  readonly keepsWords?: boolean;
  /** Whether pictures are taken of the checks that ask for one. */
  readonly keepsPictures?: boolean;
  /** Walks the plan's swarm. Left out: nobody does, and what it would show is not known. */
  readonly walk?: (walking: Walking) => Promise<Sample>;
  readonly onProgress?: Walking['onProgress'];
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
};
/** `samples`: those that decided, or those that a later job needs. `next`, `until`: in Unix milliseconds. */
export type Sampling = {
  verdict: RedVerdict | GreenVerdict | 'inconclusive' | 'improving' | 'waiting';
  reason: string;
  samples: Sample[];
  /** Not redacted. */
  pages?: PageWords[];
  /** Pixels, which cannot be redacted. */
  taken?: Picture[];
  ms: number;
  /** What got worse than it was before the run. */
  worse?: string;
  /** Not well yet: time is left, and the next look is too far away for this job. */
  goesOn?: { next: number; until: number; dropped: number };
};
