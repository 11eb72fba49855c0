// GitHub's clock beside ours, and what the app asks of its installation.
import { expect, test } from 'vitest';
import { GRANTED } from '../../sandbox/github/auth.ts';
import { EVENTS } from '../../sandbox/github/people.ts';
import { clockConcern, NEEDED } from './github.ts';

const now = new Date('2026-11-03T03:10:00.000Z');
const at = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toUTCString();

test('a clock that is more than 30 s off is told, with the direction; less, or an answer without a date, is not', () => {
  expect(clockConcern(at(-31), now)).toMatchObject({
    says: expect.stringMatching(/ahead of GitHub’s/),
    reason: '31 s',
  });
  expect(clockConcern(at(600), now)).toMatchObject({
    says: expect.stringMatching(/behind GitHub’s/),
    reason: '600 s',
  });
  for (const date of [at(0), at(30), at(-30), undefined, 'yesterday'])
    expect(clockConcern(date, now)).toBeNull();
});

test('what is needed of the installation is what docs/operations.md tells an operator to grant', () => {
  const { metadata: _, ...granted } = GRANTED;
  expect(NEEDED.permissions).toEqual(granted);
  expect([...NEEDED.events].sort()).toEqual(EVENTS.toSorted());
});
