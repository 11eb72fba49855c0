// execute: computes the gate again, sees red again, asks bash how it reads the script, asks to start, and runs exactly the approved bytes once, in one
// workspace. Must never create a workspace before the app has taken `remediation.started`. When a person says stop, the
// workspace is deleted and the script ends with it.

import * as core from '@actions/core';
import { takeSnapshot } from '#adapters/browser/checks/snapshot';
import { readFolder, type Source } from '#adapters/git/source';
import { type Decision, decisionText } from '#core/decision';
import { mayRun, proposalOnMain } from '#core/gate/gate';
import { changesIn } from '#core/incident/changes';
import type { Fact, Proposal } from '#core/ledger/facts';
import { remediationFolder, workspaceName } from '#core/ledger/incident-key';
import { latestOf } from '#core/ledger/replay';
import { looksBack } from '#core/policy/organisation';
import { digestOfProposal } from '#core/proposal/digest';
import { cut } from '#core/text/cut';
import { runStep, type Step } from '../shared/job.ts';
import { keysOf } from '../shared/keys.ts';
import { tellMeasures } from '../shared/measures.ts';
import { placeOf } from '../shared/place.ts';
import { planOf } from '../shared/plan.ts';
import { print } from '../shared/print.ts';
import { tellShards } from '../shared/shards.ts';
import { lookBeforeRun, pagesOf } from '../shared/symptoms.ts';
import { misread } from '../shared/witness.ts';
import { claimed, cleanUp, clearStrays, conclude, runScript } from '../shared/workspace.ts';

type Checked = {
  decision: Decision;
  source: Source;
  files: Readonly<Record<string, string>>;
  proposal: Proposal | null;
  /** The digest of what would run now, computed from main. */
  digest: string;
};

/** The whole gate, from the ledger and main as they are now. */
async function check(step: Step): Promise<Checked> {
  const incident = await step.ledger.newest();
  const proposal = latestOf(incident, 'remediation.proposed');
  const source = await step.source();
  const files = (await readFolder(step.clone, source.commit, remediationFolder(incident.key))) ?? {};
  const runbook = source.runbooks.find((candidate) => candidate.path === proposal?.runbook?.path);
  const { settings, settingsSha256 } = source;
  const onMain = { files, runbookSha256: runbook?.sha256 ?? null };
  const decision = mayRun({
    incident,
    onMain,
    settings,
    settingsSha256,
    ...(await step.ledger.inTheWay(proposal?.target ?? null)),
    // Reading the whole past takes a while, and few rules ask for it.
    changes: looksBack(settings.policy.rules) ? changesIn(await step.ledger.past()) : [],
    now: new Date(),
  });
  print(step.redact(decisionText(decision)));
  const digest = proposal ? digestOfProposal(proposalOnMain(proposal, onMain), settings, settingsSha256) : '';
  return { decision, source, files, proposal, digest };
}

async function execute(step: Step): Promise<void> {
  const { incident, settings } = step;
  const place = placeOf(settings);
  const escalate = async (code: string, reason: string): Promise<void> => {
    await step.post([{ type: 'incident.escalated', data: { code, reason: cut(step.redact(reason), 500) } }]);
  };
  const left = await clearStrays(step, place);
  if (left) return escalate('gate', left);
  const first = await check(step);
  if (!first.decision.ok || !first.proposal) return escalate('gate', first.decision.reason);
  const planned = planOf(first.proposal);
  if (!planned.ok) return escalate('gate', `verify.yml: ${planned.reason}`);
  const healthy = await place.ready();
  if (!healthy.ok) return escalate('gate', `no workspace can be had: ${healthy.reason}`);
  const red = await lookBeforeRun(step, planned.plan, await keysOf(step, 'execute'));
  if (red.verdict === 'absent') {
    await step.post([
      {
        type: 'symptom.absent',
        data: { samples: red.samples, reason: red.reason, alert: 'unknown' },
      },
    ]);
    return;
  }
  if (red.verdict !== 'red') return escalate('eyes', `the symptom could not be looked at: ${red.reason}`);

  const name = workspaceName(incident.key, incident.attempt);
  const snapshot = (await takeSnapshot(planned.plan)).map((read) =>
    read.ok ? { ...read, text: step.redact(read.text) } : { ...read, reason: step.redact(read.reason) },
  );
  // The look at the symptom takes time, and main may have changed since. So the gate is computed a second time.
  const { decision, source, files, digest } = await check(step);
  if (!decision.ok) return escalate('gate', decision.reason);
  const otherwise = await misread('fix.sh', files['fix.sh'] ?? '');
  if (otherwise !== null) return escalate('gate', otherwise);
  const started = await step.post([
    {
      type: 'remediation.started',
      data: { digest, workspace: name, run: step.run, samples: red.samples, ...pagesOf(red), snapshot },
    },
  ]);
  if (!started.ok) return escalate('gate', `the app refused the start: ${started.reason}`);
  await claimed(step, 'remediation.started');
  const ran = await runScript(step, place, source.settings, {
    name,
    file: 'fix.sh',
    text: files['fix.sh'] ?? '',
    commit: source.commit,
  });
  if (!ran.known) {
    const lost: Fact = {
      type: 'remediation.lost',
      data: { reason: cut(step.redact(ran.reason), 500), workspace: name },
    };
    const deleted: Fact = { type: 'workspace.deleted', data: { workspace: name } };
    await step.post(ran.gone ? [lost, deleted] : [lost]);
    return;
  }
  const { known: _, made, ...result } = ran;
  const ok = ran.outcome === 'succeeded';
  const finished: Fact = { type: 'remediation.finished', data: { ok, ...result, workspace: name } };
  await conclude(step, place, name, finished, made);
}

/** What is to be looked at after it, and by how many jobs. */
async function tellOthers(step: Step): Promise<void> {
  await tellMeasures(step);
  await tellShards(step);
}

// One bundle for both phases: the runner starts it a second time as the action's post step.
const post = core.getState('phase') === 'post';
core.saveState('phase', 'post');
await (post ? cleanUp('execute') : runStep('execute', execute, tellOthers));
