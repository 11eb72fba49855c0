// Splits a swarm for several machines, and puts their results together as if one had walked it.
// Must never merge percentiles: they are taken anew from every session of every shard.
import { SWARM } from './swarm.ts';
import { type Ended, resultOf, type SwarmResult } from './swarm-result.ts';

/** At most so many shards, each with sessions of its own; the sizes differ by one at most and add up. */
export function shardsOf<S extends { readonly sessions: number; readonly at_once: number }>(
  order: S,
  shards: number,
): S[] {
  const most = Math.floor(order.sessions / SWARM.least);
  const count = Math.max(1, Math.min(shards, most, order.at_once));
  const share = (whole: number, at: number): number =>
    Math.floor((whole * (at + 1)) / count) - Math.floor((whole * at) / count);
  return Array.from({ length: count }, (_, at) => ({
    ...order,
    sessions: share(order.sessions, at),
    at_once: share(order.at_once, at),
  }));
}

/** The worst word first: whatever one shard could not finish, the swarm did not. */
const WORSE: readonly Ended[] = ['failing', 'no login', 'stopped', 'late', 'done'];

/** Null when there is nothing to merge, or when they are not of one kind. */
export function mergeShards(results: readonly SwarmResult[]): SwarmResult | null {
  const [first] = results;
  if (first === undefined) return null;
  if (results.some(({ engine, client }) => engine !== first.engine || client !== first.client)) return null;
  const began = Math.min(...results.map((one) => one.began));
  const worst = results.toSorted((a, b) => WORSE.indexOf(a.ended) - WORSE.indexOf(b.ended))[0] ?? first;
  const sum = (of: (one: SwarmResult) => number) => results.reduce((all, one) => all + of(one), 0);
  let before = 0;
  const witnesses = results.flatMap((one) => {
    const here = one.witnesses.map((witness) => ({ ...witness, session: witness.session + before }));
    before += one.asked;
    return here;
  });
  return resultOf({
    engine: first.engine,
    client: first.client,
    asked: sum((one) => one.asked),
    refused: sum((one) => one.refused),
    most: sum((one) => one.at_once.asked),
    witnesses,
    ended: worst.ended,
    why: worst.why,
    began,
    walked: results.flatMap((one) =>
      one.walked.map((session) => ({ ...session, at: session.at + one.began - began })),
    ),
  });
}
