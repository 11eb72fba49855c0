// The embedded planner (LLM_PROVIDER=runbook): the matching runbook's own remediation with parameters bound. No model.
// Must never take a value from the alert: target and parameters come from the inventory.

import { misfit } from '#core/catalogue/catalogue';
import { PROPOSE_THRESHOLD } from '#core/knowledge/context';
import { type Runbook, stillSays } from '#core/knowledge/runbook';
import { impossibleOf } from '#core/knowledge/undoing';
import type { FactDataOf } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { latestOf } from '#core/ledger/replay';
import { type Settings, serviceOf } from '#core/settings';
import { bindParameters, type Manifest, renderScript } from './remediation.ts';

type Planned =
  | {
      ok: true;
      proposal: Omit<FactDataOf<'remediation.proposed'>, 'files'>;
      files: { 'fix.sh': string; 'undo.sh'?: string; 'verify.yml': string };
      manifest: Manifest;
    }
  | {
      ok: false;
      code: 'no_inventory' | 'no_runbook' | 'no_remediation' | 'no_parameter' | 'runbook_changed';
      reason: string;
    };

export function plan(incident: Incident, runbooks: readonly Runbook[], settings: Settings): Planned {
  const service = serviceOf(settings, incident.opened.service.id);
  if (!service)
    return {
      ok: false,
      code: 'no_inventory',
      reason: `service ${incident.opened.service.id} is not in the inventory of vigil.yml`,
    };
  const match = latestOf(incident, 'context.retrieved')?.matches[0];
  if (!match || match.score < PROPOSE_THRESHOLD) {
    return {
      ok: false,
      code: 'no_runbook',
      reason: match
        ? `the nearest runbook, ${match.runbook}, matches only ${match.score} of 100`
        : 'no runbook matches this incident',
    };
  }
  const runbook = runbooks.find((candidate) => candidate.id === match.runbook);
  // After a withdrawal the runbook may be newer than the match. Then the proposal goes to people (matchOf in judgement.ts).
  if (
    !runbook ||
    (!stillSays(runbook, { id: match.runbook, sha256: match.sha256 }) && incident.generation === 0)
  )
    return {
      ok: false,
      code: 'runbook_changed',
      reason: `runbook ${match.runbook} changed since it was matched`,
    };
  const { remediation } = runbook;
  if (!remediation || runbook.block === null)
    return { ok: false, code: 'no_remediation', reason: `runbook ${runbook.id} has no remediation block` };
  const bound = bindParameters(remediation.parameters, service.parameters);
  if (!bound.ok) return { ok: false, code: 'no_parameter', reason: bound.reason };
  const odd = remediation.named && misfit(remediation.named, bound.parameters);
  if (odd) return { ok: false, code: 'no_parameter', reason: odd };
  const reference = { id: runbook.id, path: runbook.path, sha256: runbook.sha256, block: runbook.block };
  const evidence = latestOf(incident, 'hypothesis.received')?.evidence ?? [];
  const shared = {
    by: 'runbook' as const,
    kind: remediation.kind,
    target: service.name,
    risk: remediation.risk,
    runbook: reference,
    parameters: bound.parameters,
    summary: runbook.title,
    quotes: [],
  };
  const impossible = impossibleOf(remediation.undoing);
  return {
    ok: true,
    proposal: { ...shared, ...(impossible === undefined ? {} : { impossible }), confidence: null },
    files: {
      'fix.sh': renderScript(remediation.fix, bound.parameters),
      ...(remediation.undo === null ? {} : { 'undo.sh': renderScript(remediation.undo, bound.parameters) }),
      'verify.yml': remediation.verify,
    },
    manifest: {
      v: 1,
      incident: incident.key,
      attempt: incident.attempt,
      ...shared,
      ...(impossible === undefined ? {} : { undo: { impossible } }),
      evidence,
      timeouts: settings.timeouts,
    },
  };
}
