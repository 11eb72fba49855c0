// How the auto lane loses its trust, how fast, and what it takes to win it back.
import { describe, expect, it } from 'vitest';
import { judgeProposal } from '#core/gate/judgement';
import { OPENED } from '../../../test/support/incidents.ts';
import { numbers, outcome } from '../../../test/support/outcomes.ts';
import { judgement, pastOf } from '../../../test/support/proposals.ts';
import { purgeText, runbookOf } from '../../../test/support/shop.ts';
import { blockHolds, laneHolds } from './drift.ts';
import type { RunOutcome } from './outcomes.ts';

const block = 'b'.repeat(64);
const after = (outcomes: readonly RunOutcome[]): Date => new Date(outcomes.at(-1)?.at ?? 0);
const lane = (outcomes: readonly RunOutcome[]) => laneHolds(outcomes, 90, after(outcomes));
const many = (count: number, ok: boolean, change: Partial<RunOutcome> = {}, from = 0): RunOutcome[] =>
  Array.from({ length: count }, (_, n) => outcome(from + n, ok, change));

describe('a judgement', () => {
  const cache = runbookOf(purgeText);
  const healed = pastOf(cache, Array(25).fill(true), OPENED);

  it('takes the auto lane by 25 recoveries, and no longer once the block failed under another alert', () => {
    expect(judgeProposal(judgement({ everything: healed })).lane).toBe('auto');
    const failed = pastOf(cache, [false], OPENED, { title: 'Orders cannot be paid' });
    const judged = judgeProposal(judgement({ everything: [...healed, ...failed] }));
    expect(judged.confidence.value).toBeGreaterThanOrEqual(90);
    expect(judged.lane).toBe('human');
    expect(judged.reasons).toContain(
      '  ✗ this remediation has not failed: it failed on 2026-11-03; 0 recoveries since then count 0, needed 90',
    );
  });
});

describe('a remediation block', () => {
  it('that never failed is not in the way', () =>
    expect(blockHolds(many(3, true), block, 90)).toMatchObject({ ok: true, reason: 'it never failed' }));

  it('closes on one failure, whatever the alert, however often it had worked', () => {
    const past = [...many(100, true), outcome(100, false, { alert: 'another-alert' })];
    expect(blockHolds(past, block, 90)).toMatchObject({
      ok: false,
      reason: 'it failed on 2026-01-05; 0 recoveries since then count 0, needed 90',
    });
  });

  it.each([
    [24, false],
    [25, true],
  ])('with %i recoveries since then is open: %s', (count, ok) => {
    const past = [outcome(0, false), ...many(count, true, { lane: 'human' }, 1)];
    expect(blockHolds(past, block, 90).ok).toBe(ok);
  });

  it('that failed in the same moment in which it worked has failed, whichever is read first', () => {
    const both = [outcome(3, true), outcome(3, false)];
    for (const past of [both, both.toReversed()])
      expect(blockHolds([...many(3, true), ...past], block, 0).reason).toContain('0 recoveries since then');
  });

  it('asks for more where the lane asks for more', () => {
    const past = [outcome(0, false), ...many(25, true, { lane: 'human' }, 1)];
    expect(blockHolds(past, block, 95).ok).toBe(false);
  });

  it('that people undid has failed', () =>
    expect(blockHolds([outcome(0, false, { ended: 'undone' })], block, 90).reason).toContain(
      'it was undone on',
    ));

  it('is not blamed for another block, nor for what somebody edited', () => {
    const past = [outcome(0, false, { block: 'c'.repeat(64) }), outcome(1, false, { by: 'person' })];
    expect(blockHolds(past, block, 90).ok).toBe(true);
  });

  it('is not won back by other bytes that a model wrote under its name', () => {
    const others = many(40, true, { by: 'model', bytes: 'c'.repeat(64) }, 1);
    expect(blockHolds([outcome(0, false), ...others], block, 90).ok).toBe(false);
    const same = many(25, true, { by: 'model' }, 1);
    expect(blockHolds([outcome(0, false, { by: 'model' }), ...same], block, 90).ok).toBe(true);
  });

  it('that does not exist earns nothing', () => expect(blockHolds([], null, 90).ok).toBe(false));

  it('is judged by time, not by the order in which outcomes are found', () => {
    const past = [...many(25, true, {}, 1), outcome(0, false)];
    expect(blockHolds(past, block, 90).ok).toBe(true);
  });
});

describe('the breaker of the auto lane', () => {
  it('holds on nothing, and on what went well', () => {
    expect(lane([])).toMatchObject({ ok: true, reason: 'it has not run lately' });
    expect(lane(many(20, true))).toMatchObject({ ok: true, reason: '20 recoveries in the newest 20 runs' });
  });

  it.each([
    ['the very first run fails', [false], false],
    ['one of two fails', [true, false], false],
    ['one of three fails', [true, true, false], true],
    ['four of twenty fail', [...Array(16).fill(true), ...Array(4).fill(false)], true],
    ['five of twenty fail', [...Array(15).fill(true), ...Array(5).fill(false)], false],
  ])('when %s: %#', (_, stream, ok) =>
    expect(lane(stream.map((good: boolean, n: number) => outcome(n, good))).ok).toBe(ok),
  );

  it('does not look at runs that people approved, at edits of people, or at seeded history', () => {
    for (const change of [{ lane: 'human' }, { by: 'person' }, { sample: true }] as const)
      expect(lane(many(20, false, change)).ok).toBe(true);
  });

  it('forgets what is older than 90 days while it is open', () => {
    const past = [...many(2, true), outcome(2, false), outcome(3 + 24 * 91, false)];
    // Of the newest run alone, a failure.
    expect(lane(past).reason).toContain('0 recoveries in the newest 1 runs');
    expect(laneHolds(past.slice(0, 3), 90, new Date('2026-06-01T00:00:00Z')).reason).toBe(
      'it has not run lately',
    );
  });

  it('stays closed, however long ago, until people approved ten recoveries in a row', () => {
    const failed = [outcome(0, false)];
    expect(laneHolds(failed, 90, new Date('2027-06-01T00:00:00Z')).ok).toBe(false);
    const nine = [...failed, ...many(9, true, { lane: 'human' }, 1)];
    expect(lane(nine).reason).toContain('9 of 10 approved recoveries in a row since');
    expect(lane([...nine, outcome(20, true, { lane: 'human' })]).ok).toBe(true);
    expect(
      lane([...nine, outcome(20, false, { lane: 'human' }), ...many(9, true, { lane: 'human' }, 21)]).ok,
    ).toBe(false);
  });

  it('closes again on the first failure after it was opened', () => {
    const past = [outcome(0, false), ...many(10, true, { lane: 'human' }, 1), outcome(30, false)];
    expect(lane(past).ok).toBe(false);
  });

  /** After how many runs a lane closes in which this share recovers; null: not within `runs`. */
  function closesAfter(share: number, runs: number, seed: number, before: RunOutcome[] = []): number | null {
    const next = numbers(seed);
    const past = [...before];
    for (let n = 1; n <= runs; n++) {
      const ok = next() < share;
      past.push(outcome(past.length, ok));
      // Only a failure can close it.
      if (!ok && !lane(past).ok) return n;
    }
    return null;
  }
  const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
  const median = (values: (number | null)[]): number =>
    values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[
      Math.floor(values.length / 2)
    ] ?? 0;

  it('closes within a few runs once a lane that was good turns bad', () => {
    const good = many(40, true);
    const half = median(seeds.map((seed) => closesAfter(0.5, 100, seed, good)));
    const most = median(seeds.map((seed) => closesAfter(0.8, 200, seed, good)));
    process.stdout.write(
      `drift: half fail, closed after ${half} runs; one of five fails, after ${most} (medians)\n`,
    );
    expect(half).toBeLessThanOrEqual(10);
    expect(most).toBeLessThanOrEqual(40);
  });

  it('rarely closes on a lane that keeps its promise', () => {
    const good = many(20, true);
    const closed = seeds.filter((seed) => closesAfter(0.98, 100, seed, good) !== null).length;
    process.stdout.write(`drift: 98 of 100 recover, ${closed} of 200 lanes closed within 100 runs\n`);
    expect(closed).toBeLessThanOrEqual(10);
  });
});
