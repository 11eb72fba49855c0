// conclude: writes what was learned, in one sentence with an effectiveness from 0 to 100. Where Sanity is configured, the
// incident also becomes a past incident that later investigations find. Must never fail because the memory fails: then it
// only warns.
import * as core from '@actions/core';
import { openSanity } from '#adapters/sanity/client';
import { writeDocuments } from '#adapters/sanity/write';
import { sanityAccount } from '#core/knowledge/sanity-account';
import { correctionOf } from '#core/learning/correction';
import { effectivenessOf, pastIncidentOf } from '#core/learning/past-incident';
import { latestOf } from '#core/ledger/replay';
import { ending } from '#core/messages/words';
import { serviceOf } from '#core/settings';
import { runStep, type Step } from '../shared/job.ts';
import { optional } from '../shared/told.ts';

/** One sentence about what was written to the memory. Null: there is no memory. */
async function remember(step: Step): Promise<string | null> {
  const token = optional('sanity-token') ?? undefined;
  if (token) core.setSecret(token);
  const { project: projectId, ...place } = step.settings.sanity ?? {};
  const read = sanityAccount({ projectId, ...place, token });
  if (!read.ok) return read.given ? `nothing was remembered: ${read.reason}` : null;
  const { incident } = step;
  const { settings, runbooks } = await step.source();
  const service = serviceOf(settings, incident.opened.service.id)?.name ?? '';
  const cited = latestOf(incident, 'remediation.proposed')?.runbook?.id;
  const failureTypes = runbooks.find(({ id }) => id === cited)?.failure_types ?? [];
  const document = pastIncidentOf(incident, { service, failureTypes, resolution: ending(incident) });
  if (!document) return 'nothing was remembered: the incident is not over, or its service has no name';
  const wrote = await writeDocuments(openSanity(read.account), [document]);
  return wrote.ok ? `remembered as ${document._id}` : `nothing was remembered: ${wrote.reason}`;
}

await runStep('conclude', async (step) => {
  const { incident } = step;
  const effectiveness = effectivenessOf(incident);
  const correction = correctionOf(incident);
  const memory = await remember(step).catch((error: Error) => `nothing was remembered: ${error.message}`);
  if (memory?.startsWith('nothing')) core.warning(step.redact(memory));
  else if (memory) core.info(memory);
  if (effectiveness === null) return;
  await step.post([
    {
      type: 'incident.learned',
      data: {
        effectiveness,
        summary: step.redact(ending(incident)),
        ...(correction ? { correction: { by: correction.by, text: step.redact(correction.text) } } : {}),
      },
    },
  ]);
});
