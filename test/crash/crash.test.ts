// A few points of the crash sweep in every run of the tests: the first write, and one of each kind that could be done twice.
// The whole of it is `npm run test:crash`.
import { expect, test } from 'vitest';
import { lineOf, sweep } from './sweep.ts';

test('killed at the claim, after the issue, after the dispatch: each ends as if nothing had happened', async () => {
  const named = (name: string, all: readonly string[], end: string): number =>
    all.findIndex((one) => one.endsWith(end) && one === name);
  const { verdicts } = await sweep({
    only: (point, name, all) =>
      point === 0 ||
      point === named(name, all, ' POST /issues') ||
      point === named(name, all, '/remediate.yml/dispatches'),
    moments: ['unanswered'],
    lanes: 1,
  });
  expect(verdicts.filter(({ equal }) => !equal).map(lineOf)).toEqual([]);
  expect(verdicts.map(({ name }) => name)).toEqual([
    'git push',
    'github POST /issues',
    'github POST /actions/workflows/remediate.yml/dispatches',
  ]);
});
