// What the end of a script means, in one place: history, calibration, the breaker, the undo and words all ask here.
// Must never call it a failure of the runbook when nothing of it ran.
import type { ScriptOutcome } from '#core/ledger/executed';
import type { FactDataOf } from '#core/ledger/facts';

/** That an agent never connected is said only when its workspace is gone. */
const nothing: readonly ScriptOutcome[] = ['refused', 'provision_failed', 'agent_never_connected'];

type Executed = Pick<FactDataOf<'remediation.finished'>, 'ok' | 'outcome'>;

/** The workspace was refused or never came to be, so that not one byte of the script ran. */
export function ranNothing({ ok, outcome }: Executed): boolean {
  return !ok && nothing.includes(outcome);
}

/** It ran, or may have run, and did not succeed. */
export function hasFailed(executed: Executed): boolean {
  return !executed.ok && !ranNothing(executed);
}
