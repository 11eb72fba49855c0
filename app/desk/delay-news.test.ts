// What people hear of a proposal that may not be merged now, and how often.
import { describe, expect, test } from 'vitest';
import { waits } from '#core/messages/github-answers';
import { fact, incidentOf, untilMerged, withFacts } from '../../test/support/incidents.ts';
import { delayNews } from './delay-news.ts';

const open = incidentOf(untilMerged.slice(0, -2));
const waiting = (...reasons: (string | null)[]) =>
  withFacts(
    open,
    reasons.map((reason) => fact('merge.delayed', { reason })),
  );
const RULE = 'The rule slowly of vigil.yml refuses this: Wait. shop was changed 5 minutes ago by pd-a.';
const TOLD = 'the rule slowly of vigil.yml refuses this: Wait. shop was changed 5 minutes ago by pd-a';
const reasons = (...news: Parameters<typeof delayNews>) =>
  delayNews(...news).map(({ type, data }) => [type, data]);

describe('a rule that came into force', () => {
  test('is told in its own words', () => {
    expect(reasons(open, false, RULE)).toEqual([['merge.delayed', { reason: TOLD }]]);
  });
  test('is told once, though it says another minute each time', () => {
    expect(reasons(waiting(TOLD), false, RULE.replace('5 minutes', '6 minutes'))).toEqual([]);
  });
  test('is told beside another one', () => {
    expect(reasons(waiting(TOLD), false, RULE.replace('slowly', 'night'))).toHaveLength(1);
  });
  test('is told to be over', () => {
    expect(reasons(waiting(TOLD), false, null)).toEqual([['merge.delayed', { reason: null }]]);
    expect(reasons(waiting(TOLD, null), false, null)).toEqual([]);
  });
});

describe('a draft', () => {
  test('is told, and that it is none any more', () => {
    expect(reasons(open, true, null)).toEqual([['merge.delayed', { reason: waits.draft }]]);
    expect(reasons(waiting(waits.draft), true, null)).toEqual([]);
    expect(reasons(waiting(waits.draft), false, null)).toEqual([['merge.delayed', { reason: null }]]);
  });
});

test('what GitHub’s own rules keep waiting is not taken back', () => {
  expect(reasons(waiting(waits.conversation), false, null)).toEqual([]);
});
