// How long an effect that fails is tried again: not at all, five times, or for hours, by what the failure says of itself.
import { expect, test } from 'vitest';
import { GitFailed } from '#adapters/git/run';
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
const answered = (status: number, headers?: Record<string, string>) =>
  Object.assign(new Error('<html>answered</html>'), {
    status,
    ...(headers ? { response: { headers } } : {}),
  });
const git = (said: string) => new GitFailed(`git fetch ended with 128: ${said}`);

test.each<[string, unknown, number]>([
  ['what can only fail again', new PermanentError('x'), 1],
  ['a refusal', answered(422), 1],
  ['a merge that is refused without a known word', answered(405), 5],
  ['what may look otherwise soon', answered(404), 5],
  ['a conflict', answered(409), 5],
  ['a failure that says nothing of itself', new Error('x'), 5],
  ['a vendor that is down', answered(502), 480],
  ['a vendor that asks for patience', answered(429), 480],
  ['git that is away', Object.assign(new GitFailed('git fetch ended with 128'), { status: 503 }), 480],
  ['git that says nothing', Object.assign(new GitFailed('said nothing'), { status: 500, silent: true }), 480],
  ['git that cannot be understood', new GitFailed('git fetch ended with 1'), 5],
  ['what is owed to a vendor that is away', new NotNowError('x'), 480],
  ['a limit that comes as 403', answered(403, { 'retry-after': '60' }), 480],
  ['a spent limit that comes as 403', answered(403, { 'x-ratelimit-remaining': '0' }), 480],
  ['a refusal that comes as 403', answered(403, { 'x-ratelimit-remaining': '4000' }), 5],
  ['a git that GitHub turns away', git('The requested URL returned error: 503'), 480],
  ['a git that cannot find GitHub', git('Could not resolve host: github.com'), 480],
  ['a git that GitHub refuses', git('remote: Permission denied'), 5],
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

test('after an hour an outage is asked after every five minutes, for more than a day', () => {
  const backoff = createBackoff();
  let total = 0;
  for (let failure = 1; failure <= 480; failure++) {
    const { waitMs, final } = backoff.failed('pd-q1', { name: 'pagerduty.note#1' }, answered(503));
    if (failure === 120 || failure === 121) expect(waitMs).toBe(failure === 120 ? 30_000 : 300_000);
    expect(final).toBe(failure === 480);
    total += waitMs;
  }
  expect(total).toBeGreaterThan(24 * 3_600_000);
});

test.each([
  ['90', 90_000],
  ['1', 2000],
  ['86400', 900_000],
  ['soon', 2000],
  ['-5', 2000],
])('who asks for patience of %s gets it, within bounds', (asked, waited) => {
  const failure = createBackoff().failed('pd-q1', { name: 'x' }, answered(429, { 'retry-after': asked }));
  expect(failure.waitMs).toBe(waited);
});

test('what was given up begins to count anew, and says since when it failed', () => {
  const backoff = createBackoff();
  const fail = () => backoff.failed('pd-q1', { name: 'issue.open#1' }, answered(404));
  const first = fail();
  expect([fail(), fail(), fail(), fail()].map(({ final }) => final)).toEqual([false, false, false, true]);
  expect(fail()).toMatchObject({ final: false, waitMs: 2000 });
  expect(first.since.getTime()).toBeGreaterThan(Date.now() - 5000);
  expect(backoff.may('pd-q1', 'issue.open#1')).toBe(false);
});

test('an outage is looked past for as long as any effect; a refusal or nonsense is told sooner', () => {
  expect([answered(503), answered(429), git('returned error: 502')].map(triesOfLook)).toEqual([
    480, 480, 480,
  ]);
  expect([answered(404), new TypeError('x'), git('denied')].map(triesOfLook)).toEqual([5, 3, 3]);
});

test.each<[unknown, string]>([
  [answered(502, {}), 'GitHub answered 502: it is not well'],
  [answered(500), 'GitHub could not be reached'],
  [answered(403, { 'retry-after': '5' }), 'GitHub asks for patience'],
  [answered(422, {}), 'GitHub answered 422: it does not accept what was asked'],
  [git('remote: <html>no</html>'), 'git could not talk to GitHub'],
  [
    new SyntaxError('Unexpected token <, "<html>" is not valid JSON'),
    'Vigil stumbled (SyntaxError); its log says over what',
  ],
  [new Error('<b>somebody’s words</b>'), 'Vigil stumbled (Error); its log says over what'],
  [new PermanentError('the ledger holds no issue'), 'the ledger holds no issue'],
  ['<p>not even an error</p>', 'Vigil stumbled (without an error); its log says over what'],
  [null, 'Vigil stumbled (without an error); its log says over what'],
])('of %o people read our own words', (error, words) => {
  expect(createBackoff().failed('pd-q1', { name: 'x' }, error).reason).toBe(words);
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
  ]).toEqual([480, 480, 1, 20, 3]);
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
