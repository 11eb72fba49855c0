// Small sentences for every channel: what a stage means, how an incident ended. They have no formatting.
// This room holds every sentence that Vigil says to people; it must not send anything or decide anything.

import { type Lateness, lateness } from '#core/incident/heard';
import { holdOn, holdOnAll } from '#core/incident/hold';
import { delayOf } from '#core/incident/merging';
import { ranNothing } from '#core/incident/outcome';
import { lastWithdrawal } from '#core/incident/pushes';
import { isKnown, stopOf } from '#core/incident/running';
import type { FactDataOf } from '#core/ledger/facts';
import { hasEnded, type Stage } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { visible } from '#core/text/untrusted';
import { endStanding, putBackWords } from './put-back.ts';
import { settlingWords } from './settling.ts';

export const stageWords: Record<Stage, string> = {
  TRIGGERED: 'The alert was heard.',
  INVESTIGATING: 'Evidence is being gathered.',
  HYPOTHESIS_RECEIVED: 'There is a first explanation.',
  CONTEXT_RETRIEVED: 'Runbooks were compared.',
  SYNTHESIZING: 'A remediation is being prepared, rehearsed and approved.',
  EXECUTING: 'The approved script is running.',
  VERIFYING: 'Vigil is checking that users can use the service again.',
  RESOLVED: 'It is over.',
  ESCALATED: 'A person is needed.',
};

const escalations = new Map([
  ['no_inventory', 'The service is not in the inventory, so nothing may be changed on it.'],
  ['no_runbook', 'No runbook fits, and Vigil does not invent one.'],
  ['no_remediation', 'The runbook has no remediation block.'],
  ['no_parameter', 'The inventory lacks a value the runbook needs.'],
  ['runbook_changed', 'The runbook changed while it was being used.'],
  ['policy', 'The policy refuses the proposed script.'],
  ['run_failed', 'A workflow run ended without saying what it found.'],
  ['effect_failed', 'Something Vigil had to do outside could not be done.'],
  ['model', 'The model gave nothing that could be proposed.'],
  ['recheck', 'GitHub did not let Vigil check the approval again, so nothing was merged and nothing runs.'],
  ['privacy', 'Text was withheld, so nothing was asked of a model and nothing may run.'],
  ['gate', 'The last gate before the run said no.'],
  ['expired', 'The approval expired before the script started.'],
  ['unsettled', 'What the proposal is bound to kept changing.'],
  ['bytes_changed', 'The proposal was changed in a way that cannot be judged.'],
]);

/** In one sentence: how an incident ended, and why. */
export function ending(incident: Incident): string {
  const undone = undoing(incident);
  const escalated = latestOf(incident, 'incident.escalated');
  if (escalated)
    return `${escalations.get(escalated.code) ?? 'Vigil gave up.'} ${escalated.reason}${undone}`.trim();
  const rejected = latestOf(incident, 'remediation.rejected');
  // GitHub's answer about a pull request does not tell who closed it.
  if (rejected?.by === 'github') return 'The pull request was closed before anything ran.';
  if (rejected) return `@${rejected.by} rejected the remediation: ${rejected.reason}`;
  const absent = latestOf(incident, 'symptom.absent');
  if (absent) return `Nothing was broken when Vigil looked: ${absent.reason}. The alert is ${absent.alert}.`;
  const lost = latestOf(incident, 'remediation.lost');
  if (lost)
    return `It is not known what the script did: ${lost.reason}.${undone === '' ? ' Nothing more runs until a person says so.' : undone}`;
  const finished = latestOf(incident, 'remediation.finished');
  if (finished && ranNothing(finished)) return `Nothing ran: ${whyNothing(finished)}.${undone}`;
  if (finished && !finished.ok)
    return `The script did not succeed: ${finished.outcome}, exit code ${finished.exit ?? 'unknown'}.${undone}`;
  const refuted = latestOf(incident, 'recovery.refuted');
  if (refuted?.worse) return `The fix ran and made something worse: ${refuted.worse}.${undone}`;
  if (refuted) return `The fix ran and did not help: ${refuted.reason}.${undone}`;
  const inconclusive = latestOf(incident, 'recovery.inconclusive');
  if (inconclusive)
    return `The fix ran, but Vigil could not see whether it helped: ${inconclusive.reason}.${undone}`;
  const merged = latestOf(incident, 'incident.merged');
  if (merged) return `The page was merged into ${merged.into} in PagerDuty, where it goes on.`;
  if (latestOf(incident, 'alert.cleared')) return 'The service recovered on its own before anything ran.';
  const confirmed = latestOf(incident, 'recovery.confirmed');
  if (confirmed) return `The fix ran and the service works again: ${confirmed.reason}.${undone}`;
  return 'It ended.';
}

/** The vendor's words about a workspace that did not come to be; the job has redacted them. */
function whyNothing({ outcome, output }: FactDataOf<'remediation.finished'>): string {
  const [line = ''] = output.trim().split('\n');
  const what = outcome === 'refused' ? 'the workspace was refused' : 'the workspace did not come to be';
  return line === '' ? what : `${what} (${line.slice(0, 300).replace(/\.$/, '')})`;
}

/** What became of the undo: sentences to add after how the incident ended. Empty when there was no undo. */
function undoing(incident: Incident): string {
  const agreed = putBackWords(incident);
  if (agreed !== null) return agreed;
  const asked = latestOf(incident, 'undo.requested');
  const refused = latestOf(incident, 'undo.refused');
  const undo = latestOf(incident, 'undo.finished');
  const newer = (incident.latest['undo.requested']?.seq ?? 0) > (incident.latest['undo.refused']?.seq ?? 0);
  const who = asked ? ` @${asked.by} asked for the undo.` : '';
  if (undo && !isKnown(undo)) return `${who} It is not known what the undo did.`;
  if (undo && ranNothing(undo)) return `${who} The undo did not run: ${whyNothing(undo)}.`;
  if (undo) return `${who}${undo.ok ? ' The undo ran.' : ' The undo failed too.'}${restored[undo.snapshot]}`;
  if (refused && !newer) return `${who} The undo did not run: ${refused.reason}.`;
  return who;
}

const restored = {
  equal: ' What was read before the fix reads the same again.',
  different: ' What was read before the fix reads differently now.',
  none: '',
} as const;

/** What holds the incident up now, one sentence each: a stop that was asked for, a hold, a proposal that is asked again. */
export function standing(incident: Incident): string[] {
  const stop = stopOf(incident);
  const hold = holdOn(holdOnAll([incident]), incident);
  const asked = incident.stage === 'SYNTHESIZING' ? lastWithdrawal(incident) : null;
  const ended = hasEnded(incident);
  const moved = latestOf(incident, 'incident.moved');
  const late = lateness(incident);
  const delayed = notMerged(incident);
  const settling = settlingWords(incident);
  const looks = incident.stage === 'VERIFYING' ? ' Vigil goes on looking whether the fix helped.' : '';
  return [
    ...(settling === null ? [] : [settling]),
    ...(late ? [lateWords(late)] : []),
    ...(moved
      ? [`The page was moved from ${moved.from} to ${moved.to} in PagerDuty, so Vigil began again.`]
      : []),
    ...(stop ? [`@${stop.by} asked to stop the script${stop.reason ? `: ${stop.reason}` : ''}.`] : []),
    ...(hold && !ended
      ? [
          `@${hold.by} holds it${hold.reason ? `: ${hold.reason}` : ''}. Nothing starts until \`/vigil release\`.${looks}`,
        ]
      : []),
    ...endStanding(incident),
    ...(asked ? [`It was proposed again: ${asked.reason}.`] : []),
    ...(delayed === null ? [] : [delayed]),
  ];
}

/** How old the alert was when Vigil heard of it. */
export function lateWords({ at, heard, confirmed }: Lateness): string {
  const minutes = Math.round((Date.parse(heard) - Date.parse(at)) / 60_000);
  const age = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return `The alert was ${age} old when Vigil heard of it; ${
    confirmed
      ? 'PagerDuty said that it is still open.'
      : 'PagerDuty could not be asked whether it is still open, so nothing runs without a review.'
  }`;
}

type Opened = Incident['opened'];

/** What the alert is called. A word stands in for a title of which nothing can be seen. */
export function titleOf({ title }: Pick<Opened, 'title'>): string {
  return visible(title).trim() === '' ? 'an alert without a title' : title;
}

/** What the service is called: by its id where it has no name. */
export function serviceOf({ service: { name, id } }: Pick<Opened, 'service'>): string {
  const seen = [name, id].find((text) => visible(text).trim() !== '');
  return seen ?? 'a service without a name';
}

/** Why an open proposal is not merged yet, and that nobody need start it again. Null: nothing is known to keep it. */
export function notMerged(incident: Incident): string | null {
  const delay = delayOf(incident);
  return delay === null ? null : `Not merged yet: ${delay}. Vigil looks again by itself.`;
}

export function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

export function clock(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}

export function approvers(by: readonly string[]): string {
  return by.map((login) => `@${login}`).join(' and ');
}
