// Looks at a service that takes its time: what is asked for, when, how often it is said, and what becomes of a look that died.
import { describe, expect, test } from 'vitest';
import type { Fact, FactDataOf } from '#core/ledger/facts';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { bind, parseVerifyPlan, type VerifyPlan } from '#core/verification/plan';
import { fact, incidentOf, untilVerifying, withFacts } from '../../../test/support/incidents.ts';
import { shopSettings } from '../../../test/support/shop.ts';
import { overdue } from './deadline.ts';
import { dueEffects } from './due.ts';
import { factOfLooks, lookDue, lookLost, newestOfSettling, seriesOf, settleFor } from './looks.ts';
import { leaseOf } from './running.ts';

const NEXT = '2026-11-03T03:11:00.000Z';
const verifying = incidentOf(untilVerifying);
const watched = (data: Partial<FactDataOf<'recovery.watched'>> = {}): Fact => fact('recovery.watched', data);
const waiting = withFacts(verifying, [watched()]);
const at = (time: string): Date => new Date(time);
/** Like the sweep: writes what is due then. */
const swept = (incident: Incident, time: string): Incident => {
  const due = lookDue(incident, at(time));
  return due ? withFacts(incident, [due]) : incident;
};
const looks = (incident: Incident) =>
  dueEffects(incident, true)
    .map(({ name }) => name)
    .filter((name) => name.startsWith('look.'));

function planOf(more: object = {}, check: object = {}): VerifyPlan {
  const parsed = parseVerifyPlan({
    ...{ v: 1, symptom: { checks: ['shop'] }, ...more },
    checks: [{ id: 'shop', kind: 'http', url: '{SITE}/', ...check }],
  });
  const bound = parsed.ok ? bind(parsed.plan, { SITE: 'https://shop.example' }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}

describe('the next look', () => {
  test('is asked for when its time has come, once, although the incident is held', () => {
    expect(lookDue(waiting, at('2026-11-03T03:10:59.999Z'))).toBeNull();
    const asked = swept(waiting, NEXT);
    expect(asked.latest['look.asked']?.data).toEqual({ after: waiting.seq });
    expect(looks(asked)).toEqual([`look.dispatch#1.${asked.seq}`]);
    expect(swept(asked, '2026-11-04T03:00:00.000Z')).toBe(asked);
  });
  test('is not asked for before a job has promised it, nor after the end', () => {
    expect(lookDue(verifying, at(NEXT))).toBeNull();
    expect(lookDue(withFacts(waiting, [fact('recovery.confirmed')]), at(NEXT))).toBeNull();
  });
  test('is another one after each word, and none is left over from before', () => {
    const asked = withFacts(swept(waiting, NEXT), [watched({ next: '2026-11-03T03:15:00.000Z' })]);
    expect(looks(asked)).toEqual([]);
    expect(looks(swept(asked, '2026-11-03T03:15:00.000Z'))).toHaveLength(1);
  });
  test('comes within an hour or so, whatever was promised', () => {
    const never = withFacts(verifying, [watched({ next: '9999-01-01T00:00:00.000Z' })]);
    expect(lookDue(never, at('2026-11-03T05:00:00.000Z'))).not.toBeNull();
  });
  test('keeps the service to this incident', () => expect(leaseOf(waiting)).toBe('shop'));
});

describe('a look that died', () => {
  const asked = swept(waiting, NEXT);
  test('is asked for once more, under another name', () => {
    const again = withFacts(asked, [lookLost(asked, 'workflow run 9 failed', true)]);
    expect(looks(again)).not.toEqual(looks(asked));
    expect(looks(again)).toHaveLength(1);
    expect(lookLost(again, 'workflow run 10 failed', true)).toEqual({
      type: 'recovery.inconclusive',
      data: {
        samples: [],
        reason: 'workflow run 10 failed; seen before: not better yet: health was red 1 of 1 times',
        ms: 600_000,
      },
    });
  });
  test('may be so again at a later look', () => {
    const again = withFacts(asked, [lookLost(asked, 'workflow run 9 failed', true), watched()]);
    const next = swept(again, NEXT);
    expect(lookLost(next, 'workflow run 12 failed', true)).toMatchObject({ type: 'look.asked' });
  });
  test('and of which nothing is heard ends as inconclusive', () => {
    const late = (seconds: number) =>
      overdue(
        asked,
        shopSettings(),
        new Date(Date.parse(asked.latest['look.asked']?.at ?? '') + seconds * 1000),
      );
    expect(late(9299)).toBeNull();
    expect(late(9300)).toMatchObject({
      type: 'recovery.inconclusive',
      data: {
        reason: expect.stringMatching(/^the look that was due at .* said nothing for 9300 s; seen before: /),
      },
    });
  });
  test('while one is promised, the verification is not silent', () => {
    expect(overdue(waiting, shopSettings(), at('2026-11-03T04:10:00.000Z'))).toBeNull();
  });
});

describe('people', () => {
  const improving = watched({ verdict: 'improving' });
  test('hear the first word, and then when it changes', () => {
    const all = [watched(), watched(), improving, improving, watched()];
    const told = all.map((_, index) => newestOfSettling(withFacts(verifying, all.slice(0, index + 1))));
    const first = verifying.seq + 1;
    expect(told).toEqual([first, first, first + 2, first + 2, first + 4]);
  });
  test('are not told of a service that is up and down all night', () => {
    const flapping = Array.from({ length: 100 }, (_, index) => (index % 2 ? improving : watched()));
    expect(newestOfSettling(withFacts(verifying, flapping))).toBe(verifying.seq + 6);
  });
});

describe('the time to settle', () => {
  test.each<[string[], number | null]>([
    [['service.restart'], 300],
    [['scale'], 900],
    [['queue.retry', 'service.restart'], 3600],
    [['traffic.shift'], 7200],
    [['flag.set'], null],
    [['config.set', 'read'], null],
    [['unknown'], null],
    [['constructor'], null],
  ])('of %j is %s seconds where the plan says nothing', (kinds, seconds) =>
    expect(settleFor(planOf(), kinds)?.within_s ?? null).toBe(seconds),
  );
  test('is what the plan says', () =>
    expect(settleFor(planOf({ settle: { within: '12h' } }), ['flag.set'])).toEqual({
      within_s: 43_200,
      because: 'the plan',
    }));
  test('is none where green takes seconds', () => {
    const symptom = { checks: ['shop'], green: { need: 5, of: 5, over_s: 4 } };
    expect(settleFor(planOf({ symptom }), ['service.restart'])).toBeNull();
  });
  test('is none where a plan that never meant to wait could not prove it', () => {
    const symptom = { checks: ['shop'], red: { need: 5, of: 10 } };
    const counting = (of: number) => planOf({ symptom }, { expect: { failing: '<= 1 %', of } });
    expect(settleFor(counting(60), ['service.restart'])).toBeNull();
    expect(settleFor(counting(200), ['service.restart'])).toMatchObject({ within_s: 300 });
  });
});

test('the next job sees all that was seen, and counts from the first look', () => {
  const sample = fact('recovery.watched').data as FactDataOf<'recovery.watched'>;
  const [one] = sample.samples;
  const all = [1, 2, 3].map((number) => ({ ...one, at: number })) as typeof sample.samples;
  const until = '2026-11-03T03:40:00.000Z';
  const both = withFacts(verifying, [
    watched({ samples: all.slice(0, 2), until }),
    watched({ samples: all.slice(2), until: '2026-11-03T09:00:00.000Z' }),
  ]);
  expect(seriesOf(both, planOf({ settle: { within: '30m' } }))).toEqual({
    ...{ within_s: 1800, because: 'the plan', earlier: all },
    began: Date.parse('2026-11-03T03:10:00.000Z'),
  });
  expect(seriesOf(verifying, planOf({ settle: { within: '30m' } }))).toMatchObject({ earlier: [] });
  expect(seriesOf(verifying, planOf({ settle: { within: '30m' } }))).not.toHaveProperty('began');
});

test('another attempt begins without what an earlier one saw', () => {
  const again = withFacts(waiting, [fact('incident.escalated'), fact('incident.retried')]);
  expect(seriesOf(again, planOf({ settle: { within: '30m' } }))?.earlier).toEqual([]);
});

test.each([
  [{ verdict: 'confirmed' }, 'recovery.confirmed'],
  [{ verdict: 'refuted' }, 'recovery.refuted'],
  [{ verdict: 'inconclusive' }, 'recovery.inconclusive'],
  // Nobody said when to look next: that is no promise.
  [{ verdict: 'waiting' }, 'recovery.inconclusive'],
  [{ verdict: 'improving', goesOn: { next: 5, until: 9, dropped: 0 } }, 'recovery.watched'],
])('%j is said as %s', (seen, type) => {
  const said = factOfLooks({ reason: 'so', samples: [], ms: 1, ...seen });
  expect(said.type).toBe(type);
  const before = incidentOf(untilVerifying);
  expect(
    fold(before, nextRecord(before, said, NEXT, { kind: 'job', job: 'verify', run: 1, attempt: 1 })).ok,
  ).toBe(true);
});

test('what got worse is said with it', () =>
  expect(
    factOfLooks({
      verdict: 'refuted',
      reason: 'so',
      samples: [],
      ms: 1,
      worse: 'shop fails more than before the run',
    }).data,
  ).toMatchObject({ worse: 'shop fails more than before the run' }));
