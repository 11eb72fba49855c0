// Runs a script in a workspace, for execute and undo: runs it, delivers the outcome, and only then deletes the workspace.
// Must never delete a workspace while it is the only place that has the outcome. A stop by a person is the exception.

import { randomBytes } from 'node:crypto';
import * as core from '@actions/core';
import { type CoderAccount, deleteWorkspace } from '#adapters/workspace/coder/api';
import { type Ran, runInWorkspace } from '#adapters/workspace/coder/run';
import { SETTINGS_PATH } from '#adapters/git/source';
import type { Job } from '#core/incident/due';
import { stopOf, strays } from '#core/incident/running';
import { type Fact, parseFact } from '#core/ledger/facts';
import { remediationFolder } from '#core/ledger/incident-key';
import { latestOf } from '#core/ledger/replay';
import type { Settings } from '#core/settings';
import { cut } from '#core/text/cut';
import { pause, type Step, withStep } from './job.ts';
import { print } from './print.ts';

const OUTPUT_CHARS = 6000;
const LOOK_MS = 3000;

/** The deployment that vigil.yml names, with the job's own token. */
export function coderAccount({ coder }: Settings): CoderAccount {
  const token = core.getInput('coder-api-token', { required: true });
  core.setSecret(token);
  if (!coder)
    throw new Error(`${SETTINGS_PATH} on main names no coder.url: there is no place to run anything`);
  return { api: coder.url, token, organization: coder.organization };
}

/** A person asked for the script to be stopped while it ran. */
class StoppedError extends Error {
  override name = 'StoppedError';
}

/**
 * Reads the ledger every few seconds while a script runs, and throws in its pause when a person said stop. Nobody waits for a
 * ledger that does not answer: the script may end meanwhile. If it cannot be read, the script goes on until its time-out.
 */
function watchFor(step: Step): { pause(ms: number): Promise<void>; end(): void } {
  let next = Date.now();
  let looking = false;
  let ended = false;
  let stop: ReturnType<typeof stopOf> = null;
  const look = async (): Promise<void> => {
    looking = true;
    try {
      stop = stopOf(await step.ledger.newest());
    } catch (error) {
      if (!ended) core.warning(`the ledger could not be read: ${step.redact(String(error)).slice(0, 300)}`);
    }
    looking = false;
    next = Date.now() + LOOK_MS;
  };
  return {
    async pause(ms) {
      if (!looking && Date.now() >= next) void look();
      await pause(ms);
      if (stop)
        throw new StoppedError(`@${stop.by} stopped it${stop.reason === '' ? '' : `: ${stop.reason}`}`);
    },
    end: () => {
      ended = true;
    },
  };
}

/** The outcome of a script. `deleted`: its workspace is gone already. */
export type Ended = Extract<Ran, { known: true }> | { known: false; reason: string; deleted: boolean };

/** Ends the script by deleting its workspace. What it did before is not known, and the outcome says that. */
async function kill(account: CoderAccount, name: string, by: StoppedError): Promise<Ended> {
  core.warning(by.message);
  const gone = await deleteWorkspace(account, name, pause);
  if (gone.ok) core.saveState('workspace', '');
  const left = gone.ok ? '' : `; its workspace could not be deleted: ${gone.reason}`;
  return { known: false, reason: cut(`${by.message}${left}`, 500), deleted: gone.ok };
}

type Reading = { ledger: Pick<Step['ledger'], 'newest'> };

/** Sees to it that the start stands on the ledger as this run's: an answer alone could be anybody's. Throws when it does not. */
export async function claimed(
  step: Reading & Pick<Step, 'run'>,
  start: 'remediation.started' | 'undo.started',
): Promise<void> {
  if (latestOf(await step.ledger.newest(), start)?.run.id !== step.run.id)
    throw new Error('the ledger does not have the start that the app is said to have taken: nothing runs');
}

/**
 * Sees to it that no script of this incident can be at work any more of which nobody has seen the end, and says so. Null, or why
 * that cannot be told.
 */
export async function clearStrays(
  step: Reading & Pick<Step, 'post'>,
  account: CoderAccount,
): Promise<string | null> {
  for (const { workspace } of strays(await step.ledger.newest())) {
    const gone = await deleteWorkspace(account, workspace, pause);
    if (!gone.ok) return `the workspace ${workspace} could not be removed: ${gone.reason}`;
    await step.post([{ type: 'workspace.deleted', data: { workspace } }]);
  }
  return null;
}

/** Runs one approved script in the workspace of this name. A person can stop it. */
export async function runScript(
  step: Step,
  account: CoderAccount,
  settings: Settings,
  script: { name: string; file: 'fix.sh' | 'undo.sh'; text: string; commit: string },
): Promise<Ended> {
  const watch = watchFor(step);
  core.saveState('workspace', script.name); // before the workspace is created, so that it is cleaned up even when the answer is lost
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
    watch.pause,
  )
    .catch((error: unknown) => {
      if (error instanceof StoppedError) return kill(account, script.name, error);
      throw error;
    })
    .finally(watch.end);
  const output = step.redact(ran.known ? ran.output : '').slice(-OUTPUT_CHARS);
  print(
    ran.known
      ? `${script.file}: ${ran.outcome}, exit code ${ran.exit ?? 'unknown'}, ${ran.ms} ms`
      : `${script.file}: outcome unknown: ${step.redact(ran.reason)}`,
  );
  if (output !== '') print(output);
  return ran.known ? { ...ran, output } : { deleted: false, ...ran };
}

/** Delivers the outcome, then deletes the workspace. If it cannot be delivered, both are left for cleanUp. */
export async function conclude(
  step: Pick<Step, 'post' | 'redact'>,
  account: CoderAccount,
  workspace: string,
  outcome: Fact,
): Promise<void> {
  core.saveState('outcome', JSON.stringify(outcome));
  await step.post([outcome]).catch((error: Error) => {
    throw new Error(`${error.message}; ${workspace} is kept`);
  });
  core.saveState('outcome', '');
  const gone = await deleteWorkspace(account, workspace, pause);
  if (!gone.ok) {
    core.warning(
      `workspace ${workspace} could not be deleted: ${step.redact(gone.reason)}; the workflow watch removes it`,
    );
    return;
  }
  core.saveState('workspace', '');
  await step.post([{ type: 'workspace.deleted', data: { workspace } }]);
}

/** Runs after the job, however it ended: delivers an outcome that was not delivered, then deletes the workspace. */
export async function cleanUp(job: Job): Promise<void> {
  const workspace = core.getState('workspace');
  const outcome = core.getState('outcome');
  if (workspace === '') return;
  if (outcome === '') {
    core.warning(`workspace ${workspace} is kept: nobody has seen its script end`);
    return;
  }
  const value: unknown = JSON.parse(outcome);
  const { type, data } = value as { type: string; data: unknown };
  const parsed = parseFact(type, data);
  if (!parsed.ok) throw new Error(parsed.reason);
  await withStep(job, (step) => conclude(step, coderAccount(step.settings), workspace, parsed.fact));
}
