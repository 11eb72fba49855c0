// The proposal's verify.yml with the inventory's parameters filled in. Must never name a place that is not in the inventory.

import { load as parseYaml } from 'js-yaml';
import type { Proposal } from '#core/ledger/facts';
import { type BoundPlan, bind, parseVerifyPlan } from '#core/verification/plan';

type Planned = { ok: true; plan: BoundPlan } | { ok: false; reason: string };

export function planOf(proposal: Proposal): Planned {
  const parsed = parseVerifyPlan(parseYaml(proposal.files['verify.yml']));
  return parsed.ok ? bind(parsed.plan, proposal.parameters) : parsed;
}
