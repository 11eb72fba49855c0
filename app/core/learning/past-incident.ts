// An incident that is over, as the memory keeps it: what it was, what was done, whether it helped.
// It informs later proposals. Must never allow anything, and must take its texts from the ledger, where they are redacted.
// This room holds what is kept after an incident; it must not change how the present one is decided.

import { ranNothing } from '#core/incident/outcome';
import { documentId, limits, type PastIncidentDocument, patterns } from '#core/knowledge/documents';
import { type Incident, latestOf } from '#core/ledger/replay';
import { cut } from '#core/text/cut';
import { correctionOf } from './correction.ts';

/** 100 when the fix was verified, 0 when it ran and was not verified. Null: nothing ran. */
export function effectivenessOf(incident: Incident): number | null {
  const finished = latestOf(incident, 'remediation.finished');
  if (!latestOf(incident, 'remediation.started') || (finished && ranNothing(finished))) return null;
  return incident.stage === 'RESOLVED' && latestOf(incident, 'recovery.confirmed') ? 100 : 0;
}

/**
 * The document of this attempt. `failureTypes` comes from the runbook, `service` from the inventory, and `resolution` says
 * how the incident ended. Null before the end.
 */
export function pastIncidentOf(
  incident: Incident,
  {
    service,
    failureTypes,
    resolution,
  }: { service: string; failureTypes: readonly string[]; resolution: string },
): PastIncidentDocument | null {
  const outcome = outcomeOf(incident);
  if (outcome === null || !patterns.service.test(service)) return null;
  const proposal = latestOf(incident, 'remediation.proposed');
  const hypothesis = latestOf(incident, 'hypothesis.received');
  const effectiveness = effectivenessOf(incident);
  const correction = correctionOf(incident);
  const runbook = proposal?.runbook?.id;
  return {
    _id: documentId.pastIncident(incident.key, incident.attempt),
    _type: 'pastIncident',
    title: cut(incident.opened.title, limits.title),
    service,
    failureTypes: [...new Set(failureTypes)].slice(0, limits.words),
    occurredAt: new Date(incident.openedAt).toISOString(),
    ...(hypothesis ? { hypothesis: cut(hypothesis.text, limits.step) } : {}),
    resolution: cut(resolution, limits.step),
    outcome,
    ...(effectiveness === null ? {} : { effectiveness }),
    ...(runbook !== undefined && patterns.runbookId.test(runbook) ? { runbookId: runbook } : {}),
    ...(proposal ? { kind: cut(proposal.kind, limits.line) } : {}),
    ...(correction ? { correction: cut(correction.text, limits.step) } : {}),
    ...(incident.issue ? { issue: incident.issue.url } : {}),
  };
}

function outcomeOf(incident: Incident): PastIncidentDocument['outcome'] | null {
  if (incident.stage === 'ESCALATED') return 'escalated';
  if (incident.stage !== 'RESOLVED') return null;
  if (latestOf(incident, 'symptom.absent')) return 'false_alarm';
  return latestOf(incident, 'recovery.confirmed') ? 'resolved' : 'recovered_alone';
}
