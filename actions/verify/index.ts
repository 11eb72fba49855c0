// verify: looks whether what was red is green, and whether anything got worse, by several samples, as long as the next look is near.
// Must never call it green when the browser was lost: that is inconclusive.

import * as core from '@actions/core';
import { MOST_GREEN_S } from '#core/incident/limits';
import { factOfLooks, seriesOf } from '#core/incident/looks';
import { latestOf } from '#core/ledger/replay';
import { summaryOf } from '#core/messages/looks';
import { pictureLines } from '#core/messages/pictures';
import { runStep } from '../shared/job.ts';
import { handPictures } from '../shared/pictures.ts';
import { planOf } from '../shared/plan.ts';
import { look } from '../shared/symptoms.ts';

await runStep('verify', async (step) => {
  const proposal = latestOf(step.incident, 'remediation.proposed');
  if (!proposal) return;
  const planned = planOf(proposal);
  if (!planned.ok) {
    const reason = `verify.yml: ${planned.reason}`;
    await step.post([factOfLooks({ verdict: 'inconclusive', reason, samples: [], ms: 0 })]);
    return;
  }
  const before = latestOf(step.incident, 'remediation.started')?.samples ?? [];
  const series = seriesOf(step.incident, planned.plan);
  const job_s = Math.min(step.settings.timeouts.verify_seconds, MOST_GREEN_S);
  const seen = await look(step, {
    plan: planned.plan,
    which: 'green',
    before,
    patience: series && { ...series, job_s },
  });
  const kept = seen.goesOn ? {} : await handPictures(step, seen);
  // A runner without a place for it shows the log all the same.
  await core.summary
    .addRaw([summaryOf(seen, before), ...pictureLines(kept.pictures)].join('\n'), true)
    .write()
    .catch(() => undefined);
  await step.post([factOfLooks({ ...seen, ...kept }, step.incident)]);
});
