// How long an effect that fails is tried again: not at all, five times, or for hours, by what the failure says of itself.
import { expect, test } from 'vitest';
import { createBackoff, NotNowError, PermanentError } from './failures.ts';

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
