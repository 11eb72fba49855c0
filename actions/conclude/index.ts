// conclude: one sentence of what was learned, with an effectiveness from 0 to 100, for the history that later proposals ask.
import { ending } from '#core/messages/words';
import { known } from '#core/replay';
import { runStep } from '../shared/job.ts';

await runStep('conclude', async (step) => {
  const { incident } = step;
  const ran = known(incident, 'remediation.finished');
  const effectiveness = known(incident, 'recovery.confirmed') ? 100 : ran ? 0 : null;
  if (effectiveness === null) return;
  await step.post([
    { type: 'incident.learned', data: { effectiveness, summary: step.redact(ending(incident)) } },
  ]);
});
