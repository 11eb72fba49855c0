// What a swarm may be: one journey walked by many sessions at once, how they begin, and when they stop. The words of a plan.
// Must never let a swarm ask for more than a small runner and a service that is already ill can bear, nor take load for proof.
import * as z from 'zod';
import { rateWords } from './bursts.ts';
import { boundOf } from './rates/bound.ts';

export const SWARM = { least: 2, most: 500, at_once: 200 } as const;
/** One in so many sessions is looked at again by Chromium, beside the first and the last. */
export const WITNESS_EVERY = 50;
export const MOST_SHARDS = 8;

/** `> 20 %` as a share; null when the words say none. */
export function aboveOf(words: string): number | null {
  const [, digits] = /^\s*>\s*(.*)$/.exec(words) ?? [];
  return digits === undefined ? null : boundOf(`<= ${digits}`);
}

const whole = (least: number, most: number) => z.int().min(least).max(most);

/** Without name, kind, start and steps, which every journey has, and without shards. */
export const swarmFields = {
  sessions: whole(SWARM.least, SWARM.most),
  at_once: whole(1, SWARM.at_once).default(16),
  /** Over so many seconds the first of them begin, evenly. */
  ramp_s: z.number().min(0).max(600).default(0),
  /** After so many seconds none begins any more. What was begun may take its time. */
  begins_s: z.number().positive().max(1800).default(300),
  /** `shared`: each has the cookies of one login, which is walked once before. */
  storage: z.enum(['isolated', 'shared']).default('isolated'),
  /** How a session waits when the browser takes no more: longer each time, and then it saw nothing. */
  back_off: z
    .strictObject({
      first_ms: whole(10, 10_000).default(200),
      most_ms: whole(10, 60_000).default(5_000),
      tries: whole(0, 50).default(8),
    })
    .prefault({}),
  /** The swarm stops, and has failed, when more than so many do, of at least so many. */
  stop_when_failing: z
    .strictObject({
      share: z
        .string()
        .max(40)
        .refine((words) => aboveOf(words) !== null, 'says what is too much, as > 20 %'),
      of: whole(5, SWARM.most).default(20),
    })
    .prefault({ share: '> 20 %' }),
  /** Chromium alone needs no witness. */
  engine: z.enum(['lightpanda', 'chromium']).default('lightpanda'),
  /** `lean` only makes load: it clicks by script and hears no status, so nothing that it saw is proof. */
  client: z.enum(['full', 'lean']).default('full'),
};
/** What a check expects of its swarm. */
export const swarmExpect = z.strictObject({
  failing: rateWords({ least: 1, most: 1, at_once: 1, begins_s: 1 }).failing.unwrap().default('<= 1 %'),
  p95_ms: whole(1, 60_000).optional(),
});

const fields = z.strictObject(swarmFields);
export type SwarmFields = z.output<typeof fields>;
export type SwarmExpectation = z.output<typeof swarmExpect>;
/** How many sessions Chromium looks at again, one after the other, when all have begun. */
export const witnessesOf = ({ client, engine, sessions }: SwarmFields): number =>
  client === 'full' && engine === 'lightpanda' ? Math.ceil(sessions / WITNESS_EVERY) + 1 : 0;

type Words = SwarmFields & {
  readonly shards: number;
  readonly login?: unknown;
  readonly expect?: unknown;
  readonly steps?: readonly object[];
};

/** The steps that the lean client can take. Whatever is added to a journey is not among them by itself. */
const LEAN = ['goto', 'click', 'fill', 'select', 'press', 'expect'];

/** What is wrong with the words together, or null. `expect` makes it a check, and a check wants proof. */
export function swarmFault({
  storage,
  login,
  client,
  engine,
  expect,
  steps,
  back_off,
  shards,
  sessions,
  at_once,
}: Words): string | null {
  if ((storage === 'shared') !== (login !== undefined)) return 'shared storage and a login go together';
  if (back_off.first_ms > back_off.most_ms) return 'the first wait is longer than the longest';
  if (client === 'full') return shardFault(shards, sessions, at_once);
  if (shards > 1) return 'load is made beside a swarm, on its machine, and has no shards of its own';
  if (expect !== undefined)
    return 'the lean client only makes load, and proves nothing that could be expected';
  if (engine !== 'lightpanda') return 'the lean client speaks to Lightpanda alone';
  return leanFault(steps ?? []);
}

/** A shard that has nothing to do would never be heard of. */
function shardFault(shards: number, sessions: number, at_once: number): string | null {
  const most = Math.min(Math.floor(sessions / SWARM.least), at_once);
  return shards <= most ? null : `${sessions} sessions, ${at_once} at once, are no work for ${shards} shards`;
}

function leanFault(steps: readonly object[]): string | null {
  for (const step of steps) {
    const unknown = Object.keys(step).find((word) => !LEAN.includes(word));
    if (unknown !== undefined) return `the lean client cannot ${unknown}`;
    if ('press' in step && step.press !== 'Enter') return 'the lean client presses no key but Enter';
    if ('expect' in step) {
      const more = Object.keys(Object(step.expect)).find(
        (word) => !['text', 'url', 'selector'].includes(word),
      );
      if (more !== undefined) return `the lean client cannot see the ${more} of a page`;
    }
  }
  return null;
}
