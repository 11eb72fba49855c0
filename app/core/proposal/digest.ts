// The digest that an approval is bound to: what it is made of, and what changed between two digests.
// Must never leave out anything that decides what runs or whether it may run.
import type { FactDataOf, Proposal } from '#core/ledger/facts';
import { policyVersion } from '#core/policy/version';
import type { Settings } from '#core/settings';
import { gitTreeId } from '#core/text/hash';
import { type DigestParts, digestOf } from './remediation.ts';

export type Parts = NonNullable<FactDataOf<'remediation.judged'>['parts']>;

/**
 * The digest that an approval of this proposal would have, with these settings of main. `policy`: the version in force; by
 * default this program's own.
 */
export function digestOfProposal(
  proposal: Proposal,
  settings: Settings,
  settingsSha256: string,
  policy = policyVersion,
): string {
  return digestOf(boundBy(proposal, settings, settingsSha256, policy));
}

/** The parts of the digest, in the form that is recorded beside it. */
export function partsOf(
  proposal: Proposal,
  settings: Settings,
  settingsSha256: string,
  policy = policyVersion,
): Parts {
  const bound = boundBy(proposal, settings, settingsSha256, policy);
  return {
    tree: gitTreeId(bound.files),
    runbook: bound.runbookSha256,
    template: bound.templateVersion,
    policy: bound.policyVersion,
    settings: bound.settingsSha256,
  };
}

/** The names of the parts that differ. An old judgement may have recorded no parts. */
export function whatChanged(before: Parts | undefined, now: Parts): string {
  if (!before) return 'what was approved';
  const changed = (Object.keys(partNames) as (keyof Parts)[]).filter((part) => before[part] !== now[part]);
  return changed.map((part) => partNames[part]).join(' and ') || 'nothing';
}

const partNames: Record<keyof Parts, string> = {
  tree: 'the proposal’s files',
  runbook: 'the runbook',
  template: 'the workspace template',
  policy: 'the policy',
  settings: 'vigil.yml',
};

function boundBy(
  proposal: Proposal,
  settings: Settings,
  settingsSha256: string,
  policy: string,
): DigestParts {
  return {
    files: Object.fromEntries(
      Object.entries(proposal.files).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    runbookSha256: proposal.runbook?.sha256 ?? null,
    templateVersion: settings.workspace.version,
    policyVersion: policy,
    settingsSha256,
  };
}
