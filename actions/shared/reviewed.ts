// Which checks of a proposal may be looked at before anybody has approved it: those that only read, or that a reviewed runbook has.
// Must never take a runbook for reviewed that is not on main now.
import { stillSays } from '#core/knowledge/runbook';
import type { Proposal } from '#core/ledger/facts';
import { type BoundPlan, bind, safeBeforeApproval } from '#core/verification/plan';
import type { Step } from './job.ts';

/** Why the proposal may not be looked at before approval. Null: it may. */
export async function unsafeIn(
  step: Pick<Step, 'source'>,
  proposal: Proposal,
  plan: BoundPlan,
): Promise<string | null> {
  const { runbooks } = await step.source();
  const reviewed = runbooks.find((runbook) => stillSays(runbook, proposal.runbook))?.remediation?.plan;
  const bound = reviewed ? bind(reviewed, proposal.parameters) : null;
  const [first] = safeBeforeApproval(plan, bound?.ok ? bound.plan : null);
  return first ? `check ${first.check} may not run before approval: ${first.reason}` : null;
}
