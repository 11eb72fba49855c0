// What is due: whether a job has something to do, and which effects the app still owes an incident.
// Must never look at anything but the ledger, so that a re-run, another replica or a restart gets the same answer.
// This room holds what follows from the state of an incident; it must not judge scripts or approvals.
import type { FactType } from '#core/ledger/facts';
import { hasEnded, type Poster } from '#core/ledger/lifecycle';
import { type EffectState, type Incident, latestOf } from '#core/ledger/replay';
import { undoDue } from './running.ts';

export type Job = Exclude<Poster, 'app'>;
type Due = { due: true } | { due: false; reason: string };

const no = (reason: string): Due => ({ due: false, reason });

/** Whether a job's step is due. A job that is not due ends green and says why. */
export function jobDue(incident: Incident | null, job: Job, attempt: number): Due {
  if (!incident) return no('the ledger has no such incident');
  if (incident.attempt !== attempt)
    return no(`attempt ${attempt} is over; the incident is at attempt ${incident.attempt}`);
  const at = (...stages: string[]): Due =>
    stages.includes(incident.stage) ? { due: true } : no(`nothing to do in ${incident.stage}`);
  switch (job) {
    case 'orient':
      // TRIGGERED: the app may have died after it dispatched this run and before it wrote that down.
      return at('TRIGGERED', 'INVESTIGATING', 'HYPOTHESIS_RECEIVED');
    case 'decide':
      return latestOf(incident, 'remediation.proposed')
        ? no('a remediation is proposed already')
        : at('SYNTHESIZING');
    case 'rehearse':
      if (!latestOf(incident, 'remediation.proposed')) return no('there is no proposal to rehearse');
      return latestOf(incident, 'remediation.rehearsed')
        ? no('the symptom was seen already')
        : at('SYNTHESIZING');
    case 'execute':
      return latestOf(incident, 'remediation.started')
        ? no('the script was started already and never runs twice')
        : at('SYNTHESIZING');
    case 'verify':
      return at('VERIFYING');
    case 'undo':
      return undoDue(incident) ? { due: true } : no('there is nothing to undo');
    case 'conclude':
      return latestOf(incident, 'incident.learned') ? no('already concluded') : at('RESOLVED', 'ESCALATED');
  }
}

export const effectKinds = [
  'issue.open',
  'respond.dispatch',
  'respond.again',
  'judge',
  'pull.open',
  'check.ask',
  'check.post',
  'check.tell',
  'issue.propose',
  'slack.post',
  'pull.merge',
  'pull.close',
  'remediate.dispatch',
  'undo.dispatch',
  'issue.describe',
  'issue.reopen',
  'issue.execute',
  'issue.close',
  'issue.tell',
  'slack.update',
  'slack.tell',
  'pagerduty.note',
  'pagerduty.resolve',
  'pagerduty.tell',
  'runbook.propose',
] as const;
export type EffectKind = (typeof effectKinds)[number];
export type Effect = { kind: EffectKind; name: string };

/** Effects without which the incident cannot go on. When another effect fails for good, the incident goes on without it. */
export function isVital(kind: EffectKind): boolean {
  return [
    'issue.open',
    'respond.dispatch',
    'respond.again',
    'judge',
    'pull.open',
    'check.post',
    'pull.merge',
    'remediate.dispatch',
  ].includes(kind);
}

const perProposal: readonly EffectKind[] = [
  'respond.again',
  'judge',
  'pull.open',
  'check.ask',
  'check.post',
  'issue.propose',
  'slack.post',
  'pull.merge',
];

/** News for people besides the stages. Below: which of it Slack and PagerDuty must hear too. */
const news: readonly FactType[] = [
  'hold.set',
  'hold.released',
  'stop.requested',
  'remediation.withdrawn',
  'merge.delayed',
  'undo.requested',
  'undo.refused',
  'undo.finished',
];
const undoNews: readonly FactType[] = ['undo.requested', 'undo.refused', 'undo.finished'];
const undoEnds: readonly FactType[] = ['undo.refused', 'undo.finished'];
const perNews: Partial<Record<EffectKind, readonly FactType[]>> = {
  'issue.tell': news,
  'slack.tell': ['merge.delayed', ...undoNews],
  'check.tell': ['merge.delayed'],
  'pagerduty.tell': undoEnds,
  'undo.dispatch': ['undo.requested'],
};

/** The number of the newest record of these types in this attempt. 0: there is none. */
function newestOf({ records, attempt }: Incident, types: readonly FactType[]): number {
  const record = records.findLast((one) => one.attempt === attempt && types.includes(one.type));
  return record?.seq ?? 0;
}

/** Whether there is news that is not on the issue yet: no effect that writes the whole issue was claimed after it. */
function untold(incident: Incident): boolean {
  const newest = newestOf(incident, news);
  const whole = [effectName(incident, 'issue.propose'), effectName(incident, 'issue.close')];
  return (
    newest > 0 &&
    !incident.records.some(
      ({ seq, type, data }) => seq > newest && type === 'effect.claimed' && whole.includes(data.effect),
    )
  );
}

/** `kind#attempt`, with `.n` at the end for the proposal after the n-th withdrawal, or for news in record n. */
export function effectName(incident: Incident, kind: EffectKind): string {
  const { attempt, generation } = incident;
  const types = perNews[kind];
  if (types) return `${kind}#${attempt}.${newestOf(incident, types)}`;
  return generation > 0 && perProposal.includes(kind)
    ? `${kind}#${attempt}.${generation}`
    : `${kind}#${attempt}`;
}

/** Every effect that the app owes this incident now, in the order to do them. A hold stops those that lead to a run. */
export function dueEffects(incident: Incident, held = false): Effect[] {
  const { stage } = incident;
  const has = (type: Parameters<typeof latestOf>[1]): boolean => latestOf(incident, type) !== null;
  const settled = (kind: EffectKind): boolean =>
    ['done', 'failed'].includes(incident.effects.get(effectName(incident, kind))?.status ?? '');
  const ended = hasEnded(incident);
  const proposing = stage === 'SYNTHESIZING';
  const judged = latestOf(incident, 'remediation.judged');
  const delayed = has('merge.delayed') && !has('pull.merged');
  const tellable = incident.issue !== null || settled('issue.open');
  // Effects that move the incident come first, so that telling people never delays them.
  const wanted: [EffectKind, boolean][] = [
    ['issue.open', incident.issue === null],
    ['respond.dispatch', incident.issue !== null && !ended && !has('investigation.started')],
    ['respond.again', proposing && incident.generation > 0 && !has('remediation.proposed')],
    ['judge', proposing && has('remediation.rehearsed') && !judged],
    ['pull.open', proposing && judged !== null && judged.verdict !== 'refuse' && !has('pull.opened')],
    ['check.post', proposing && has('pull.opened') && has('remediation.approved')],
    [
      'pull.merge',
      proposing && !held && has('remediation.approved') && settled('check.post') && !has('pull.merged'),
    ],
    ['remediate.dispatch', proposing && !held && has('pull.merged')],
    ['issue.reopen', incident.attempt > 1 && !ended && incident.issue !== null],
    ['pagerduty.note', ended && tellable],
    ['undo.dispatch', undoDue(incident) && has('undo.requested')],
    ['check.ask', proposing && has('pull.opened') && !has('remediation.approved') && !has('pull.merged')],
    ['pagerduty.resolve', stage === 'RESOLVED' && has('recovery.confirmed') && settled('pagerduty.note')],
    ['issue.propose', has('pull.opened') && !ended],
    ['issue.execute', stage === 'VERIFYING' || stage === 'EXECUTING'],
    ['issue.describe', has('alert.described') && incident.issue !== null],
    ['pull.close', ended && has('pull.opened') && !has('pull.merged')],
    ['slack.post', tellable && (has('pull.opened') || ended)],
    ['slack.update', ended && settled('slack.post')],
    ['issue.close', ended && incident.issue !== null && settled('pagerduty.note') && settled('slack.post')],
    ['issue.tell', incident.issue !== null && untold(incident)],
    ['check.tell', proposing && delayed && settled('check.post')],
    ['slack.tell', ended && newestOf(incident, undoNews) > 0 && settled('slack.update')],
    ['slack.tell', proposing && delayed && settled('slack.post')],
    ['pagerduty.tell', ended && newestOf(incident, undoEnds) > 0 && settled('pagerduty.note')],
  ];
  const learned = stage === 'RESOLVED' && has('recovery.confirmed') && settled('issue.close');
  const proposal = latestOf(incident, 'remediation.proposed');
  wanted.push(['runbook.propose', learned && proposal?.by !== 'runbook' && proposal?.runbook != null]);
  return wanted
    .filter(([kind, due]) => due && !settled(kind))
    .map(([kind]) => ({ kind, name: effectName(incident, kind) }));
}

/**
 * Whether this replica may take an effect now: nobody claimed it, the claim is over, or this replica claimed it before it
 * was restarted.
 */
export function claimable(
  state: EffectState | undefined,
  owner: { replica: string; boot: string },
  now: Date,
): boolean {
  if (!state) return true;
  if (state.status !== 'claimed') return false;
  const [replica, boot] = state.owner.split('@');
  return Date.parse(state.until) <= now.getTime() || (replica === owner.replica && boot !== owner.boot);
}
