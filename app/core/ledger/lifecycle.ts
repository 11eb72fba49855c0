// The nine stages of an incident: which fact moves it from where to where, and who may say so.
// The one table every part of Vigil asks. It must never be bypassed: a fact that has no row here does not happen.
// This room holds facts, records and the state they fold to; it must not read git or decide what to do next.
import type { Fact, FactType } from './facts.ts';

export const stages = [
  'TRIGGERED',
  'INVESTIGATING',
  'HYPOTHESIS_RECEIVED',
  'CONTEXT_RETRIEVED',
  'SYNTHESIZING',
  'EXECUTING',
  'VERIFYING',
  'RESOLVED',
  'ESCALATED',
] as const;
export type Stage = (typeof stages)[number];
export type Poster =
  | 'app'
  | 'orient'
  | 'decide'
  | 'measure'
  | 'load'
  | 'rehearse'
  | 'execute'
  | 'verify'
  | 'undo'
  | 'conclude';
type To = Stage | 'same' | ((fact: Fact) => Stage);
type Row = { from: readonly Stage[] | 'none' | 'any'; fact: FactType; by: Poster; to: To };

const early = [
  'TRIGGERED',
  'INVESTIGATING',
  'HYPOTHESIS_RECEIVED',
  'CONTEXT_RETRIEVED',
  'SYNTHESIZING',
] as const;
const open = [...early, 'EXECUTING', 'VERIFYING'] as const;
const ended = ['RESOLVED', 'ESCALATED'] as const;
const falseAlarm = (fact: Fact): Stage =>
  fact.type === 'symptom.absent' && fact.data.alert === 'cleared' ? 'RESOLVED' : 'ESCALATED';
const executed = (fact: Fact): Stage =>
  fact.type === 'remediation.finished' && fact.data.ok ? 'VERIFYING' : 'ESCALATED';

export const lifecycle: readonly Row[] = [
  { from: 'none', fact: 'incident.opened', by: 'app', to: 'TRIGGERED' },
  { from: ['TRIGGERED'], fact: 'investigation.started', by: 'app', to: 'INVESTIGATING' },
  { from: ['INVESTIGATING'], fact: 'investigation.started', by: 'app', to: 'same' },
  { from: ['INVESTIGATING'], fact: 'evidence.gathered', by: 'orient', to: 'same' },
  { from: ['INVESTIGATING'], fact: 'hypothesis.received', by: 'orient', to: 'HYPOTHESIS_RECEIVED' },
  { from: ['HYPOTHESIS_RECEIVED'], fact: 'context.retrieved', by: 'orient', to: 'CONTEXT_RETRIEVED' },
  { from: ['CONTEXT_RETRIEVED'], fact: 'synthesis.started', by: 'app', to: 'SYNTHESIZING' },
  { from: ['SYNTHESIZING'], fact: 'remediation.proposed', by: 'decide', to: 'same' },
  { from: ['SYNTHESIZING', 'VERIFYING'], fact: 'symptom.measured', by: 'measure', to: 'same' },
  { from: ['VERIFYING'], fact: 'swarm.measured', by: 'load', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'remediation.rehearsed', by: 'rehearse', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'symptom.absent', by: 'rehearse', to: falseAlarm },
  { from: ['SYNTHESIZING'], fact: 'symptom.absent', by: 'execute', to: falseAlarm },
  { from: ['SYNTHESIZING'], fact: 'remediation.judged', by: 'app', to: 'same' },
  // Also when the incident ended while it was being opened, so that it is closed again.
  { from: ['SYNTHESIZING', ...ended], fact: 'pull.opened', by: 'app', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'pull.pushed', by: 'app', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'remediation.approved', by: 'app', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'remediation.withdrawn', by: 'app', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'review.discounted', by: 'app', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'remediation.rejected', by: 'app', to: 'ESCALATED' },
  { from: ['SYNTHESIZING'], fact: 'merge.delayed', by: 'app', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'pull.merged', by: 'app', to: 'same' },
  { from: ['SYNTHESIZING'], fact: 'remediation.started', by: 'execute', to: 'EXECUTING' },
  // A stop ends nothing by itself: the job that sees it kills the workspace and says that the outcome is unknown.
  { from: ['EXECUTING', ...ended], fact: 'stop.requested', by: 'app', to: 'same' },
  { from: ['EXECUTING'], fact: 'remediation.finished', by: 'execute', to: executed },
  { from: ['EXECUTING'], fact: 'remediation.lost', by: 'execute', to: 'ESCALATED' },
  { from: ['VERIFYING'], fact: 'recovery.confirmed', by: 'verify', to: 'RESOLVED' },
  { from: ['VERIFYING'], fact: 'recovery.refuted', by: 'verify', to: 'ESCALATED' },
  { from: ['VERIFYING'], fact: 'recovery.inconclusive', by: 'verify', to: 'ESCALATED' },
  { from: ['VERIFYING'], fact: 'recovery.watched', by: 'verify', to: 'same' },
  { from: ['VERIFYING'], fact: 'look.asked', by: 'app', to: 'same' },
  // Undoing what had healed brings the fault back, so that the incident is open again, and a person's.
  { from: ended, fact: 'undo.requested', by: 'app', to: 'ESCALATED' },
  // An act that is put back as agreed brings no fault back, so that what is resolved stays so.
  { from: ['RESOLVED'], fact: 'putback.due', by: 'app', to: 'same' },
  { from: ended, fact: 'putback.reminded', by: 'app', to: 'same' },
  { from: 'any', fact: 'putback.kept', by: 'app', to: 'same' },
  { from: ended, fact: 'undo.refused', by: 'undo', to: 'same' },
  { from: ended, fact: 'undo.started', by: 'undo', to: 'same' },
  { from: ended, fact: 'undo.finished', by: 'undo', to: 'same' },
  { from: early, fact: 'alert.cleared', by: 'app', to: 'RESOLVED' },
  { from: early, fact: 'incident.merged', by: 'app', to: 'RESOLVED' },
  // What was found and proposed was for the service it was on.
  { from: early, fact: 'incident.moved', by: 'app', to: 'INVESTIGATING' },
  { from: open, fact: 'incident.escalated', by: 'app', to: 'ESCALATED' },
  { from: ended, fact: 'incident.reopened', by: 'app', to: 'INVESTIGATING' },
  { from: ended, fact: 'incident.retried', by: 'app', to: 'INVESTIGATING' },
  { from: 'any', fact: 'alert.described', by: 'app', to: 'same' },
  { from: 'any', fact: 'alert.changed', by: 'app', to: 'same' },
  { from: 'any', fact: 'alert.joined', by: 'app', to: 'same' },
  { from: 'any', fact: 'alert.resolved', by: 'app', to: 'same' },
  { from: 'any', fact: 'issue.opened', by: 'app', to: 'same' },
  { from: open, fact: 'issue.closed', by: 'app', to: 'same' },
  { from: 'any', fact: 'workspace.deleted', by: 'execute', to: 'same' },
  { from: 'any', fact: 'workspace.left', by: 'app', to: 'same' },
  { from: ended, fact: 'incident.learned', by: 'conclude', to: 'same' },
  { from: 'any', fact: 'hold.set', by: 'app', to: 'same' },
  { from: 'any', fact: 'hold.released', by: 'app', to: 'same' },
  { from: 'any', fact: 'effect.claimed', by: 'app', to: 'same' },
  { from: 'any', fact: 'effect.done', by: 'app', to: 'same' },
  { from: 'any', fact: 'effect.failed', by: 'app', to: 'same' },
];

/** Whether the incident is over for Vigil: healed, or handed to people. */
export function hasEnded({ stage }: { stage: Stage }): boolean {
  return ended.some((end) => end === stage);
}

export type Step = { ok: true; stage: Stage } | { ok: false; reason: string };

/** Where a fact leads from a stage (null: the incident does not exist yet). */
export function step(stage: Stage | null, fact: Fact): Step {
  const row = lifecycle.find((candidate) => candidate.fact === fact.type && isFrom(candidate, stage));
  if (!row)
    return {
      ok: false,
      reason: `${fact.type} cannot happen ${stage ? `in ${stage}` : 'before incident.opened'}`,
    };
  if (row.to === 'same') return stage ? { ok: true, stage } : { ok: false, reason: 'nothing to stay in' };
  return { ok: true, stage: typeof row.to === 'function' ? row.to(fact) : row.to };
}

function isFrom(row: Row, stage: Stage | null): boolean {
  if (row.from === 'none' || stage === null) return row.from === 'none' && stage === null;
  return row.from === 'any' || row.from.includes(stage);
}

/** Facts that start a new attempt. */
export function startsAttempt(type: FactType): boolean {
  return type === 'incident.reopened' || type === 'incident.retried' || type === 'incident.moved';
}

/** Which facts a job may post; everything else is the app's own to write. */
export function factsOf(job: Poster): readonly FactType[] {
  const own = lifecycle.filter((row) => row.by === job).map((row) => row.fact);
  // measure and load see for another job: what they could not see, the job after them says.
  if (job === 'app' || job === 'measure' || job === 'load') return own;
  // Any other job may say that it cannot go on; undo deletes a workspace of its own.
  return job === 'undo'
    ? [...own, 'workspace.deleted', 'incident.escalated']
    : [...own, 'incident.escalated'];
}
