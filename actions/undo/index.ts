// undo: runs the approved undo once, after a fix that failed or did not help, or when a person asks for it. The same bytes
// that were reviewed with the fix. Must never run by itself when it is unknown what the fix did, nor beside the fix.
import * as core from '@actions/core';
import { deleteWorkspace } from '#adapters/coder';
import { takeSnapshot } from '#adapters/snapshot';
import { readFolder, type Source } from '#adapters/source';
import { digestOfProposal, partsOf, whatChanged } from '#core/digest';
import { remediationFolder, workspaceName } from '#core/incident-key';
import { type Incident, known } from '#core/replay';
import { compareSnapshots } from '#core/verdict';
import { pause, runStep, type Step } from '../shared/job.ts';
import { planOf } from '../shared/plan.ts';
import { cleanUp, coderAccount, conclude, runScript } from '../shared/workspace.ts';

async function undo(step: Step): Promise<void> {
  const incident = await step.newest();
  const account = coderAccount();
  const refuse = async (reason: string): Promise<void> => {
    core.warning(`the undo does not run: ${reason}`);
    await step.post([{ type: 'undo.refused', data: { reason: step.redact(reason).slice(0, 500) } }]);
  };
  const approved = await approvedUndo(step, incident);
  if (!approved.ok) return refuse(approved.reason);
  // What may still run must be gone first: a fix that was lost could go on beside its own undo.
  const fix = workspaceName(incident.key, incident.attempt);
  const gone = await deleteWorkspace(account, fix, pause);
  if (!gone.ok) return refuse(`the workspace of the fix could not be removed: ${gone.reason}`);
  const name = workspaceName(incident.key, incident.attempt, true);
  const started = await step.post([{ type: 'undo.started', data: { workspace: name, run: step.run } }]);
  if (!started.ok) return refuse(started.reason);
  const { settings, commit } = approved.source;
  const ran = await runScript(step, account, settings, {
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
      }
    : { ok: false, outcome: 'failed' as const, exit: null, output: step.redact(ran.reason), ms: 0 };
  await conclude(step, account, name, {
    type: 'undo.finished',
    data: { ...result, workspace: name, snapshot: await restored(step) },
  });
}

type Approved = { ok: true; script: string; source: Source } | { ok: false; reason: string };

/** The undo on main, if it is the one that was approved together with the fix. */
async function approvedUndo(step: Step, incident: Incident): Promise<Approved> {
  const proposal = known(incident, 'remediation.proposed');
  const approved = known(incident, 'remediation.approved');
  const source = await step.source();
  const files = (await readFolder(step.clone, source.commit, remediationFolder(incident.key))) ?? {};
  const script = files['undo.sh'];
  if (!proposal || !approved || script === undefined)
    return { ok: false, reason: 'main holds no approved undo; a person must undo this' };
  const onMain = { ...proposal, files: { ...proposal.files, ...files } };
  const { settings, settingsSha256 } = source;
  if (digestOfProposal(onMain, settings, settingsSha256) === approved.digest)
    return { ok: true, script, source };
  const now = partsOf(onMain, settings, settingsSha256);
  const changed = whatChanged(known(incident, 'remediation.judged')?.parts, now);
  return { ok: false, reason: `${changed} changed since the approval; a person must undo this` };
}

/** Whether the reads recorded before the fix look the same again. */
async function restored({ incident }: Step): Promise<'equal' | 'different' | 'none'> {
  const before = known(incident, 'remediation.started')?.snapshot ?? [];
  const proposal = known(incident, 'remediation.proposed');
  const planned = proposal ? planOf(proposal) : null;
  if (before.length === 0 || !planned?.ok) return 'none';
  return compareSnapshots(before, await takeSnapshot(planned.plan));
}

// One bundle for both phases: the runner starts it again as the action's post step.
const post = core.getState('phase') === 'post';
core.saveState('phase', 'post');
await (post ? cleanUp('undo') : runStep('undo', undo));
