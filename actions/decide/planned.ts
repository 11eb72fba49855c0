// The embedded planner's proposal as facts. Must never judge its own proposal: the app does that.

import { dump } from 'js-yaml';
import type { Source } from '#adapters/git/source';
import type { Fact } from '#core/ledger/facts';
import type { ModelUse } from '#core/ledger/model-use';
import { plan } from '#core/proposal/planner';
import { cut } from '#core/text/cut';
import type { Step } from '../shared/job.ts';

export function escalated(code: string, reason: string): Fact {
  return { type: 'incident.escalated', data: { code, reason: cut(reason, 500) } };
}

/** `insteadOf`: the model that failed. When it is given, the proposal cannot take the auto lane. */
export function byPlanner(step: Pick<Step, 'incident'>, source: Source, insteadOf: ModelUse | null): Fact[] {
  const planned = plan(step.incident, source.runbooks, source.settings);
  if (!planned.ok) return [escalated(planned.code, planned.reason)];
  const files = {
    ...planned.files,
    'remediation.yml': dump(planned.manifest, { lineWidth: 110, noRefs: true }),
  };
  const model = insteadOf ? { model: insteadOf } : {};
  return [{ type: 'remediation.proposed', data: { ...planned.proposal, ...model, files } }];
}
