// What a runbook may say of the end of its act, and what it becomes.
import { expect, test } from 'vitest';
import { FrontMatter } from './runbook.ts';
import { putBackOf } from './until.ts';

const front = (words: object) =>
  FrontMatter.safeParse({
    ...{ id: 'more-consumers', title: 'Run more consumers', service: 'orders', severity: 'sev2' },
    ...{ failure_types: ['queue_lag'], remediation: { kind: 'scale', risk: 'MEDIUM', ...words } },
  });

test.each<[object, ReturnType<typeof putBackOf>]>([
  [{}, null],
  [{ until: '4h' }, { until: '4h', by: 'vigil' }],
  [{ put_back: 'quiet for 2h' }, { quiet_for: '2h', by: 'vigil' }],
  [
    { until: '2d', put_back: 'quiet for 30m' },
    { until: '2d', quiet_for: '30m', by: 'vigil' },
  ],
  [
    { until: '1d', put_back: { by: 'person' } },
    { until: '1d', by: 'person' },
  ],
  [{ put_back: { quiet_for: '2h', by: 'person' } }, { quiet_for: '2h', by: 'person' }],
])('%j is an end that Vigil can read', (words, end) => {
  const parsed = front(words);
  expect(
    parsed.success && parsed.data.remediation ? putBackOf(parsed.data.remediation, 'undo') : 'odd',
  ).toEqual(end);
});

test('without an undo there is nothing that Vigil could run, so that people are reminded', () => {
  expect(putBackOf({ put_back: 'quiet for 2h' }, null)).toEqual({ quiet_for: '2h', by: 'person' });
});

test.each<[object, string]>([
  [{ until: 'soon' }, 'is a time from 10m to 7d'],
  [{ until: '8d' }, 'is a time from 10m to 7d'],
  [{ until: '1m' }, 'is a time from 10m to 7d'],
  [{ put_back: 'quiet for 25h' }, 'says "quiet for" and a time from 5m to 24h'],
  [{ put_back: 'when it rains' }, 'says "quiet for" and a time from 5m to 24h'],
  [{ put_back: { by: 'person' } }, 'names no time'],
  [{ put_back: { quiet_for: '2h', by: 'nobody' } }, 'vigil'],
])('%j is refused', (words, reason) => {
  const parsed = front(words);
  expect(parsed.success ? 'taken' : JSON.stringify(parsed.error.issues)).toContain(
    reason.replaceAll('"', '\\"'),
  );
});
