// How long an effect that fails is tried again: not at all, five times, or for hours, by what the failure says of itself.
import { expect, test } from 'vitest';
import { GitFailed } from '#adapters/git/run';
import { createBackoff, NotNowError, PermanentError, triesOfLook } from './failures.ts';

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
  ['a method that is not allowed', answered(405), 1],
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
