// The last gate, computed by the job that runs the script, right before it creates the workspace.
// Must never believe something because it was true earlier: digest, policy, approval, expiry, hold and lease are all
// computed again. This room holds who and what may let a script run; it must not perform anything or word messages.

import { allOf, condition, type Decision } from '#core/decision';
import { changesIn } from '#core/incident/changes';
import { misfits } from '#core/incident/limits';
import { actWithEnd, coveredUntil } from '#core/incident/put-back';
import { strayBefore } from '#core/incident/running';
import type { Judged, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Change } from '#core/policy/cool-down';
import { digestOfProposal, partsOf, whatChanged } from '#core/proposal/digest';
import { type Settings, serviceOf } from '#core/settings';
import { type JudgedScripts, judgeScripts } from './judged-scripts.ts';
import { unagreed } from './unagreed.ts';

export type GateInput = {
  incident: Incident;
  /** The files of the folder as they are on main now, read as blobs, and the runbook's sha256 there. */
  onMain: { files: Readonly<Record<string, string>>; runbookSha256: string | null };
  settings: Settings;
  settingsSha256: string;
  held: boolean;
  /** Key of another incident that holds the service's lease, or null. */
  leasedTo: string | null;
  /** What other incidents changed lately. */
  changes: readonly Change[];
  now: Date;
  /** Version of the policy in force; this program's own by default. */
  policy?: string | undefined;
};

export function mayRun(input: GateInput): Decision {
  const { incident, onMain, settings, now } = input;
  const proposal = latestOf(incident, 'remediation.proposed');
  const approved = latestOf(incident, 'remediation.approved');
  const merged = latestOf(incident, 'pull.merged');
  const service = serviceOf(settings, incident.opened.service.id);
  if (!proposal || !service) {
    return allOf('may run', [
      condition('proposed', proposal !== null, proposal ? 'there is a proposal' : 'there is no proposal'),
      condition(
        'in the inventory',
        service !== null,
        service ? 'the service is known' : 'the service is not in the inventory',
      ),
    ]);
  }
  const asOnMain = proposalOnMain(proposal, onMain);
  const digest = digestOfProposal(asOnMain, settings, input.settingsSha256, input.policy);
  const parts = partsOf(asOnMain, settings, input.settingsSha256, input.policy);
  const changed = whatChanged(latestOf(incident, 'remediation.judged')?.parts, parts);
  const names = Object.keys(onMain.files).sort().join(' ');
  const expected = Object.keys(proposal.files).sort().join(' ');
  const changes = [...input.changes, ...changesIn([incident])];
  const again = judgeScripts(asOnMain, service, settings, now, changes);
  const judged = latestOf(incident, 'remediation.judged');
  const [misfit] = misfits(settings);
  const stray = strayBefore(incident);
  return allOf('may run', [
    condition(
      'approved',
      approved !== null,
      approved ? `approved by ${whoOf(approved)}` : 'nobody approved it',
    ),
    condition('stage', incident.stage === 'SYNTHESIZING', `the incident is ${incident.stage}`),
    condition(
      'merged',
      merged !== null,
      merged ? `merged as ${merged.sha.slice(0, 7)}` : 'the pull request is not merged',
    ),
    condition('same files', names === expected, `the folder holds ${names || 'nothing'}`),
    condition(
      'same digest',
      digest === approved?.digest,
      approved === null || digest === approved.digest
        ? `on main ${digest.slice(0, 12)}, approved ${approved?.digest.slice(0, 12) ?? 'nothing'}`
        : `${changed} changed since the approval: on main ${digest.slice(0, 12)}, approved ${approved.digest.slice(0, 12)}`,
    ),
    condition(
      'not expired',
      approved !== null && now.getTime() < Date.parse(approved.expires),
      `approved until ${approved?.expires ?? 'never'}`,
    ),
    policyCondition(again, judged, approved?.lane ?? null),
    ...(misfit ? [condition('limits', false, `${misfit.cause}. ${misfit.cure}`)] : []),
    condition(
      'no freeze',
      approved?.lane === 'human' || !settings.auto.freeze,
      `freeze: ${settings.auto.freeze}`,
    ),
    condition('no hold', !input.held, input.held ? 'held' : 'not held'),
    condition(
      'lease',
      input.leasedTo === null && stray === null,
      stray
        ? `the script of attempt ${stray.attempt} may still be at work: nobody has confirmed that ${stray.workspace} is gone`
        : input.leasedTo
          ? `${input.leasedTo} is at work on ${service.name}`
          : `${service.name} is free`,
    ),
  ]);
}

/**
 * What the policy says now, in the lane of the approval. A rule that began to hold since people were asked is one that nobody agreed to.
 */
function policyCondition(
  again: JudgedScripts,
  judged: Judged | null,
  lane: 'auto' | 'human' | null,
): Decision {
  const says = `the policy says ${again.verdict}, lane ${lane ?? 'none'}`;
  const [first] = unagreed(again.findings, judged?.findings ?? []);
  const enough =
    again.verdict === 'allow'
      ? lane !== 'auto' || again.risk === 'LOW'
      : again.verdict === 'review' && lane === 'human';
  const why = first ?? (enough ? undefined : again.findings[0]);
  const more = why ? `: ${why.sentence}` : enough ? '' : `, risk ${again.risk}`;
  return condition('policy', enough && first === undefined, `${says}${more}`);
}

type UndoAllowed = { ok: true; script: string } | { ok: false; reason: string };

/**
 * The undo on main, if it was approved together with the fix, under the same digest. For an act that is put back by itself that
 * approval counts until the end that was named, and a day longer.
 */
export function approvedUndo(
  input: Pick<GateInput, 'incident' | 'settings' | 'settingsSha256' | 'policy'> & {
    files: GateInput['onMain']['files'];
    now: Date;
  },
): UndoAllowed {
  const { incident, files, settings, settingsSha256, policy } = input;
  const proposal = latestOf(incident, 'remediation.proposed');
  const approved = latestOf(incident, 'remediation.approved');
  const script = files['undo.sh'];
  if (!proposal || !approved || script === undefined)
    return { ok: false, reason: 'main holds no approved undo; a person must undo this' };
  const act = actWithEnd(incident);
  const agreed = latestOf(incident, 'putback.due');
  if (agreed && agreed.because !== 'asked' && act && input.now.getTime() >= coveredUntil(act))
    return { ok: false, reason: 'its approval covered it until its end and a day; a person must undo this' };
  const onMain = { ...proposal, files: { ...proposal.files, ...files } };
  if (digestOfProposal(onMain, settings, settingsSha256, policy) === approved.digest)
    return { ok: true, script };
  const parts = partsOf(onMain, settings, settingsSha256, policy);
  const changed = whatChanged(latestOf(incident, 'remediation.judged')?.parts, parts);
  return { ok: false, reason: `${changed} changed since the approval; a person must undo this` };
}

function whoOf({ lane, by }: { lane: 'auto' | 'human'; by: readonly string[] }): string {
  return lane === 'auto' ? 'the auto lane' : by.map((login) => `@${login}`).join(' and ');
}

/** The proposal with the files and the runbook that main holds now. Before the run, the digest is taken of this. */
export function proposalOnMain(proposal: Proposal, onMain: GateInput['onMain']): Proposal {
  return {
    ...proposal,
    files: { ...proposal.files, ...onMain.files },
    runbook: proposal.runbook && { ...proposal.runbook, sha256: onMain.runbookSha256 ?? '' },
  };
}
