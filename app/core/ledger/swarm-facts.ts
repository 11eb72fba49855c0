// What one shard of a swarm saw, for the job of the same run that merges them all. Each session is kept, since percentiles of shards cannot be
// put together. Must never be taken for a verdict, nor hold a word of a page that was not cut and redacted.
import * as z from 'zod';
import { Id } from '#core/verification/fields';
import { MOST_SHARDS, SWARM, WITNESS_EVERY } from '#core/verification/swarm';
import { resultOf, type SwarmResult } from '#core/verification/swarm-result';

const count = z.int().min(0);
const Outcome = z.enum(['pass', 'fail', 'inconclusive']);
const Why = z.string().max(200);
const Seen = z.strictObject({ outcome: Outcome, reason: Why.nullable() });
const Engine = z.enum(['lightpanda', 'chromium']);

const Walked = z.strictObject({
  engine: Engine,
  asked: z.int().min(1).max(SWARM.most),
  most: z.int().min(1).max(SWARM.at_once),
  refused: count,
  witnesses: z
    .array(z.strictObject({ session: count, lightpanda: Seen, chromium: Seen }))
    .max(SWARM.most / WITNESS_EVERY + 2),
  ended: z.enum(['done', 'failing', 'stopped', 'late', 'no login']),
  why: Why,
  /** Unix milliseconds. */
  began: count,
  walked: z
    .array(
      z.strictObject({
        at: z.number().min(0),
        ms: z.number().min(0),
        outcome: Outcome,
        reason: Why.nullable(),
      }),
    )
    .max(SWARM.most),
});

export const swarmFacts = {
  /** `walked` is null when it was not walked, and `reason` says why. Of another run, none counts. */
  'swarm.measured': z.strictObject({
    check: Id,
    shard: z.int().min(1).max(MOST_SHARDS),
    of: z.int().min(1).max(MOST_SHARDS),
    run: z.strictObject({ id: z.number().int(), url: z.url({ protocol: /^https?$/ }) }),
    reason: z.string().max(500),
    walked: Walked.nullable(),
  }),
};
type Shard = z.output<typeof Walked>;

/** `clean` takes what is secret out of what a page said, and makes it short enough. */
export function shardTold(result: SwarmResult, clean: (reason: string) => string): Shard {
  const { engine, asked, refused, ended, began, at_once } = result;
  const seen = <S extends { readonly reason: string | null }>(one: S): S => ({
    ...one,
    reason: one.reason === null ? null : clean(one.reason),
  });
  return {
    ...{ engine, asked, refused, ended, began, most: at_once.asked, why: clean(result.why) },
    witnesses: result.witnesses.map(({ session, lightpanda, chromium }) => ({
      ...{ session, lightpanda: seen(lightpanda), chromium: seen(chromium) },
    })),
    walked: result.walked.map((one) => ({ ...seen(one), at: Math.round(one.at), ms: Math.round(one.ms) })),
  };
}

/** As the shard itself had it. */
export const shardResult = (shard: Shard): SwarmResult => resultOf({ ...shard, client: 'full' });
