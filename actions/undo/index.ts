// undo: runs the approved undo once, after a fix that failed or did not help. The same bytes that were reviewed with the fix.
// Must never run when it is unknown what the fix did.
import * as core from '@actions/core';
import { takeSnapshot } from '#adapters/snapshot';
import { readFolder } from '#adapters/source';
import { remediationFolder, workspaceName } from '#core/incident-key';
import { digestOfProposal } from '#core/judgement';
import { known } from '#core/replay';
import { compareSnapshots } from '#core/verdict';
import { runStep, type Step } from '../shared/job.ts';
import { planOf } from '../shared/plan.ts';
import { cleanUp, coderAccount, conclude, runScript } from '../shared/workspace.ts';

async function undo(step: Step): Promise<void> {
  const { incident } = step;
  const proposal = known(incident, 'remediation.proposed');
  const approved = known(incident, 'remediation.approved');
  const source = await step.source();
  const files = (await readFolder(step.clone, source.commit, remediationFolder(incident.key))) ?? {};
  const script = files['undo.sh'];
  const same =
    proposal &&
    approved &&
    digestOfProposal(
      { ...proposal, files: { ...proposal.files, ...files } },
      source.settings,
      source.settingsSha256,
    ) === approved.digest;
  if (!same || script === undefined)
    throw new Error('the undo on main is not the one that was approved; a person must undo this');
  const account = coderAccount();
  const name = workspaceName(incident.key, incident.attempt, true);
  const started = await step.post([{ type: 'undo.started', data: { workspace: name, run: step.run } }]);
  if (!started.ok) return;
  const ran = await runScript(step, account, source.settings, {
    name,
    file: 'undo.sh',
    text: script,
    commit: source.commit,
  });
  const result = ran.known
    ? {
        ok: ran.outcome === 'succeeded',
        outcome: ran.outcome,
        exit: ran.exit,
        output: ran.output,
        ms: ran.ms,
      }
    : { ok: false, outcome: 'failed' as const, exit: null, output: ran.reason, ms: 0 };
  await conclude(step, account, name, {
    type: 'undo.finished',
    data: { ...result, workspace: name, snapshot: await restored(step) },
  });
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
