// decide: turns what is known into a proposal. With LLM_PROVIDER=runbook that is the matching runbook's own remediation.
// Must never judge its own proposal: the app does that.
import { dump } from 'js-yaml';
import { plan } from '#core/planner';
import { runStep } from '../shared/job.ts';

await runStep('decide', async (step) => {
  const { settings, runbooks } = await step.source();
  const planned = plan(step.incident, runbooks, settings);
  if (!planned.ok) {
    await step.post([{ type: 'incident.escalated', data: { code: planned.code, reason: planned.reason } }]);
    return;
  }
  const files = {
    ...planned.files,
    'remediation.yml': dump(planned.manifest, { lineWidth: 110, noRefs: true }),
  };
  await step.post([{ type: 'remediation.proposed', data: { ...planned.proposal, files } }]);
});
