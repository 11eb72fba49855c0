// All that a job was given for looks that need it. Must never be asked by a job that opens pages and judges: those hold no secret.
import { checkSecretsOf } from './check-secrets.ts';
import type { Step } from './job.ts';
import { datadogOf } from './monitoring.ts';
import type { Keys } from './symptoms.ts';

export const keysOf = (step: Pick<Step, 'settings' | 'keepOut'>): Keys => ({
  datadog: datadogOf(step.settings),
  secrets: checkSecretsOf(step),
});
