// Which effects the app still owes an incident.
// Must never look at anything but the ledger, so that a re-run, another replica or a restart gets the same answer.
// This room holds what follows from the state of an incident; it must not judge scripts or approvals.
import type { FactType } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { newestOfLeft, watchOwed } from './left-workspaces.ts';
import { isLookAsked, newestOfSettling } from './looks.ts';
import { lastPull, leftPull } from './pushes.ts';
import { putBackOwed } from './put-back-owed.ts';
import { undoDue } from './running.ts';
import { isOwedForLong, newestBeginning, newestOfTelling } from './untold.ts';

export const effectKinds = [
  'issue.open',
  'respond.dispatch',
  'respond.again',
  'respond.retry',
  'judge',
  'pull.open',
  'check.ask',
  'check.post',
  'check.tell',
  'issue.propose',
  'slack.post',
  'pull.merge',
  'pull.tell',
  'pull.close',
  'pull.leave',
  'remediate.dispatch',
  'look.dispatch',
  'undo.dispatch',
  'issue.remind',
  'slack.remind',
  'watch.dispatch',
  'issue.describe',
  'issue.reopen',
  'issue.execute',
  'issue.close',
  'issue.tell',
  'slack.update',
  'slack.tell',
  'pagerduty.note',
  'pagerduty.progress',
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
    'respond.retry',
    'judge',
    'pull.open',
    'check.post',
    'pull.merge',
    'remediate.dispatch',
    'look.dispatch',
  ].includes(kind);
}

/** What begins a respond run; its jobs speak for it. */
export const respondEffects: readonly EffectKind[] = ['respond.dispatch', 'respond.again'];

const perProposal: readonly EffectKind[] = [
  'respond.again',
  'respond.retry',
  'judge',
  'pull.open',
  'check.ask',
  'check.post',
  'issue.propose',
  'slack.post',
  'pull.merge',
];

const undoNews: readonly FactType[] = ['undo.requested', 'undo.refused', 'undo.finished'];
/** News for people besides the stages. Below: which of it Slack and PagerDuty must hear too. */
const news: readonly FactType[] = [
  'alert.changed',
  'incident.moved',
  'hold.set',
  'hold.released',
  'stop.requested',
  'remediation.withdrawn',
  'issue.closed',
  'merge.delayed',
  'putback.kept',
  ...undoNews,
];
/** What those who review must hear on the pull request. */
export const pullNews: readonly FactType[] = ['remediation.withdrawn', 'review.discounted'];
const undoEnds: readonly FactType[] = ['undo.refused', 'undo.finished'];
const perNews: Partial<Record<EffectKind, readonly FactType[]>> = {
  'pull.tell': pullNews,
  'slack.tell': ['merge.delayed', ...undoNews],
  'check.tell': ['merge.delayed'],
  'pagerduty.tell': undoEnds,
  'undo.dispatch': ['undo.requested', 'putback.due'],
  'issue.remind': ['putback.reminded'],
  'slack.remind': ['putback.reminded'],
  'look.dispatch': ['look.asked'],
};

/** The number of the newest record of these types in this attempt. 0: there is none. */
function newestOf({ records, attempt }: Incident, types: readonly FactType[]): number {
  const record = records.findLast((one) => one.attempt === attempt && types.includes(one.type));
  return record?.seq ?? 0;
}

/** Whether the respond run that this proposal is to come from has come to nothing: its effect failed after it was done. */
export function cameToNothing(incident: Incident): boolean {
  const name = effectName(incident, incident.generation > 0 ? 'respond.again' : 'respond.dispatch');
  const ends = incident.records.filter(
    ({ type, data }) => (type === 'effect.done' || type === 'effect.failed') && data.effect === name,
  );
  return ends.at(-1)?.type === 'effect.failed' && ends.at(-2)?.type === 'effect.done';
}

/** The newest news for the issue: what happened, or that somebody could not be told of it. */
function newestNews(incident: Incident): number {
  const others = [newestOfTelling, newestOfLeft, newestOfSettling].map((newest) => newest(incident));
  return Math.max(newestOf(incident, news), ...others);
}

/** Whether there is news that is not on the issue yet: no effect that writes the whole issue began after it. */
function untold(incident: Incident): boolean {
  const newest = newestNews(incident);
  const whole = [effectName(incident, 'issue.propose'), effectName(incident, 'issue.close')];
  return newest > 0 && newestBeginning(incident, whole) <= newest;
}

/** `kind#attempt`, with `.n` at the end for the proposal after the n-th withdrawal, or for news in record n. */
export function effectName(incident: Incident, kind: EffectKind): string {
  const { attempt, generation } = incident;
  const types = perNews[kind];
  if (kind === 'issue.tell') return `${kind}#${attempt}.${newestNews(incident)}`;
  if (kind === 'pagerduty.progress') return `${kind}#${attempt}.${newestOfSettling(incident)}`;
  if (kind === 'watch.dispatch') return `${kind}#${attempt}.${watchOwed(incident)}`;
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
  /** What fails for minutes keeps nothing else waiting: it stays owed, and the issue says so. */
  const tried = (kind: EffectKind): boolean =>
    settled(kind) || isOwedForLong(incident, effectName(incident, kind));
  const ended = hasEnded(incident);
  const proposing = stage === 'SYNTHESIZING';
  const judged = latestOf(incident, 'remediation.judged');
  // What a person asks for is theirs to answer for, also under a hold.
  const mayPutBack =
    putBackOwed(incident) && (!held || latestOf(incident, 'putback.due')?.because === 'asked');
  const delayed = has('merge.delayed') && !has('pull.merged');
  const tellable = incident.issue !== null || settled('issue.open');
  // Effects that move the incident come first, so that telling people never delays them.
  const wanted: [EffectKind, boolean][] = [
    ['issue.open', incident.issue === null],
    ['respond.dispatch', incident.issue !== null && !ended && !has('investigation.started')],
    [
      'respond.again',
      proposing && incident.generation > 0 && !has('remediation.proposed') && !cameToNothing(incident),
    ],
    ['respond.retry', !ended && !has('remediation.rehearsed') && cameToNothing(incident)],
    ['judge', proposing && has('remediation.rehearsed') && !judged],
    ['pull.open', proposing && judged !== null && judged.verdict !== 'refuse' && !has('pull.opened')],
    ['check.post', proposing && has('pull.opened') && has('remediation.approved')],
    [
      'pull.merge',
      proposing && !held && has('remediation.approved') && settled('check.post') && !has('pull.merged'),
    ],
    ['remediate.dispatch', proposing && !held && has('pull.merged')],
    // A hold stops scripts. A look changes nothing, and an incident that nobody looks at any more would never end.
    ['look.dispatch', stage === 'VERIFYING' && isLookAsked(incident)],
    ['pull.leave', leftPull(incident) !== null],
    ['issue.reopen', incident.attempt > 1 && !ended && incident.issue !== null],
    ['pagerduty.note', ended && tellable],
    ['undo.dispatch', undoDue(incident) && (has('undo.requested') || mayPutBack)],
    ['watch.dispatch', watchOwed(incident) > 0],
    ['pagerduty.progress', stage === 'VERIFYING' && newestOfSettling(incident) > 0],
    ['check.ask', proposing && has('pull.opened') && !has('remediation.approved') && !has('pull.merged')],
    [
      'pull.tell',
      proposing && lastPull(incident) !== null && newestOf(incident, pullNews) > 0 && !has('pull.merged'),
    ],
    ['pagerduty.resolve', stage === 'RESOLVED' && has('recovery.confirmed') && settled('pagerduty.note')],
    ['issue.propose', has('pull.opened') && !ended],
    ['issue.execute', stage === 'VERIFYING' || stage === 'EXECUTING'],
    ['issue.describe', has('alert.described') && incident.issue !== null],
    ['pull.close', ended && lastPull(incident) !== null && !has('pull.merged')],
    ['slack.post', tellable && (has('pull.opened') || ended)],
    ['slack.update', ended && settled('slack.post')],
    ['issue.close', ended && incident.issue !== null && tried('pagerduty.note') && tried('slack.post')],
    ['issue.tell', incident.issue !== null && untold(incident)],
    ['check.tell', proposing && delayed && settled('check.post')],
    ['issue.remind', ended && incident.issue !== null && has('putback.reminded')],
    ['slack.remind', ended && has('putback.reminded') && settled('slack.post')],
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
