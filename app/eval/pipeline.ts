// Takes one case through what production does up to the pull request: clean, search, decide, rehearse, judge.
// The product's own code makes every decision. Must never know what a case expects.

import { dump, load as parseYaml } from 'js-yaml';
import type { EvidenceItem } from '#adapters/git/evidence';
import { judgeProposal } from '#core/gate/judgement';
import type { Judged, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { pullTitle } from '#core/messages/pull';
import { plan } from '#core/proposal/planner';
import { serviceOf } from '#core/settings';
import { parseVerifyPlan } from '#core/verification/plan';
import type { Case } from './case.ts';
import { after, cleaned, synthesizing } from './incident.ts';
import type { Evaluation } from './read.ts';

/** `usd`: what asking cost. Null: the price is not known. */
type Decided = { usd: number | null } & (
  | { ok: true; proposal: Proposal }
  | { ok: false; code: string; reason: string }
);
export type Decide = (
  incident: Incident,
  evaluation: Evaluation,
  evidence: readonly EvidenceItem[],
) => Promise<Decided>;

/** What would have stood in the pull request. */
type Carried = Pick<Judged, 'risk' | 'verdict' | 'lane' | 'digest'> & {
  title: string;
  confidence: number;
};
export type Ended = {
  end: 'pull request' | 'needs a person' | 'nothing to heal';
  why: string;
  /** The best match of the search, even if nothing came of it. */
  first: { runbook: string; score: number } | null;
  /** What was decided, even if the rehearsal or the policy stopped it. */
  proposed: { runbook: string | null; kind: string; target: string } | null;
  pull: Carried | null;
  usd: number | null;
  ms: number;
};

/** The embedded planner, like the decide step with LLM_PROVIDER=runbook. */
export const byRunbook: Decide = async (incident, { runbooks, settings }) => {
  const planned = plan(incident, runbooks, settings);
  if (!planned.ok) return { ok: false, code: planned.code, reason: planned.reason, usd: 0 };
  const files = { ...planned.files, 'remediation.yml': dump(planned.manifest, { noRefs: true }) };
  return { ok: true, proposal: { ...planned.proposal, files }, usd: 0 };
};

/** `clock` gives milliseconds. `now` is the time at which the case happens. */
export async function through(
  one: Case,
  evaluation: Evaluation,
  decide: Decide,
  now: Date,
  clock: () => number,
): Promise<Ended> {
  const begun = clock();
  const { opened, evidence } = cleaned(one);
  const incident = synthesizing({ opened, evidence }, evaluation.runbooks, evaluation.settings, now);
  const match = latestOf(incident, 'context.retrieved')?.matches[0];
  const decided = await decide(incident, evaluation, evidence);
  const proposed = decided.ok
    ? {
        runbook: decided.proposal.runbook?.id ?? null,
        kind: decided.proposal.kind,
        target: decided.proposal.target,
      }
    : null;
  const ended = decided.ok
    ? rehearsedAndJudged(one, incident, decided.proposal, evaluation, now)
    : { end: 'needs a person' as const, why: `${decided.code}: ${decided.reason}`, pull: null };
  const first = match ? { runbook: match.runbook, score: match.score } : null;
  return { ...ended, first, proposed, usd: decided.usd, ms: clock() - begun };
}

function rehearsedAndJudged(
  one: Case,
  incident: Incident,
  proposal: Proposal,
  { settings, settingsSha256, runbooks }: Evaluation,
  now: Date,
): Pick<Ended, 'end' | 'why' | 'pull'> {
  if (one.symptom === 'green')
    return { end: 'nothing to heal', why: 'the rehearsal would see nothing red', pull: null };
  const person = (why: string) => ({ end: 'needs a person' as const, why, pull: null });
  const rehearsed = after(
    incident,
    [
      { type: 'remediation.proposed', data: proposal },
      { type: 'remediation.rehearsed', data: { samples: [], reason: 'the case says that it is red' } },
    ],
    now,
  );
  const service = serviceOf(settings, incident.opened.service.id);
  const checks = parseVerifyPlan(parseYaml(proposal.files['verify.yml']));
  if (!service) return person('no_inventory: the service is not in the inventory');
  if (!checks.ok) return person(`policy: verify.yml: ${checks.reason}`);
  const runbook = runbooks.find(({ id }) => id === proposal.runbook?.id) ?? null;
  const matches = latestOf(incident, 'context.retrieved')?.matches ?? [];
  const judged = judgeProposal({
    ...{ incident: rehearsed, proposal, plan: checks.plan, runbook, service, settings, settingsSha256 },
    match: matches.find((match) => match.runbook === runbook?.id)?.score ?? 0,
    ...{ rehearsed: true, held: false, runsToday: 0, everything: [], now },
  });
  if (judged.verdict === 'refuse')
    return person(`policy: ${judged.findings[0]?.sentence ?? 'it is refused'}`);
  const { risk, verdict, lane, digest } = judged;
  const title = pullTitle(rehearsed, proposal);
  return {
    end: 'pull request',
    why: `${verdict}, ${risk}`,
    pull: { title, risk, verdict, lane, digest, confidence: judged.confidence.value },
  };
}
