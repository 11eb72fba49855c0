// Running a script in a workspace, for execute and undo: run, deliver the outcome, and only then delete.
// Must never delete the only place where an outcome stands before the ledger has it.
import { randomBytes } from 'node:crypto';
import * as core from '@actions/core';
import { type CoderAccount, deleteWorkspace } from '#adapters/coder';
import { type Ran, runInWorkspace } from '#adapters/coder-run';
import { remediationFolder } from '#core/incident-key';
import type { Settings } from '#core/settings';
import { optional, pause, type Step } from './job.ts';

const OUTPUT_CHARS = 6000;

export function coderAccount(): CoderAccount {
  const token = core.getInput('coder-api-token', { required: true });
  core.setSecret(token);
  return {
    api: core.getInput('coder-api-url', { required: true }).replace(/\/$/, ''),
    token,
    organization: optional('coder-organization') ?? 'default',
  };
}

/** Runs one approved script in the workspace of this name. */
export async function runScript(
  step: Step,
  account: CoderAccount,
  settings: Settings,
  script: { name: string; file: 'fix.sh' | 'undo.sh'; text: string; commit: string },
): Promise<Ran> {
  core.saveState('workspace', script.name);
  const ran = await runInWorkspace(
    account,
    {
      name: script.name,
      template: settings.workspace.template,
      templateVersion: settings.workspace.version,
      incident: step.incident.key,
      commit: script.commit,
      path: `${remediationFolder(step.incident.key)}/${script.file}`,
      script: script.text,
      nonce: randomBytes(16).toString('hex'),
      timeoutSeconds: settings.timeouts.script_seconds,
      ttlMinutes: settings.workspace.ttl_minutes,
    },
    pause,
  );
  const output = step.redact(ran.known ? ran.output : '').slice(-OUTPUT_CHARS);
  core.info(
    ran.known
      ? `${script.file}: ${ran.outcome}, exit code ${ran.exit ?? 'unknown'}, ${ran.ms} ms`
      : `${script.file}: outcome unknown: ${ran.reason}`,
  );
  if (output !== '') core.info(output);
  return ran.known ? { ...ran, output } : ran;
}

/** Deletes the workspace once its outcome is on the ledger, and says so there. */
export async function discard(step: Step, account: CoderAccount, name: string): Promise<void> {
  const gone = await deleteWorkspace(account, name, pause);
  if (!gone.ok) {
    core.warning(`workspace ${name} could not be deleted: ${gone.reason}; the janitor will`);
    return;
  }
  core.saveState('workspace', '');
  await step.post([{ type: 'workspace.deleted', data: { workspace: name } }]);
}
