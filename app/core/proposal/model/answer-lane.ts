// Whether a proposal may take the auto lane, judged only by who wrote it. Also counts its verified quotes.
// Must never let these run alone: the planner in place of a model, a model that was not asked three times, or bytes
// without a history of their own.

import type { Runbook } from '#core/knowledge/runbook';
import { impossibleOf } from '#core/knowledge/undoing';
import type { Proposal } from '#core/ledger/facts';
import { renderScript } from '../remediation.ts';

/** The files that are byte for byte the runbook's own. They were reviewed on main, whoever proposes them now. */
export function reviewedFiles({ files, parameters }: Proposal, runbook: Runbook | null): string[] {
  const own = runbook?.remediation;
  const odd = ([name, value]: [string, string]) => !/^[A-Z][A-Z0-9_]*$/.test(name) || /['\n\r\0]/.test(value);
  if (!own || Object.entries(parameters).some(odd)) return [];
  const theirs: Readonly<Record<string, string | null>> = {
    'fix.sh': renderScript(own.fix, parameters),
    'undo.sh': own.undo === null ? null : renderScript(own.undo, parameters),
    'verify.yml': own.verify,
  };
  return Object.entries(files).flatMap(([name, text]) => (theirs[name] === text ? [name] : []));
}

/** Whether scripts, verification and kind are byte for byte the runbook's own, with the proposal's parameters. */
export function isRunbooksOwn(proposal: Proposal, runbook: Runbook | null): boolean {
  const { files, parameters } = proposal;
  const own = runbook?.remediation;
  return (
    own?.kind === proposal.kind &&
    files['fix.sh'] === renderScript(own.fix, parameters) &&
    files['undo.sh'] === (own.undo === null ? undefined : renderScript(own.undo, parameters)) &&
    files['verify.yml'] === own.verify &&
    proposal.impossible === impossibleOf(own.undoing)
  );
}

/**
 * The planner may run alone when the installation chose it, and not when it replaces a model that failed. A model's
 * proposal may when the first model of the ladder wrote it, its repetitions were compared, and it has exactly the bytes
 * of the runbook: only those bytes have a history.
 */
export function mayRunAlone(proposal: Proposal, runbook: Runbook | null): boolean {
  const { by, model } = proposal;
  if (by === 'runbook') return model === undefined;
  if (by !== 'model' || !model) return false;
  return model.fallback === null && model.consistency !== null && isRunbooksOwn(proposal, runbook);
}

export function quoteCounts({ quotes }: Pick<Proposal, 'quotes'>): { verified: number; unverified: number } {
  const verified = quotes.filter((quote) => quote.verified === true).length;
  return { verified, unverified: quotes.length - verified };
}
