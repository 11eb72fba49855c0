// How autonomy is earned: the numbers by which nobody is asked.
import { describe, expect, test } from 'vitest';
import { fact, incidentOf, OPENED, untilSynthesizing, withFacts } from '../../../test/support/incidents.ts';
import { matched, pastOf, proposalOf } from '../../../test/support/proposals.ts';
import { flagText, purgeText, runbookOf } from '../../../test/support/shop.ts';
import { historyKeyOf, historyOf, wilsonLowerBound } from './history.ts';
import { alertSlug } from './keys.ts';

const runbook = runbookOf(purgeText);
const account = { block: runbook.block ?? '', alert: 'checkout-error-rate-is-high', kind: 'purge-cache' };
const healed = (count: number): boolean[] => Array.from({ length: count }, () => true);
const days = (count: number): Date => new Date(OPENED.getTime() + count * 86_400_000);

describe('how sure successes make us', () => {
  // Wilson one-sided 95 % lower bounds of n out of n, in percent, rounded down.
  test.each([
    [0, 0],
    [1, 26],
    [5, 64],
    [10, 78],
    [20, 88],
    [24, 89],
    [25, 90],
    [29, 91],
  ])('%d verified successes and no failure are worth %d of 100', (count, worth) => {
    expect(historyOf(pastOf(runbook, healed(count), OPENED), account, OPENED).lowerBound).toBe(worth);
  });

  test('failures lower the bound, and nothing lies outside 0 and 1', () => {
    expect(wilsonLowerBound(48, 50)).toBeCloseTo(0.886, 3);
    expect(wilsonLowerBound(0, 10)).toBe(0);
    expect(wilsonLowerBound(0, 0)).toBe(0);
    expect(wilsonLowerBound(1000, 1000)).toBeLessThan(1);
  });
});

describe('the history of a remediation', () => {
  test('is closed by the undo that a person asks for', () => {
    const past = pastOf(runbook, healed(25), OPENED, { days: 0.001 });
    const undone = past.map((one, at) => (at === 24 ? withFacts(one, [fact('undo.requested')]) : one));
    expect(historyOf(undone, account, OPENED)).toMatchObject({ successes: 0, lowerBound: 0 });
  });

  test('is closed by one failure, and opens again only with successes after it', () => {
    const failedLast = pastOf(runbook, [...healed(25), false], OPENED, { days: 0.001 });
    expect(historyOf(failedLast, account, OPENED)).toEqual({
      successes: 0,
      failures: 26,
      sampled: 0,
      lowerBound: 0,
      reason: '0 verified successes since it last failed',
    });
    const one = pastOf(runbook, [...healed(25), false, true], OPENED, { days: 0.001 });
    expect(historyOf(one, account, OPENED).reason).toBe('1 verified success since it last failed');
  });

  test.each([
    ['did not help', [fact('remediation.finished'), fact('recovery.refuted')]],
    ['did not succeed', [fact('remediation.finished', { ok: false, outcome: 'failed', exit: 1 })]],
    ['was lost sight of', [fact('remediation.lost')]],
  ])('counts a fix that %s as failed', (_, ending) => {
    const failed = incidentOf([
      ...untilSynthesizing,
      { type: 'remediation.proposed', data: proposalOf(runbook) },
      fact('remediation.started'),
      ...ending,
    ]);
    const counted = historyOf([...pastOf(runbook, healed(5), OPENED), failed], account, days(1));
    expect(counted).toMatchObject({ successes: 0, failures: 6, lowerBound: 0 });
  });

  test.each(['refused', 'provision_failed'] as const)(
    'counts a run of which nothing ran (%s) as neither, so that what was earned stays',
    (outcome) => {
      const nothing = incidentOf([
        ...untilSynthesizing,
        { type: 'remediation.proposed', data: proposalOf(runbook) },
        fact('remediation.started'),
        fact('remediation.finished', { ok: false, outcome, exit: null }),
      ]);
      const past = pastOf(runbook, healed(36), OPENED);
      expect(historyOf([...past, nothing], account, days(1))).toEqual(historyOf(past, account, days(1)));
    },
  );

  test('counts what nobody could see as neither', () => {
    const unseen = incidentOf([
      ...untilSynthesizing,
      { type: 'remediation.proposed', data: proposalOf(runbook) },
      fact('remediation.started'),
      fact('remediation.finished'),
      fact('recovery.inconclusive'),
    ]);
    expect(historyOf([unseen], account, OPENED)).toMatchObject({ successes: 0, failures: 0 });
  });

  test('fades: after a year a success counts half', () => {
    const past = pastOf(runbook, healed(50), OPENED);
    expect(historyOf(past, account, OPENED).lowerBound).toBe(94);
    expect(historyOf(past, account, days(365)).lowerBound).toBe(90);
    expect(historyOf(past, account, days(730)).lowerBound).toBe(82);
    expect(historyOf(past, account, days(365)).successes).toBe(50);
  });

  test('is of one runbook block, one alert and one kind of fix', () => {
    const past = pastOf(runbook, healed(3), OPENED);
    const count = (change: Partial<typeof account>) =>
      historyOf(past, { ...account, ...change }, OPENED).successes;
    expect(count({})).toBe(3);
    expect(count({ block: runbookOf(flagText).block ?? '' })).toBe(0);
    expect(count({ alert: 'checkout-is-slow' })).toBe(0);
    expect(count({ kind: 'restart' })).toBe(0);
  });

  describe('of a script a model wrote', () => {
    const planned = proposalOf(runbook);
    const written = (change: Partial<(typeof planned)['files']> = {}) => ({
      ...planned,
      by: 'model' as const,
      files: { ...planned.files, ...change },
    });
    const other = written({ 'fix.sh': `${planned.files['fix.sh']}echo done\n` });
    const here = matched(runbook);
    const worth = (proposal: typeof planned, own: boolean, past = pastOf(runbook, healed(25), OPENED)) =>
      historyOf(past, historyKeyOf(here, proposal, own), OPENED).successes;

    test('is that of exactly the same bytes, never that of the runbook it cites', () => {
      expect(worth(planned, true)).toBe(25);
      expect(worth(other, false)).toBe(0);
      expect(worth(written(), false)).toBe(25);
      expect(worth(written({ 'verify.yml': 'v: 1\n' }), false)).toBe(0);
      expect(worth({ ...written(), kind: 'restart' }, false)).toBe(0);
    });

    test('does not add to the runbook’s', () => {
      const healedByModel = incidentOf([
        ...untilSynthesizing,
        { type: 'remediation.proposed', data: other },
        fact('remediation.started'),
        fact('remediation.finished'),
        fact('recovery.confirmed'),
      ]);
      expect(worth(planned, true, [healedByModel])).toBe(0);
      expect(worth(other, false, [healedByModel])).toBe(1);
    });

    test('is none for a person’s edit, a title that is withheld, or one without words', () => {
      expect(historyKeyOf(here, { ...planned, by: 'person' }, false)).toBeNull();
      const opened = { ...here.opened, withheld: true as const };
      expect(historyKeyOf({ ...here, opened }, planned, true)).toBeNull();
      expect(historyKeyOf({ ...here, opened: { ...here.opened, title: '#42!' } }, planned, true)).toBeNull();
      expect(historyOf(pastOf(runbook, healed(25), OPENED), null, OPENED).lowerBound).toBe(0);
      const unseen = pastOf(runbook, healed(3), OPENED).map((one) => ({
        ...one,
        opened: { ...one.opened, withheld: true as const },
      }));
      expect(worth(planned, true, unseen)).toBe(0);
    });
  });

  test('made up for the sandbox is counted and labelled', () => {
    const past = pastOf(runbook, healed(25), OPENED, { sample: true });
    expect(historyOf(past, account, OPENED)).toMatchObject({
      sampled: 25,
      reason: '25 verified successes, 25 of them sample history',
    });
  });

  test('of nothing is nothing', () => {
    expect(historyOf([], account, OPENED)).toMatchObject({ lowerBound: 0, reason: '0 verified successes' });
  });
});

describe('the name of an alert', () => {
  test('leaves out what differs from one ringing to the next', () => {
    expect(alertSlug('Checkout error rate is HIGH: 7.3 % (> 5 %)')).toBe('checkout-error-rate-is-high');
    expect(alertSlug('[#4711] Checkout error rate is high!')).toBe('checkout-error-rate-is-high');
  });

  test('keeps letters of every script, so that different alerts never share one history', () => {
    expect(alertSlug('決済エラー率が高い')).not.toBe(alertSlug('ディスクが一杯'));
    expect(alertSlug('Störung im Kühlhaus')).toBe('störung-im-kühlhaus');
  });
});
