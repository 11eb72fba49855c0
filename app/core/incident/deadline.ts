// The deadlines of an incident: how long a script, a verification, an undo or a merged remediation may stay silent.
// Stages before the pull request are watched in another way: by their workflow run (app/desk/awaited-runs.ts).
// Must never call an outcome good or bad when nobody has seen it.

import type { Fact } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Settings } from '#core/settings';
import { jobMinutes, jobSeconds, LOOK_LIMIT_S, SCRIPT_MARGIN_S, VERIFY_LIMIT_S } from './limits.ts';
import { lookLost, nextLookAt } from './looks.ts';
import { putBackOwed } from './put-back-owed.ts';
import { running } from './running.ts';

/** Time for the job to see a stop, to delete the workspace and to say so. */
const STOP_MARGIN_S = jobSeconds.remove + jobSeconds.slack;

/** The fact that ends a stage which has been silent for too long. Null: there is still time, or no deadline. */
export function overdue(incident: Incident, settings: Settings, now: Date): Fact | null {
  const { script_seconds } = settings.timeouts;
  const since = (at: string | undefined): number => (now.getTime() - Date.parse(at ?? '')) / 1000;
  if (incident.stage === 'EXECUTING') {
    const { latest } = incident;
    const workspace = latestOf(incident, 'remediation.started')?.workspace ?? '';
    const lost = (reason: string): Fact => ({ type: 'remediation.lost', data: { reason, workspace } });
    const stop = latestOf(incident, 'stop.requested');
    if (stop && since(latest['stop.requested']?.at) >= STOP_MARGIN_S)
      return lost(`@${stop.by} stopped it, and the job did not answer within ${STOP_MARGIN_S} s`);
    const limit = script_seconds + SCRIPT_MARGIN_S;
    return since(latest['remediation.started']?.at) >= limit
      ? lost(`the job said nothing for ${limit} s, longer than any script may run`)
      : null;
  }
  if (incident.stage === 'VERIFYING') {
    const look = overdueLook(incident, now);
    if (look !== 'none') return look;
    if (since(incident.latest['remediation.finished']?.at) < VERIFY_LIMIT_S) return null;
    const reason = `the verification said nothing for ${VERIFY_LIMIT_S} s`;
    return { type: 'recovery.inconclusive', data: { samples: [], reason, ms: VERIFY_LIMIT_S * 1000 } };
  }
  if (putBackOwed(incident)) {
    if (since(incident.latest['putback.due']?.at) < jobMinutes.undo * 60) return null;
    return { type: 'undo.refused', data: { reason: `no job began it within ${jobMinutes.undo} minutes` } };
  }
  if (hasEnded(incident) && running(incident)) {
    const limit = script_seconds + SCRIPT_MARGIN_S;
    if (since(incident.latest['undo.started']?.at) < limit) return null;
    const output = `the undo said nothing for ${limit} s, so it is not known what it did`;
    const workspace = latestOf(incident, 'undo.started')?.workspace ?? '';
    const result = { ok: false, outcome: 'failed' as const, exit: null, output, ms: limit * 1000, workspace };
    return { type: 'undo.finished', data: { ...result, snapshot: 'none' } };
  }
  // Before the merge, Vigil asks again when an approval expired. After the merge there is nothing left to review.
  const approved = latestOf(incident, 'remediation.approved');
  const started = latestOf(incident, 'remediation.started');
  if (incident.stage !== 'SYNTHESIZING' || !approved || started || !latestOf(incident, 'pull.merged'))
    return null;
  if (Date.parse(approved.expires) > now.getTime()) return null;
  const reason = `it was merged, and did not start before ${approved.expires}`;
  return { type: 'incident.escalated', data: { code: 'expired', reason } };
}

/** The same for a look that was promised. `none`: none was, so that the verification itself counts. */
function overdueLook(incident: Incident, now: Date): Fact | null | 'none' {
  const { latest } = incident;
  if (!latest['recovery.watched']) return 'none';
  const since = nextLookAt(incident) ?? Date.parse(latest['look.asked']?.at ?? '');
  if (now.getTime() - since < LOOK_LIMIT_S * 1000) return null;
  const due = new Date(since).toISOString();
  return lookLost(incident, `the look that was due at ${due} said nothing for ${LOOK_LIMIT_S} s`, false);
}
