// How long an effect that fails is tried again: not at all, five times, or for hours, by what the failure says of itself.
import { expect, test } from 'vitest';
import { UnsettledError } from '#adapters/github/reviews';
import type { Fact } from '#core/ledger/facts';
import { incidentOf, untilMerged, untilProposed, withFacts } from '../../test/support/incidents.ts';
import { createBackoff, failureFacts, NotNowError, PermanentError, triesOfLook } from './failures.ts';

/** At which failure it is given up; null: not within a thousand. */
function givenUpAt(error: unknown): number | null {
  const backoff = createBackoff();
  for (let tries = 1; tries <= 1000; tries += 1)
    if (backoff.failed('pd-q1', { name: 'issue.open#1' }, error).final) return tries;
  return null;
}
const answered = (status: number) => Object.assign(new Error('answered'), { status });

test.each<[string, unknown, number]>([
  ['what can only fail again', new PermanentError('x'), 1],
  ['a refusal', answered(422), 1],
  ['a merge that is refused without a known word', answered(405), 5],
  ['what may look otherwise soon', answered(404), 5],
  ['a conflict', answered(409), 5],
  ['a failure that says nothing of itself', new Error('x'), 5],
  ['a vendor that is down', answered(502), 480],
  ['a vendor that asks for patience', answered(429), 480],
  ['what is owed to a vendor that is away', new NotNowError('x'), 480],
])('%s is given up at the right time', (_, error, tries) => {
  expect(givenUpAt(error)).toBe(tries);
});

test('pauses grow to half a minute', () => {
  const backoff = createBackoff();
  const waits = [1, 2, 3, 4, 5, 6].map(
    () => backoff.failed('pd-q1', { name: 'issue.open#1' }, answered(503)).waitMs,
  );
  expect(waits).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

const at = (status: number, message: string, headers: Record<string, string> = {}) => ({
  ...{ status, message },
  request: { method: 'PUT', url: 'https://api.github.com/repos/acme/production/pulls/2/merge' },
  response: { data: { message }, headers },
});
const merge = { kind: 'pull.merge', name: 'pull.merge#1' } as const;

test('a rate limit is waited for as long as it says, also when the pause would be shorter', () => {
  const backoff = createBackoff();
  const limit = at(403, 'You have exceeded a secondary rate limit.', { 'retry-after': '72' });
  const failures = [1, 2, 3, 4, 5, 6].map(() => backoff.failed('pd-q1', merge, limit));
  expect(failures.map(({ waitMs, final }) => [waitMs, final])).toEqual(failures.map(() => [72_000, false]));
});

test('a look that a rate limit keeps out wakes nobody for an hour', () => {
  const limit = at(403, 'API rate limit exceeded for installation ID 42.', { 'x-ratelimit-remaining': '0' });
  expect([
    triesOfLook(limit),
    triesOfLook(at(502, 'x')),
    triesOfLook(at(422, 'x')),
    triesOfLook(new UnsettledError('x')),
    triesOfLook(new Error('x')),
  ]).toEqual([120, 20, 1, 20, 3]);
});

test('what is waited for is never final, is looked at ever more seldom, and at once when there is news', () => {
  const backoff = createBackoff();
  const check = at(405, 'Required status check "ci/build" is in progress.');
  const failures = Array.from({ length: 600 }, () => backoff.failed('pd-q1', merge, check));
  expect(failures.some(({ final }) => final)).toBe(false);
  expect(failures.slice(0, 3).map(({ waitMs }) => waitMs)).toEqual([15_000, 30_000, 45_000]);
  expect(failures.at(-1)?.waitMs).toBe(300_000);
  expect(backoff.may('pd-q1', merge.name)).toBe(false);
  backoff.hurry('pd-q');
  expect(backoff.may('pd-q1', merge.name)).toBe(false);
  backoff.hurry('pd-q1');
  expect(backoff.may('pd-q1', merge.name)).toBe(true);
});

test('news do not shorten the pause that GitHub asked for', () => {
  const backoff = createBackoff();
  backoff.failed('pd-q1', merge, at(403, 'secondary rate limit', { 'retry-after': '60' }));
  backoff.hurry('pd-q1');
  expect(backoff.may('pd-q1', merge.name)).toBe(false);
});

test('what a merge waits for is written down once, and again when it is something else', () => {
  const incident = incidentOf(untilProposed);
  const failure = (waits: string) => ({ final: false, reason: waits, waitMs: 1, waits });
  const types = (list: Fact[]) => list.map(({ type }) => type);
  const first = failureFacts(incident, merge, failure('one check'));
  expect(types(first)).toEqual(['effect.failed', 'merge.delayed']);
  const waiting = withFacts(incident, first);
  expect(types(failureFacts(waiting, merge, failure('one check')))).toEqual(['effect.failed']);
  expect(types(failureFacts(waiting, merge, failure('another')))).toEqual(['effect.failed', 'merge.delayed']);
});

test('a run that cannot be started after the merge is told with what stands on main', () => {
  const effect = { kind: 'remediate.dispatch', name: 'remediate.dispatch#1' } as const;
  const failure = { final: true, reason: 'it is disabled', waitMs: 1, waits: null };
  expect(failureFacts(incidentOf(untilMerged), effect, failure)[1]?.data).toEqual({
    code: 'effect_failed',
    reason: 'remediate.dispatch: it is disabled. The approved fix is on the default branch and did not run.',
  });
});
