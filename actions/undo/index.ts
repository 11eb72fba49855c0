// undo: runs the approved undo once, after a fix that made something worse or broke off half-way, where the runbook says so after
// one that did not help, when an act's time has come, or when a person asks for it. It runs exactly the bytes that were reviewed with
// the fix. Must never run by itself when it is not known what the fix did. Must never run
// at the same time as the fix.

import * as core from '@actions/core';
import { takeSnapshot } from '#adapters/browser/checks/snapshot';
import { readFolder } from '#adapters/git/source';
import { approvedUndo } from '#core/gate/gate';
import { ranNothing } from '#core/incident/outcome';
import { remediationFolder, workspaceName } from '#core/ledger/incident-key';
import { latestOf } from '#core/ledger/replay';
import { cut } from '#core/text/cut';
import { compareSnapshots } from '#core/verification/verdict';
import { runStep, type Step } from '../shared/job.ts';
import { placeOf } from '../shared/place.ts';
import { planOf } from '../shared/plan.ts';
import { misread } from '../shared/witness.ts';
import { claimed, cleanUp, clearStrays, conclude, runScript, watching } from '../shared/workspace.ts';

async function undo(step: Step): Promise<void> {
  const incident = await step.ledger.newest();
  const place = placeOf(step.settings);
  const refuse = async (reason: string): Promise<void> => {
    core.warning(`the undo does not run: ${step.redact(reason)}`);
    await step.post([{ type: 'undo.refused', data: { reason: cut(step.redact(reason), 500) } }]);
  };
  const { settings, settingsSha256, commit } = await step.source();
  const files = (await readFolder(step.clone, commit, remediationFolder(incident.key))) ?? {};
  const approved = approvedUndo({ incident, files, settings, settingsSha256, now: new Date() });
  if (!approved.ok) return refuse(approved.reason);
  const otherwise = await misread('undo.sh', approved.script);
  if (otherwise !== null) return refuse(otherwise);
  // Every workspace of a script must be gone first, because a lost fix could still be running.
  const left = await clearStrays(step, place);
  if (left) return refuse(left);
  const fix = workspaceName(incident.key, incident.attempt);
  // The script of the fix must be dead; that its workspace is cleaned up is not waited for.
  const finished = latestOf(incident, 'remediation.finished');
  const made = finished === null || !ranNothing(finished);
  const ended = made ? await place.end(fix, watching(step)) : { dead: true, reason: '' };
  if (!ended.dead) return refuse(`the script of the fix may still be at work: ${ended.reason}`);
  const name = workspaceName(incident.key, incident.attempt, true);
  const started = await step.post([{ type: 'undo.started', data: { workspace: name, run: step.run } }]);
  if (!started.ok) return refuse(started.reason);
  await claimed(step, 'undo.started');
  const ran = await runScript(step, place, settings, {
    name,
    file: 'undo.sh',
    text: approved.script,
    commit,
  });
  const result = ran.known
    ? {
        ok: ran.outcome === 'succeeded',
        outcome: ran.outcome,
        exit: ran.exit,
        output: ran.output,
        ms: ran.ms,
        said: ran.said,
      }
    : { ok: false, outcome: 'failed' as const, exit: null, output: step.redact(ran.reason), ms: 0 };
  await conclude(step, place, name, {
    type: 'undo.finished',
    data: { ...result, workspace: name, snapshot: await restored(step) },
  });
}

/** Whether the plan's `snapshot` reads the same again as before the fix. */
async function restored({ incident }: Step): Promise<'equal' | 'different' | 'none'> {
  const before = latestOf(incident, 'remediation.started')?.snapshot ?? [];
  const proposal = latestOf(incident, 'remediation.proposed');
  const planned = proposal ? planOf(proposal) : null;
  if (before.length === 0 || !planned?.ok) return 'none';
  return compareSnapshots(before, await takeSnapshot(planned.plan));
}

// One bundle for both phases: the runner starts it a second time as the action's post step.
const post = core.getState('phase') === 'post';
core.saveState('phase', 'post');
await (post ? cleanUp('undo') : runStep('undo', undo));
