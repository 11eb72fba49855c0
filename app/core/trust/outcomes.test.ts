// Which incidents count, and as what.
import { describe, expect, it } from 'vitest';
import { effectivenessOf } from '#core/learning/past-incident';
import { ending } from '#core/messages/words';
import { fact, incidentOf, untilMerged, untilVerifying, withFacts } from '../../../test/support/incidents.ts';
import { outcomesOf } from './outcomes.ts';
import { summaryOf } from './summary.ts';

const ended = (...last: Parameters<typeof incidentOf>[0]) => {
  const all = outcomesOf(incidentOf([...untilVerifying, ...last]));
  return all.map(({ ended: how, ok }) => [how, ok]);
};

describe('the outcomes of an incident', () => {
  it('are none while nothing has ended, or nobody saw how', () => {
    expect(ended()).toEqual([]);
    expect(ended(fact('recovery.inconclusive'))).toEqual([]);
    expect(outcomesOf(incidentOf(untilMerged))).toEqual([]);
  });

  it('are one recovery, with how sure Vigil was and who let it run', () => {
    const incident = incidentOf([...untilVerifying, fact('recovery.confirmed')]);
    expect(outcomesOf(incident)).toMatchObject([
      {
        ...{ incident: incident.key, attempt: 1, ended: 'recovered', ok: true, sample: false },
        ...{ confidence: 90, components: { history: 90 }, lane: 'human', by: 'runbook', block: null },
        ...{ kind: 'purge-cache', alert: 'checkout-error-rate-is-high' },
      },
    ]);
  });

  it('are a failure when verification refutes it, however well the script ended', () =>
    expect(ended(fact('recovery.refuted'))).toEqual([['refuted', false]]));

  it.each([
    ['failed', [['failed', false]]],
    ['timed_out', [['failed', false]]],
    ['provision_failed', []],
    ['refused', []],
  ] as const)('when the script %s are %j', (outcome, expected) => {
    const incident = incidentOf([
      ...untilMerged,
      fact('remediation.started'),
      fact('remediation.finished', { ok: false, outcome }),
    ]);
    expect(outcomesOf(incident).map((one) => [one.ended, one.ok])).toEqual(expected);
  });

  it('are none of a run in which nothing ran, also when somebody asked for an undo of it', () => {
    for (const outcome of ['refused', 'provision_failed'] as const) {
      const facts = [
        fact('remediation.finished', { ok: false, outcome, exit: null }),
        fact('undo.requested'),
      ];
      const incident = incidentOf([...untilMerged, fact('remediation.started'), ...facts]);
      expect(summaryOf(incident)).toMatchObject({ runs: [], earned: [] });
    }
  });

  it.each<[string, Parameters<typeof incidentOf>[0]]>([
    ['it recovered', [fact('remediation.finished'), fact('recovery.confirmed')]],
    ['it did not help', [fact('remediation.finished'), fact('recovery.refuted')]],
    ['nobody could see', [fact('remediation.finished'), fact('recovery.inconclusive')]],
    ['it failed', [fact('remediation.finished', { ok: false, outcome: 'failed' })]],
    ['it timed out', [fact('remediation.finished', { ok: false, outcome: 'timed_out' })]],
    ['it was refused', [fact('remediation.finished', { ok: false, outcome: 'refused' })]],
    ['it had no workspace', [fact('remediation.finished', { ok: false, outcome: 'provision_failed' })]],
    ['it was lost', [fact('remediation.lost')]],
    [
      'it was put back as agreed',
      [
        fact('remediation.finished'),
        fact('recovery.confirmed'),
        ...[fact('putback.due'), fact('undo.started'), fact('undo.finished')],
      ],
    ],
    ['it was undone', [fact('remediation.finished'), fact('recovery.confirmed'), fact('undo.requested')]],
    [
      'nobody could see and it was undone',
      [fact('remediation.finished'), fact('recovery.inconclusive'), fact('undo.requested')],
    ],
  ])('are the same for history, calibration and the breaker when %s', (_, last) => {
    const incident = incidentOf([...untilMerged, fact('remediation.started'), ...last]);
    const { runs, earned } = summaryOf(incident);
    expect(earned.map(({ at, ok }) => [at, ok])).toEqual(runs.map(({ at, ok }) => [at, ok]));
    const effectiveness = effectivenessOf(incident);
    const [run] = runs;
    if (run) expect(effectiveness).toBe(run.ok ? 100 : 0);
    // What ran and was not seen is not counted, and has not been effective either.
    else expect(effectiveness === null).toBe(/^Nothing ran/.test(ending(incident)));
  });

  it('are a failure when somebody had undone what Vigil saw recover, or could not see', () => {
    expect(ended(fact('recovery.confirmed'), fact('undo.requested'))).toEqual([['undone', false]]);
    expect(ended(fact('recovery.inconclusive'), fact('undo.requested'))).toEqual([['undone', false]]);
    expect(ended(fact('recovery.refuted'), fact('undo.requested'))).toEqual([['refuted', false]]);
  });

  it('are a failure when nobody knows what ran', () => {
    const lost = incidentOf([...untilMerged, fact('remediation.started'), fact('remediation.lost')]);
    expect(outcomesOf(lost)).toMatchObject([{ ended: 'lost', ok: false }]);
  });

  it('stay a success when the act was put back as agreed', () =>
    expect(ended(fact('recovery.confirmed'), fact('putback.due'), fact('undo.started'))).toEqual([
      ['recovered', true],
    ]));

  it('count a failure once, though it is undone afterwards', () =>
    expect(ended(fact('recovery.refuted'), fact('undo.started'))).toEqual([['refuted', false]]));

  it('are one for each attempt that ran', () => {
    const first = incidentOf([...untilVerifying, fact('recovery.refuted')]);
    const again = withFacts(first, [
      fact('incident.retried'),
      ...untilVerifying.slice(2),
      fact('recovery.confirmed'),
    ]);
    expect(outcomesOf(again).map((one) => [one.attempt, one.ok])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('count where nobody judged or approved, so that no failure is overlooked; how sure is not known then', () => {
    const bare = untilVerifying.filter(
      ({ type }) =>
        !['remediation.judged', 'pull.opened', 'remediation.approved', 'pull.merged'].includes(type),
    );
    expect(outcomesOf(incidentOf([...bare, fact('recovery.refuted')]))).toMatchObject([
      { ok: false, confidence: null, components: {}, lane: 'human' },
    ]);
  });

  it('are known as sample where the history is', () => {
    const [opened, ...rest] = untilVerifying;
    expect(opened?.type).toBe('incident.opened');
    const incident = incidentOf([
      fact('incident.opened', { sample: true }),
      ...rest,
      fact('recovery.confirmed'),
    ]);
    expect(outcomesOf(incident)).toMatchObject([{ sample: true }]);
  });
});
