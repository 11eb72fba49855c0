// Which incidents count, and as what.
import { describe, expect, it } from 'vitest';
import { fact, incidentOf, untilMerged, untilVerifying, withFacts } from '../../../test/support/incidents.ts';
import { outcomesOf } from './outcomes.ts';

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

  it('are a failure when nobody knows what ran', () => {
    const lost = incidentOf([...untilMerged, fact('remediation.started'), fact('remediation.lost')]);
    expect(outcomesOf(lost)).toMatchObject([{ ended: 'lost', ok: false }]);
  });

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
