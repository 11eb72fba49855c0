// When an undo runs without being asked for, and when it waits for a person: every end of a fix under every rule.
import { describe, expect, test } from 'vitest';
import type { Fact, Judged } from '#core/ledger/facts';
import {
  fact,
  incidentOf,
  untilMerged,
  untilProposed,
  untilSynthesizing,
} from '../../../test/support/incidents.ts';
import { mayUndo, undoDue, whyByItself } from './running.ts';

type Rule = NonNullable<Judged['undo']>;
const rule = (when: Rule['when'], acts: number): Rule => ({
  ...{ when, acts, because: 'the flag was the cause', brings: 'the flag as it was' },
});
/** `undo: null`: records from before the rule was judged, with so many lasting effects. */
function ran(undo: Rule | number, after: readonly Fact[], script = 'undo'): Fact[] {
  const files = { 'fix.sh': 'a', 'verify.yml': 'c', 'remediation.yml': 'd' };
  const lasting = (target: string) => ({ kind: 'flag.set', target, selfRestoring: false });
  const judged =
    typeof undo === 'number' ? { effects: ['a', 'b', 'c'].slice(0, undo).map(lasting) } : { undo };
  return [
    ...untilSynthesizing,
    fact('remediation.proposed', { files: script === '' ? files : { ...files, 'undo.sh': script } }),
    fact('remediation.rehearsed'),
    fact('remediation.judged', judged),
    ...untilMerged.slice(untilProposed.length + 1),
    fact('remediation.started'),
    ...after,
  ];
}
const finished = fact('remediation.finished');
const ends: Record<string, readonly Fact[]> = {
  'did not help': [finished, fact('recovery.refuted')],
  'made it worse': [finished, fact('recovery.refuted', { worse: 'home was green and is red' })],
  failed: [fact('remediation.finished', { ok: false, outcome: 'failed', exit: 1 })],
  'timed out': [fact('remediation.finished', { ok: false, outcome: 'timed_out', exit: null })],
  'never began': [fact('remediation.finished', { ok: false, outcome: 'provision_failed', exit: null })],
  'was lost': [fact('remediation.lost')],
  'was seen by nobody': [finished, fact('recovery.inconclusive')],
  helped: [finished, fact('recovery.confirmed')],
};
const due = (undo: Rule | number, script?: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(ends).flatMap(([end, facts]) => {
      const incident = incidentOf(ran(undo, facts, script));
      const why = whyByItself(incident);
      // A fix that helped is nobody's to undo, whatever the rule says.
      expect(undoDue(incident), end).toBe(why !== null && incident.stage === 'ESCALATED');
      return why === null ? [] : [[end, why]];
    }),
  );
const halfWay = { failed: 'half-way', 'timed out': 'half-way' };

describe('an undo runs by itself', () => {
  test.each<[string, Rule | number, object]>([
    ['when it got worse', rule('when_worse', 1), { 'made it worse': 'worse' }],
    ['or the fix broke off half-way', rule('when_worse', 2), { 'made it worse': 'worse', ...halfWay }],
    ['never, when it is on request', rule('on_request', 2), {}],
    [
      'when the runbook says so, also where it did not help or failed in its only act',
      rule('when_refuted', 1),
      { 'did not help': 'runbook', 'made it worse': 'worse', failed: 'runbook', 'timed out': 'runbook' },
    ],
    ['in old records: not for want of help', 1, { 'made it worse': 'worse' }],
    ['in old records: half-way of several effects', 2, { 'made it worse': 'worse', ...halfWay }],
  ])('%s', (_, undo, expected) => expect(due(undo)).toEqual(expected));

  test('never without an undo', () => expect(due(rule('when_refuted', 3), '')).toEqual({}));

  test('and what waits for a word runs when it is said, once', () => {
    const left = ran(rule('on_request', 2), ends['did not help'] ?? []);
    expect(mayUndo(incidentOf(left))).toEqual({ ok: true });
    expect(undoDue(incidentOf([...left, fact('undo.requested')]))).toBe(true);
    expect(undoDue(incidentOf([...left, fact('undo.requested'), fact('undo.refused')]))).toBe(false);
    expect(undoDue(incidentOf([...left, fact('undo.requested'), fact('undo.started')]))).toBe(false);
  });
});
