// Runs a script in a workspace, for execute and undo: runs it, delivers the outcome, and only then deletes the workspace.
// Must never delete a workspace while it is the only place that has the outcome. A stop by a person is the exception.

import { randomBytes } from 'node:crypto';
import * as core from '@actions/core';
import type { Ended, Ran, Watch, Workspaces } from '#adapters/workspace/port';
import type { Job } from '#core/incident/job-due';
import { stopOf, strays } from '#core/incident/running';
import { type Fact, parseFact } from '#core/ledger/facts';
import { remediationFolder } from '#core/ledger/incident-key';
import { latestOf } from '#core/ledger/replay';
import type { Settings } from '#core/settings';
import { cut } from '#core/text/cut';
import { pause, type Step, withStep } from './job.ts';
import { placeOf } from './place.ts';
import { print } from './print.ts';

const OUTPUT_CHARS = 6000;
const LOOK_MS = 3000;

/** Time as it is, and the log for whoever waits. `tell` is given Coder's own words, so that they are redacted. */
export const watching = (step: Pick<Step, 'redact'>, pausing = pause): Watch => ({
  now: Date.now,
  pause: pausing,
  tell: (sentence) => print(step.redact(sentence)),
});

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

/** What became of a script. `gone`: its workspace is, by proof. */
export type Outcome = Extract<Ran, { known: true }> | (Extract<Ran, { known: false }> & { gone: boolean });

/** Ends the script by deleting its workspace. What it did before is not known, and the outcome says that. */
async function kill(step: Step, place: Workspaces, name: string, by: StoppedError): Promise<Outcome> {
  core.warning(by.message);
  const ended = await place.end(name, watching(step));
  if (ended.gone) core.saveState('workspace', '');
  const reason = cut(`${by.message}${ended.gone ? '' : `; ${leftBehind(name, ended)}`}`, 500);
  return { known: false, reason, output: '', gone: ended.gone };
}

/** Whether its script may still be at work, and what people can do. */
const leftBehind = (name: string, { dead, reason }: Ended): string =>
  `the workspace ${name} could not be removed (${dead ? 'its script is dead' : 'its script may still be at work'}): ${reason}`;

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
  step: Reading & Pick<Step, 'post' | 'redact'>,
  place: Pick<Workspaces, 'end'>,
): Promise<string | null> {
  for (const { workspace } of strays(await step.ledger.newest())) {
    const ended = await place.end(workspace, watching(step));
    if (ended.gone) await step.post([{ type: 'workspace.deleted', data: { workspace } }]);
    else if (!ended.dead) return leftBehind(workspace, ended);
  }
  return null;
}

/** Runs one approved script in the workspace of this name. A person can stop it. */
export async function runScript(
  step: Step,
  place: Workspaces,
  settings: Settings,
  script: { name: string; file: 'fix.sh' | 'undo.sh'; text: string; commit: string },
): Promise<Outcome> {
  const watch = watchFor(step);
  core.saveState('workspace', script.name); // before the workspace is created, so that it is cleaned up even when the answer is lost
  const order = {
    name: script.name,
    script: script.text,
    nonce: randomBytes(16).toString('hex'),
    timeoutSeconds: settings.timeouts.script_seconds,
    from: {
      incident: step.incident.key,
      commit: script.commit,
      path: `${remediationFolder(step.incident.key)}/${script.file}`,
    },
  };
  const ran = await place
    .run(order, watching(step, watch.pause))
    .catch((error: unknown) => {
      if (error instanceof StoppedError) return kill(step, place, script.name, error);
      throw error;
    })
    .finally(watch.end);
  // A workspace of that name which is somebody else's stays where it is.
  if (ran.known && !ran.made) core.saveState('workspace', '');
  const output = step.redact(ran.output).slice(-OUTPUT_CHARS);
  print(
    ran.known
      ? `${script.file}: ${ran.outcome}, exit code ${ran.exit ?? 'unknown'}, ${ran.ms} ms (${witness[ran.said]})`
      : `${script.file}: outcome unknown: ${step.redact(ran.reason)}`,
  );
  if (output !== '') print(output);
  return ran.known ? { ...ran, output } : { gone: false, ...ran, output };
}

const witness: Record<Extract<Ran, { known: true }>['said'], string> = {
  both: 'by the exit code and the last line',
  'exit code': 'by the exit code alone; the last line never came',
  'last line': 'by the last line alone; the exit code never came',
  place: 'nothing of it ran to its end',
};

/** Delivers the outcome, then deletes the workspace. If it cannot be delivered, both are left for cleanUp. */
export async function conclude(
  step: Pick<Step, 'post' | 'redact'>,
  place: Pick<Workspaces, 'end'>,
  workspace: string,
  outcome: Fact,
  made = true,
): Promise<void> {
  core.saveState('outcome', JSON.stringify(outcome));
  await step.post([outcome]).catch((error: Error) => {
    throw new Error(`${error.message}; ${workspace} is kept`);
  });
  core.saveState('outcome', '');
  if (!made) return;
  const ended = await place.end(workspace, watching(step), { seen: true });
  if (!ended.gone)
    return core.warning(`${step.redact(leftBehind(workspace, ended))}; the workflow watch removes it`);
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
  await withStep(job, (step) => conclude(step, placeOf(step.settings), workspace, parsed.fact));
}
