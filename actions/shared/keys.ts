// All that a job was given for looks that need it. Must never be asked by a job that opens pages and judges: those hold no secret.
import * as core from '@actions/core';
import { commandsInCoder } from '#adapters/workspace/commands/coder';
import type { Commands } from '#adapters/workspace/commands/workspace';
import { lookWorkspaceName } from '#core/ledger/incident-key';
import { checkSecretsOf } from './check-secrets.ts';
import type { Step } from './job.ts';
import { datadogOf } from './monitoring.ts';
import { print } from './print.ts';
import type { Keys } from './symptoms.ts';
import { optional } from './told.ts';

export const keysOf = async (step: Step, job: 'measure' | 'execute'): Promise<Keys> => ({
  datadog: datadogOf(step.settings),
  secrets: checkSecretsOf(step),
  commands: commandsOf(step, job, (await step.source()).commit),
});

/** The template that only reads, with this job's own account. Of one job's workspaces each has a name of its own, and always the same. */
function commandsOf(step: Step, job: string, commit: string): Commands | { readonly none: string } {
  const token = optional('coder-api-token');
  if (token !== null) core.setSecret(token);
  let made = 0;
  return commandsInCoder(step.settings, token, {
    name: () => lookWorkspaceName(step.incident.key, `${step.run.id} ${job}`, made++),
    from: { incident: step.incident.key, commit, path: 'verify.yml' },
    redact: step.redact,
    tell: print,
    warn: (sentence) => core.warning(sentence),
  });
}
