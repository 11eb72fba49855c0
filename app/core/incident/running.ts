// Which script of an incident runs, may be stopped or may be undone. Looks at the ledger alone.
// Must never make an undo due by itself when it is not known what the fix did.
import { type Incident, latestOf } from '#core/ledger/replay';

/**
 * An undo is due once. It is due when a person asks for it, and by itself after a fix that failed or did not help. It is
 * never due by itself when it is not known what ran. If it could not begin, it is due again only when a person asks again.
 */
export function undoDue(incident: Incident): boolean {
  if (incident.stage !== 'ESCALATED' || latestOf(incident, 'undo.started')) return false;
  const asked = incident.latest['undo.requested']?.seq ?? 0;
  const refused = incident.latest['undo.refused']?.seq ?? 0;
  if (asked > refused) return mayUndo(incident).ok;
  if (refused > 0 || latestOf(incident, 'remediation.lost')) return false;
  const finished = latestOf(incident, 'remediation.finished');
  const failed =
    finished !== null &&
    !finished.ok &&
    finished.outcome !== 'provision_failed' &&
    finished.outcome !== 'refused';
  const proposal = latestOf(incident, 'remediation.proposed');
  return (
    proposal?.files['undo.sh'] !== undefined && (failed || latestOf(incident, 'recovery.refuted') !== null)
  );
}

/** Whether a person may ask for the undo: a script was started, it has an undo, and that undo was never started. */
export function mayUndo(incident: Incident): { ok: true } | { ok: false; reason: string } {
  const refusal = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });
  if (!latestOf(incident, 'remediation.started'))
    return refusal('no script was started, so nothing can be undone');
  if (latestOf(incident, 'remediation.proposed')?.files['undo.sh'] === undefined)
    return refusal('the approved remediation has no undo');
  if (latestOf(incident, 'undo.started')) return refusal('the undo was started already and never runs twice');
  if (incident.stage !== 'RESOLVED' && incident.stage !== 'ESCALATED')
    return refusal('the remediation is still at work; stop it first, or wait for its end');
  return { ok: true };
}

/** The stop that a running script or undo must obey. It must have been asked for after the script was started. */
export function stopOf(incident: Incident): { by: string; reason: string } | null {
  const stop = incident.latest['stop.requested'];
  return stop && running(incident) && stop.seq > (startedAt(incident) ?? 0) ? stop.data : null;
}

/** Whether a script of this incident may be running right now. */
export function running(incident: Incident): boolean {
  return (
    incident.stage === 'EXECUTING' ||
    (latestOf(incident, 'undo.started') !== null && latestOf(incident, 'undo.finished') === null)
  );
}

/** The service an incident is at work on, from its start to its end with its undo; nobody else may start there. */
export function leaseOf(incident: Incident): string | null {
  const has = (type: Parameters<typeof latestOf>[1]): boolean => latestOf(incident, type) !== null;
  const working =
    incident.stage === 'EXECUTING' ||
    incident.stage === 'VERIFYING' ||
    (has('remediation.lost') && !has('undo.finished')) ||
    undoDue(incident) ||
    (has('undo.started') && !has('undo.finished'));
  return working ? (latestOf(incident, 'remediation.proposed')?.target ?? null) : null;
}

function startedAt({ latest }: Incident): number | undefined {
  return latest['undo.started']?.seq ?? latest['remediation.started']?.seq;
}
