// Every move an incident can make, written by hand a second time and tried against the table.
import { describe, expect, test } from 'vitest';
import { fact, facts } from '../../../test/support/incidents.ts';
import { type Fact, type FactType, factTypes } from './facts.ts';
import { factsOf, type Poster, type Stage, stages, startsAttempt, step } from './lifecycle.ts';

const all: readonly Stage[] = [
  'TRIGGERED',
  'INVESTIGATING',
  'HYPOTHESIS_RECEIVED',
  'CONTEXT_RETRIEVED',
  'SYNTHESIZING',
  'EXECUTING',
  'VERIFYING',
  'RESOLVED',
  'ESCALATED',
];
const beforeRun = all.slice(0, 5);
const unfinished = all.slice(0, 7);
const finished = all.slice(7);
const stay = 'stay';

// Every move there is: from these stages, by this fact, to that stage. What is not here cannot happen.
type Move = [from: readonly (Stage | null)[], fact: FactType | Fact, to: Stage | typeof stay];
const moves: readonly Move[] = [
  [[null], 'incident.opened', 'TRIGGERED'],
  [['TRIGGERED'], 'investigation.started', 'INVESTIGATING'],
  [['INVESTIGATING'], 'investigation.started', stay],
  [['INVESTIGATING'], 'evidence.gathered', stay],
  [['INVESTIGATING'], 'hypothesis.received', 'HYPOTHESIS_RECEIVED'],
  [['HYPOTHESIS_RECEIVED'], 'context.retrieved', 'CONTEXT_RETRIEVED'],
  [['CONTEXT_RETRIEVED'], 'synthesis.started', 'SYNTHESIZING'],
  [['SYNTHESIZING'], 'remediation.proposed', stay],
  [['SYNTHESIZING', 'VERIFYING'], 'symptom.measured', stay],
  [['VERIFYING'], 'swarm.measured', stay],
  [['SYNTHESIZING'], 'remediation.rehearsed', stay],
  [['SYNTHESIZING'], 'remediation.judged', stay],
  [['SYNTHESIZING', ...finished], 'pull.opened', stay],
  [['SYNTHESIZING'], 'pull.pushed', stay],
  [['SYNTHESIZING'], 'remediation.approved', stay],
  [['SYNTHESIZING'], 'remediation.withdrawn', stay],
  [['SYNTHESIZING'], 'review.discounted', stay],
  [unfinished, 'issue.closed', stay],
  [['SYNTHESIZING'], 'merge.delayed', stay],
  [['SYNTHESIZING'], 'pull.merged', stay],
  [['SYNTHESIZING'], fact('symptom.absent', { alert: 'cleared' }), 'RESOLVED'],
  [['SYNTHESIZING'], fact('symptom.absent', { alert: 'firing' }), 'ESCALATED'],
  [['SYNTHESIZING'], fact('symptom.absent', { alert: 'unknown' }), 'ESCALATED'],
  [['SYNTHESIZING'], 'remediation.rejected', 'ESCALATED'],
  [['SYNTHESIZING'], 'remediation.started', 'EXECUTING'],
  [['EXECUTING', ...finished], 'stop.requested', stay],
  [['EXECUTING'], fact('remediation.finished', { ok: true }), 'VERIFYING'],
  [['EXECUTING'], fact('remediation.finished', { ok: false }), 'ESCALATED'],
  [['EXECUTING'], 'remediation.lost', 'ESCALATED'],
  [['VERIFYING'], 'recovery.confirmed', 'RESOLVED'],
  [['VERIFYING'], 'recovery.refuted', 'ESCALATED'],
  [['VERIFYING'], 'recovery.inconclusive', 'ESCALATED'],
  [['VERIFYING'], 'recovery.watched', stay],
  [['VERIFYING'], 'look.asked', stay],
  [finished, 'undo.requested', 'ESCALATED'],
  [finished, 'undo.refused', stay],
  [finished, 'undo.started', stay],
  [finished, 'undo.finished', stay],
  [['RESOLVED'], 'putback.due', stay],
  [finished, 'putback.reminded', stay],
  [all, 'putback.kept', stay],
  [beforeRun, 'alert.cleared', 'RESOLVED'],
  [beforeRun, 'incident.merged', 'RESOLVED'],
  [beforeRun, 'incident.moved', 'INVESTIGATING'],
  [unfinished, 'incident.escalated', 'ESCALATED'],
  [finished, 'incident.reopened', 'INVESTIGATING'],
  [finished, 'incident.retried', 'INVESTIGATING'],
  [finished, 'incident.learned', stay],
  [all, 'alert.described', stay],
  [all, 'alert.changed', stay],
  [all, 'alert.joined', stay],
  [all, 'alert.resolved', stay],
  [all, 'issue.opened', stay],
  [all, 'workspace.deleted', stay],
  [all, 'workspace.left', stay],
  [all, 'hold.set', stay],
  [all, 'hold.released', stay],
  [all, 'effect.claimed', stay],
  [all, 'effect.done', stay],
  [all, 'effect.failed', stay],
];

/** Facts whose data decides where they lead are tried in each form; every other fact once. */
const forms: Partial<Record<FactType, Fact[]>> = {
  'symptom.absent': (['cleared', 'firing', 'unknown'] as const).map((alert) =>
    fact('symptom.absent', { alert }),
  ),
  'remediation.finished': [true, false].map((ok) => fact('remediation.finished', { ok })),
};
const tried = factTypes.flatMap((type) => forms[type] ?? [fact(type)]);

function expected(stage: Stage | null, tryOut: Fact): Stage | null {
  const row = moves.find(
    ([from, what]) =>
      from.includes(stage) &&
      (typeof what === 'string'
        ? what === tryOut.type
        : what.type === tryOut.type && JSON.stringify(what.data) === JSON.stringify(tryOut.data)),
  );
  if (!row) return null;
  return row[2] === stay ? stage : row[2];
}

describe('an incident', () => {
  test('knows nine stages and no other', () => {
    expect(stages).toEqual(all);
  });

  test('has a row here for every fact the ledger can hold', () => {
    const named = new Set(moves.map(([, what]) => (typeof what === 'string' ? what : what.type)));
    expect([...named].sort()).toEqual(Object.keys(facts).sort());
    expect([...factTypes].sort()).toEqual(Object.keys(facts).sort());
  });

  for (const stage of [null, ...all]) {
    test(`moves from ${stage ?? 'nothing'} only as the table says`, () => {
      for (const tryOut of tried) {
        const moved = step(stage, tryOut);
        const label = `${stage} + ${tryOut.type} ${JSON.stringify(tryOut.data).slice(0, 60)}`;
        expect(moved.ok ? moved.stage : null, label).toBe(expected(stage, tryOut));
      }
    });
  }

  test('says which fact cannot happen where', () => {
    expect(step('RESOLVED', fact('remediation.started'))).toEqual({
      ok: false,
      reason: 'remediation.started cannot happen in RESOLVED',
    });
    expect(step(null, fact('issue.opened'))).toEqual({
      ok: false,
      reason: 'issue.opened cannot happen before incident.opened',
    });
  });

  test('begins a new attempt only when it comes back, moves to another service, or a person asks', () => {
    expect(factTypes.filter(startsAttempt)).toEqual([
      'incident.moved',
      'incident.reopened',
      'incident.retried',
    ]);
  });
});

describe('a job', () => {
  const may: [Poster, FactType[]][] = [
    ['orient', ['evidence.gathered', 'hypothesis.received', 'context.retrieved', 'incident.escalated']],
    ['decide', ['remediation.proposed', 'incident.escalated']],
    ['measure', ['symptom.measured']],
    ['load', ['swarm.measured']],
    ['rehearse', ['remediation.rehearsed', 'symptom.absent', 'incident.escalated']],
    [
      'execute',
      [
        'symptom.absent',
        'remediation.started',
        'remediation.finished',
        'remediation.lost',
        'workspace.deleted',
        'incident.escalated',
      ],
    ],
    [
      'verify',
      [
        'recovery.confirmed',
        'recovery.refuted',
        'recovery.inconclusive',
        'recovery.watched',
        'incident.escalated',
      ],
    ],
    ['undo', ['undo.refused', 'undo.started', 'undo.finished', 'workspace.deleted', 'incident.escalated']],
    ['conclude', ['incident.learned', 'incident.escalated']],
  ];
  test.each(may)('called %s may post its own facts and no others', (job, own) => {
    expect([...factsOf(job)].sort()).toEqual([...own].sort());
  });

  test('may never approve, judge, merge, open or dispatch: those facts are the app’s', () => {
    const jobs = new Set(may.flatMap(([job]) => factsOf(job)));
    expect([...new Set(factsOf('app'))].filter((type) => !jobs.has(type))).toEqual([
      'incident.opened',
      'investigation.started',
      'synthesis.started',
      'remediation.judged',
      'pull.opened',
      'pull.pushed',
      'remediation.approved',
      'remediation.withdrawn',
      'review.discounted',
      'remediation.rejected',
      'merge.delayed',
      'pull.merged',
      'stop.requested',
      'look.asked',
      'undo.requested',
      'putback.due',
      'putback.reminded',
      'putback.kept',
      'alert.cleared',
      'incident.merged',
      'incident.moved',
      'incident.reopened',
      'incident.retried',
      'alert.described',
      'alert.changed',
      'alert.joined',
      'alert.resolved',
      'issue.opened',
      'issue.closed',
      'workspace.left',
      'hold.set',
      'hold.released',
      'effect.claimed',
      'effect.done',
      'effect.failed',
    ]);
  });
});
