// Which job has a step to do, along whole incidents.
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import {
  fact,
  incidentOf,
  untilInvestigating,
  untilMerged,
  untilProposed,
  untilSynthesizing,
  untilVerifying,
} from '../../../test/support/incidents.ts';
import { type Job, jobDue } from './job-due.ts';
import { undoDue } from './running.ts';

const undoable = fact('remediation.proposed', {
  files: { 'fix.sh': 'a', 'undo.sh': 'b', 'verify.yml': 'c', 'remediation.yml': 'd' },
});
const rule = { when: 'when_worse' as const, because: 'it takes the cause away', brings: 'the flag', acts: 2 };
const ran = (...after: Fact[]): Fact[] => [
  ...untilSynthesizing,
  undoable,
  fact('remediation.rehearsed'),
  fact('remediation.judged', { undo: rule }),
  ...untilMerged.slice(untilProposed.length + 1),
  fact('remediation.started'),
  ...after,
];
const failed = (outcome: 'failed' | 'timed_out' | 'provision_failed' | 'refused') =>
  fact('remediation.finished', { ok: false, outcome, exit: null });
const finished = fact('remediation.finished');

const points: Record<string, readonly Fact[]> = {
  triggered: [fact('incident.opened')],
  investigating: untilInvestigating,
  hypothesis: [...untilInvestigating, fact('hypothesis.received')],
  context: [...untilInvestigating, fact('hypothesis.received'), fact('context.retrieved')],
  synthesizing: untilSynthesizing,
  proposed: [...untilSynthesizing, fact('remediation.proposed')],
  rehearsed: untilProposed,
  withdrawn: [...untilMerged, fact('remediation.withdrawn')],
  merged: untilMerged,
  executing: ran(),
  verifying: untilVerifying,
  resolved: [...untilVerifying, fact('recovery.confirmed')],
  learned: [...untilVerifying, fact('recovery.confirmed'), fact('incident.learned')],
  escalated: [...untilSynthesizing, fact('incident.escalated')],
  'fix failed': ran(failed('failed')),
  'fix timed out': ran(failed('timed_out')),
  'fix never began': ran(failed('provision_failed')),
  'fix was refused': ran(failed('refused')),
  'fix was lost': ran(fact('remediation.lost')),
  'fix did not help': ran(finished, fact('recovery.refuted')),
  'fix made it worse': ran(finished, fact('recovery.refuted', { worse: 'home was green and is red' })),
  'fix without undo did not help': [...untilVerifying, fact('recovery.refuted')],
  'nobody could see': ran(finished, fact('recovery.inconclusive')),
  undoing: ran(failed('failed'), fact('undo.started')),
  undone: ran(failed('failed'), fact('undo.started'), fact('undo.finished')),
};
const ended = Object.keys(points).slice(Object.keys(points).indexOf('resolved'));

describe('a job', () => {
  test.each<[Job, string[]]>([
    ['orient', ['triggered', 'investigating', 'hypothesis']],
    ['decide', ['synthesizing', 'withdrawn']],
    ['measure', ['proposed', 'verifying']],
    ['rehearse', ['proposed']],
    ['execute', ['synthesizing', 'proposed', 'rehearsed', 'withdrawn', 'merged']],
    ['verify', ['verifying']],
    ['undo', ['fix failed', 'fix timed out', 'fix made it worse']],
    ['conclude', ended.filter((point) => point !== 'learned')],
  ])('called %s has something to do only when it is its turn', (job, expected) => {
    const due = Object.entries(points).filter(([, facts]) => jobDue(incidentOf(facts), job, 1).due);
    expect(due.map(([point]) => point)).toEqual(expected);
  });

  test.each<[Job, string, string]>([
    ['orient', 'verifying', 'nothing to do in VERIFYING'],
    ['decide', 'proposed', 'a remediation is proposed already'],
    ['measure', 'executing', 'nobody is about to look whether it is red or green'],
    ['rehearse', 'synthesizing', 'there is no proposal to rehearse'],
    ['rehearse', 'rehearsed', 'the symptom was seen already'],
    ['execute', 'executing', 'the script was started already and never runs twice'],
    ['undo', 'undone', 'there is nothing to undo'],
    ['conclude', 'learned', 'already concluded'],
  ])('called %s says why it does nothing in %s', (job, point, reason) => {
    expect(jobDue(incidentOf(points[point] ?? []), job, 1)).toEqual({ due: false, reason });
  });

  test('does nothing for an incident that does not exist or an attempt that is over', () => {
    const again = incidentOf([...(points['resolved'] ?? []), fact('incident.reopened')]);
    expect(jobDue(null, 'orient', 1)).toEqual({ due: false, reason: 'the ledger has no such incident' });
    expect(jobDue(again, 'orient', 1)).toEqual({
      due: false,
      reason: 'attempt 1 is over; the incident is at attempt 2',
    });
    expect(jobDue(again, 'orient', 2)).toEqual({ due: true });
  });

  test('undoes only what may have changed something, and never what nobody knows', () => {
    for (const point of [
      ...['fix never began', 'fix was refused', 'fix was lost'],
      ...['fix did not help', 'nobody could see', 'undoing'],
    ])
      expect(undoDue(incidentOf(points[point] ?? [])), point).toBe(false);
  });
});
