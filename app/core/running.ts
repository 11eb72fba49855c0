// Scripts of an incident that run, may be stopped, or may be undone, read off the ledger alone.
// Must never owe an undo by itself when it is unknown what the fix did.
import { type Incident, known } from './replay.ts';

/**
 * An undo is owed once: when a person asks for it, and by itself after a fix that failed or did not help, never when it
 * is unknown what ran. One that could not begin is owed again only when a person asks again.
 */
export function undoDue(incident: Incident): boolean {
  if (incident.stage !== 'ESCALATED' || known(incident, 'undo.started')) return false;
  const asked = incident.latest['undo.requested']?.seq ?? 0;
  const refused = incident.latest['undo.refused']?.seq ?? 0;
  if (asked > refused) return mayUndo(incident).ok;
  if (refused > 0 || known(incident, 'remediation.lost')) return false;
  const finished = known(incident, 'remediation.finished');
  const failed =
    finished !== null &&
    !finished.ok &&
    finished.outcome !== 'provision_failed' &&
    finished.outcome !== 'refused';
  const proposal = known(incident, 'remediation.proposed');
  return proposal?.files['undo.sh'] !== undefined && (failed || known(incident, 'recovery.refuted') !== null);
}

/** Whether a person may ask for the undo: a script was started, its undo never was, and there is one. */
export function mayUndo(incident: Incident): { ok: true } | { ok: false; reason: string } {
  const refusal = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });
  if (!known(incident, 'remediation.started'))
    return refusal('no script was started, so nothing can be undone');
  if (known(incident, 'remediation.proposed')?.files['undo.sh'] === undefined)
    return refusal('the approved remediation has no undo');
  if (known(incident, 'undo.started')) return refusal('the undo was started already and never runs twice');
  if (incident.stage !== 'RESOLVED' && incident.stage !== 'ESCALATED')
    return refusal('the remediation is still at work; stop it first, or wait for its end');
  return { ok: true };
}

/** The stop that a running script or undo must obey: one that was asked for after it was started. */
export function stopOf(incident: Incident): { by: string; reason: string } | null {
  const stop = incident.latest['stop.requested'];
  return stop && running(incident) && stop.seq > (startedAt(incident) ?? 0) ? stop.data : null;
}

/** Whether a script of this incident may be running right now. */
export function running(incident: Incident): boolean {
  return (
    incident.stage === 'EXECUTING' ||
    (known(incident, 'undo.started') !== null && known(incident, 'undo.finished') === null)
  );
}

/** The service an incident is at work on, from its start to its end with its undo; nobody else may start there. */
export function leaseOf(incident: Incident): string | null {
  const has = (type: Parameters<typeof known>[1]): boolean => known(incident, type) !== null;
  const working =
    incident.stage === 'EXECUTING' ||
    incident.stage === 'VERIFYING' ||
    (has('remediation.lost') && !has('undo.finished')) ||
    undoDue(incident) ||
    (has('undo.started') && !has('undo.finished'));
  return working ? (known(incident, 'remediation.proposed')?.target ?? null) : null;
}

function startedAt({ latest }: Incident): number | undefined {
  return latest['undo.started']?.seq ?? latest['remediation.started']?.seq;
}
