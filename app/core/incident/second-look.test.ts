// A fix that something may set back: a service that is well is looked at once more, after whoever manages the target had their turn.
import { describe, expect, test } from 'vitest';
import type { Fact, FactDataOf } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { settlingWords } from '#core/messages/settling';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { fact, incidentOf, untilVerifying, withFacts } from '../../../test/support/incidents.ts';
import { dueEffects } from './due.ts';
import { factOfLooks, lookDue, seriesOf } from './looks.ts';

/** The script ended at 03:00:14, and three minutes later it may be set back. */
const facts = untilVerifying.map((one) =>
  one.type === 'remediation.judged' ? fact('remediation.judged', { reconcile_s: 180 }) : one,
);
const verifying = incidentOf(facts);
const TURN = '2026-11-03T03:03:14.000Z';
const [one] = (fact('recovery.watched').data as FactDataOf<'recovery.watched'>).samples;
const seen = (verdict: string, ...times: string[]) => ({
  verdict,
  ...{ reason: 'health was green 10 of 10 times', ms: 1 },
  samples: times.flatMap((time) =>
    one ? [{ ...one, outcome: 'pass' as const, at: Date.parse(`2026-11-03T${time}Z`) }] : [],
  ),
});
const said = (incident: Incident, verdict: string, ...times: string[]): Fact =>
  factOfLooks(seen(verdict, ...times), incident);
const well = said(verifying, 'confirmed', '03:01:00', '03:03:00');
const looked = withFacts(verifying, [well]);
const asked = withFacts(looked, [lookDue(looked, new Date(TURN)) ?? fact('look.asked')]);

describe('a service that is well before its target may be set back', () => {
  test('is not called recovered, and is looked at again then', () => {
    expect(well).toEqual({
      type: 'recovery.watched',
      data: {
        ...{ samples: seen('', '03:01:00', '03:03:00').samples, ms: 1, verdict: 'improving', well: true },
        ...{ reason: 'well so far: health was green 10 of 10 times', next: TURN, until: TURN },
      },
    });
    expect(looked.stage).toBe('VERIFYING');
    expect(lookDue(looked, new Date('2026-11-03T03:03:13.999Z'))).toBeNull();
    expect(dueEffects(asked).map(({ name }) => name)).toContain(`look.dispatch#1.${asked.seq}`);
  });

  test('is so also when only some of the looks came after', () => {
    expect(said(verifying, 'confirmed', '03:03:00', '03:04:00')).toMatchObject({
      type: 'recovery.watched',
      data: { next: '2026-11-03T03:04:00.000Z' },
    });
  });

  test('is told to people as what it is', () => {
    expect(settlingWords(looked)).toBe(
      'Well so far. What manages the target may still set the fix back, so it is looked at once more at 03:03 UTC, before it is called held.',
    );
  });

  test('has recovered when it is well then, whatever the clock of the job says', () => {
    expect(said(asked, 'confirmed', '03:03:20', '03:05:00').type).toBe('recovery.confirmed');
    expect(said(asked, 'confirmed', '03:01:20', '03:02:00').type).toBe('recovery.confirmed');
  });

  test('was set back when it is not, and people hear that it was well', () => {
    expect(said(asked, 'refuted', '03:03:20')).toMatchObject({
      type: 'recovery.refuted',
      data: { reason: 'it was well, and is not any more: health was green 10 of 10 times' },
    });
  });

  test('is judged anew then, by none of the looks from before', () => {
    const parsed = parseVerifyPlan({
      ...{ v: 1, symptom: { checks: ['shop'] }, settle: { within: '30m' } },
      checks: [{ id: 'shop', kind: 'http', url: '{SITE}/' }],
    });
    const bound = parsed.ok ? bind(parsed.plan, { SITE: 'https://shop.example' }) : parsed;
    if (!bound.ok) throw new Error(bound.reason);
    expect(seriesOf(asked, bound.plan)).toEqual({ within_s: 1800, because: 'the plan', earlier: [] });
  });
});

describe('no second look is needed', () => {
  test('when every look came after', () => {
    expect(said(verifying, 'confirmed', '03:03:14', '03:05:00').type).toBe('recovery.confirmed');
  });
  test('when nobody sets the fix back', () => {
    expect(said(incidentOf(untilVerifying), 'confirmed', '03:01:00').type).toBe('recovery.confirmed');
  });
  test('to know that it did not help', () => {
    expect(said(verifying, 'refuted', '03:01:00').type).toBe('recovery.refuted');
    expect(said(verifying, 'inconclusive', '03:01:00').type).toBe('recovery.inconclusive');
  });
  test('of another attempt because of this one', () => {
    const again = withFacts(looked, [fact('incident.escalated'), fact('incident.retried')]);
    expect(said(again, 'confirmed', '03:09:00').type).toBe('recovery.confirmed');
  });
});
