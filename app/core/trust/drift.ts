// Whether the auto lane still deserves its trust, by what came of past runs. Reads outcomes, decides nothing else.
// It can only close the lane; must never open what another rule keeps closed.

import { condition, type Decision } from '#core/decision';
import { inOrder, wilsonLowerBound } from './history.ts';
import type { RunOutcome } from './outcomes.ts';
import { summaryOf, type Told } from './summary.ts';

/** The newest runs of the auto lane that are looked at. */
export const RECENT = 20;
/** So many recoveries in a row, approved by people, open a lane that was closed for everything. */
export const REPAIR = 10;
const FORGET_DAYS = 90;
const DAY_MS = 86_400_000;

/** Both conditions, each named. */
export type Trust = { block: Decision; lane: Decision };

/** `block`: the remediation block of the runbook on main; `confidence`: the lane's threshold, 0 to 100. */
export function trustOf(past: Iterable<Told>, block: string | null, confidence: number, now: Date): Trust {
  const outcomes = [...past].flatMap((told) => [...summaryOf(told).runs]);
  return { block: blockHolds(outcomes, block, confidence), lane: laneHolds(outcomes, confidence, now) };
}

/** What somebody edited proves nothing of what Vigil writes by itself. */
const own = ({ by }: RunOutcome): boolean => by !== 'person';

/**
 * One failure closes a remediation block, for every alert, until as many recoveries in a row as the lane asks of a
 * newcomer. Whatever cites the block may close it; only the block itself, or the very bytes that failed, win it back.
 */
export function blockHolds(
  outcomes: readonly RunOutcome[],
  block: string | null,
  confidence: number,
): Decision {
  const name = 'this remediation has not failed';
  if (block === null) return condition(name, false, 'there is no remediation block to look at');
  const mine = inOrder(outcomes).filter((one) => own(one) && one.block === block);
  const failed = mine.findLastIndex(({ ok }) => !ok);
  if (failed < 0) return condition(name, true, 'it never failed');
  const broke = mine[failed];
  const since = mine
    .slice(failed + 1)
    .filter(({ by, bytes }) => by === 'runbook' || bytes === broke?.bytes).length;
  const earned = Math.floor(wilsonLowerBound(since, since) * 100);
  const what = `it ${broke?.ended === 'undone' ? 'was undone' : 'failed'} on ${day(broke)}`;
  return condition(
    name,
    earned >= confidence,
    `${what}; ${since} recoveries since then count ${earned}, needed ${confidence}`,
  );
}

/**
 * The breaker for everything: closed once even the kindest reading of the newest runs (upper bound, one-sided 95 %) lies
 * below the threshold; open again after REPAIR recoveries in a row that people approved. Seeded history does not count.
 */
export function laneHolds(outcomes: readonly RunOutcome[], confidence: number, now: Date): Decision {
  const name = 'the auto lane holds what it promises';
  let recent: RunOutcome[] = [];
  let closed: string | null = null;
  let repaired = 0;
  for (const one of inOrder(outcomes).filter((each) => own(each) && !each.sample)) {
    if (closed !== null) {
      repaired = one.ok ? repaired + (one.lane === 'human' ? 1 : 0) : 0;
      if (repaired < REPAIR) continue;
      closed = null;
      recent = [];
    } else if (one.lane === 'auto') {
      recent = [...recent, one].filter((each) => within(each, one.at)).slice(-RECENT);
      if (upperBound(recent) * 100 >= confidence) continue;
      closed = `${tally(recent)} up to ${day(one)} show less than ${confidence} %`;
      repaired = 0;
    }
  }
  if (closed !== null)
    return condition(name, false, `${closed}; ${repaired} of ${REPAIR} approved recoveries in a row since`);
  const still = recent.filter((each) => within(each, now.getTime()));
  return condition(name, true, still.length === 0 ? 'it has not run lately' : tally(still));
}

const day = (one: RunOutcome | undefined): string =>
  one ? new Date(one.at).toISOString().slice(0, 10) : 'no day';

const within = ({ at }: RunOutcome, until: number): boolean => until - at <= FORGET_DAYS * DAY_MS;

const tally = (some: readonly RunOutcome[]): string =>
  `${some.filter(({ ok }) => ok).length} recoveries in the newest ${some.length} runs`;

/** The most that the share of successes may be: all that a lower bound of the failures leaves. */
function upperBound(some: readonly RunOutcome[]): number {
  return 1 - wilsonLowerBound(some.filter(({ ok }) => !ok).length, some.length);
}
