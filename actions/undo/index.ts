// undo: runs the approved undo once, after a fix that failed or did not help. The same bytes that were reviewed with the fix.
// Must never run when it is unknown what the fix did.
import { readFolder } from '#adapters/source';
import { remediationFolder, workspaceName } from '#core/incident-key';
import { digestOfProposal } from '#core/judgement';
import { known } from '#core/replay';
import { runStep } from '../shared/job.ts';
import { coderAccount, discard, runScript } from '../shared/workspace.ts';

await runStep('undo', async (step) => {
  const { incident } = await step.ledger();
  const proposal = known(incident, 'remediation.proposed');
  const approved = known(incident, 'remediation.approved');
  const source = await step.source();
  const files = (await readFolder(step.clone, source.commit, remediationFolder(incident.key))) ?? {};
  const undo = files['undo.sh'];
  const same =
    proposal &&
    approved &&
    digestOfProposal(
      { ...proposal, files: { ...proposal.files, ...files } },
      source.settings,
      source.settingsSha256,
    ) === approved.digest;
  if (!same || undo === undefined)
    throw new Error('the undo on main is not the one that was approved; a person must undo this');
  const account = coderAccount();
  const name = workspaceName(incident.key, incident.attempt, true);
  const started = await step.post([{ type: 'undo.started', data: { workspace: name, run: step.run } }]);
  if (!started.ok) return;
  const ran = await runScript(step, account, source.settings, {
    name,
    file: 'undo.sh',
    text: undo,
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
  const delivered = await step.post([
    { type: 'undo.finished', data: { ...result, workspace: name, snapshot: 'none' } },
  ]);
  if (delivered.ok) await discard(step, account, name);
});
