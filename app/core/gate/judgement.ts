// Vigil's own judgement of a proposal: policy on every script, risk, confidence, lane. Code decides.
// Must never let what a model says about itself make the result less careful.

import { decisionText } from '#core/decision';
import { changesIn } from '#core/incident/changes';
import { isDoubtful } from '#core/incident/heard';
import { PROPOSE_THRESHOLD } from '#core/knowledge/context';
import { impactOf } from '#core/knowledge/impact';
import { type Runbook, stillSays } from '#core/knowledge/runbook';
import { impossibleOf } from '#core/knowledge/undoing';
import type { Judged, Proposal } from '#core/ledger/facts';
import type { PutBack } from '#core/ledger/put-back-facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { digestOfProposal, partsOf } from '#core/proposal/digest';
import { isRunbooksOwn, mayRunAlone, quoteCounts } from '#core/proposal/model/answer-lane';
import { renderScript } from '#core/proposal/remediation';
import type { Service, Settings } from '#core/settings';
import { cut } from '#core/text/cut';
import { confidence } from '#core/trust/confidence';
import { trustOf } from '#core/trust/drift';
import { historyKeyOf, historyOf } from '#core/trust/history';
import type { Told } from '#core/trust/summary';
import { safeBeforeApproval, type VerifyPlan } from '#core/verification/plan';
import { autoLane } from './approval.ts';
import { commandFindings } from './command-findings.ts';
import { judgeScripts, untrue } from './judged-scripts.ts';
import { because, saidBy, worst } from './risk-reasons.ts';
import { undoRule } from './undo-rule.ts';

export type JudgementInput = {
  incident: Incident;
  proposal: Proposal;
  plan: VerifyPlan;
  runbook: Runbook | null;
  service: Service;
  settings: Settings;
  settingsSha256: string;
  /** Version of the policy in force; this program's own by default. */
  policy?: string | undefined;
  match: number;
  rehearsed: boolean;
  held: boolean;
  runsToday: number;
  /** All that was ever tried: sealed incidents by what they left, the others themselves. */
  everything: Iterable<Told>;
  now: Date;
};

/** How well the runbook matched. If it changed since, it was never compared, so the match is 0 and people must look. */
export function matchOf(incident: Incident, runbook: Pick<Runbook, 'id' | 'sha256'> | null): number {
  const matches = latestOf(incident, 'context.retrieved')?.matches ?? [];
  const match = matches.find((candidate) => candidate.runbook === runbook?.id);
  if (!match) return 0;
  return stillSays(runbook, { id: match.runbook, sha256: match.sha256 })
    ? match.score
    : Math.min(match.score, PROPOSE_THRESHOLD);
}

/** What a proposal says about its runbook must be true, because earned history and the auto lane depend on it. */
function falseClaims(proposal: Proposal, runbook: Runbook | null): Judged['findings'] {
  const { runbook: cited, files, parameters } = proposal;
  const same =
    cited === null ||
    (stillSays(runbook, cited) && cited.path === runbook?.path && cited.block === runbook.block);
  if (!same) return [untrue('foreign-runbook', 'The runbook it cites is not the one on main.')];
  if (proposal.by !== 'runbook') return [];
  const own = runbook?.remediation;
  const theirs =
    own?.kind === proposal.kind &&
    files['fix.sh'] === renderScript(own.fix, parameters) &&
    files['undo.sh'] === (own.undo === null ? undefined : renderScript(own.undo, parameters)) &&
    files['verify.yml'] === own.verify &&
    proposal.impossible === impossibleOf(own.undoing);
  return theirs
    ? []
    : [untrue('not-the-runbook', 'These are not the bytes of the runbook it names as author.')];
}

/**
 * The end of the act, as the cited runbook on main says it. Vigil puts back by itself only what the runbook's own bytes did: what
 * else somebody wrote may take a cause away, and then its inverse would bring the fault back.
 */
function endOf(proposal: Proposal, runbook: Runbook | null, own: boolean): PutBack | null {
  const said = runbook?.remediation?.putBack ?? null;
  if (said === null || !stillSays(runbook, proposal.runbook)) return null;
  return { ...said, by: own && proposal.files['undo.sh'] !== undefined ? said.by : 'person' };
}

/** The whole judgement, as the fact that goes into the ledger. */
export function judgeProposal(input: JudgementInput): Judged {
  const { proposal, runbook, settings, incident } = input;
  const changes = changesIn(input.everything);
  const { fix, opinions, managed, reconcile_s, ...scripts } = judgeScripts(
    proposal,
    input.service,
    settings,
    input.now,
    changes,
  );
  // Parameters that were refused are never rendered, so nothing is compared with the runbook then.
  const claims = scripts.verdict === 'refuse' ? [] : falseClaims(proposal, runbook);
  const unsafe = safeBeforeApproval(input.plan, runbook?.remediation?.plan ?? null);
  const rules = { rules: settings.policy.rules, service: input.service.name, now: input.now, changes };
  const beyond = commandFindings(input.plan, proposal.parameters, rules);
  // Again: parameters that were refused are never rendered.
  const own = scripts.verdict !== 'refuse' && claims.length === 0 && isRunbooksOwn(proposal, runbook);
  const end = endOf(proposal, runbook, scripts.verdict !== 'refuse' && isRunbooksOwn(proposal, runbook));
  const undo = undoRule(proposal, fix, runbook, own);
  const said = runbook?.remediation ? [...opinions, saidBy('runbook', runbook.remediation.risk)] : opinions;
  const risk = worst(said.map((one) => one.risk));
  const impact = runbook && stillSays(runbook, proposal.runbook) ? impactOf(runbook.body) : null;
  const judged: Judged = {
    ...scripts,
    risk,
    because: because(risk, said, scripts.effects.length > 0),
    ...(impact === null ? {} : { impact }),
    ...(managed.length === 0 ? {} : { managed }),
    ...(reconcile_s === null ? {} : { reconcile_s }),
    ...(undo === null ? {} : { undo }),
    ...(end === null ? {} : { put_back: end }),
    verdict: claims.length + unsafe.length + beyond.length > 0 ? 'refuse' : scripts.verdict,
    findings: [
      ...scripts.findings,
      ...claims,
      ...beyond,
      ...unsafe.map(({ check, reason }) => ({
        file: 'verify.yml',
        line: 1,
        code: 'unsafe-check',
        sentence: cut(`${check}: ${reason}`, 500),
      })),
    ],
    digest: digestOfProposal(proposal, settings, input.settingsSha256, input.policy),
    parts: partsOf(proposal, settings, input.settingsSha256, input.policy),
    confidence: confidence({
      match: runbook ? { runbook: runbook.id, score: input.match } : null,
      history: historyOf(input.everything, historyKeyOf(incident, proposal, own), input.now),
      // A model that says nothing about its confidence counts as 0.
      model: proposal.by === 'model' ? (proposal.confidence ?? 0) : proposal.confidence,
      consistency: proposal.model?.consistency ?? null,
      quotes: quoteCounts(proposal),
    }),
    lane: 'human',
    reasons: [],
  };
  const auto = autoLane({
    judged,
    runbook,
    match: input.match,
    rehearsed: input.rehearsed,
    settings,
    held: input.held,
    runsToday: input.runsToday,
    // Again: parameters that were refused are never rendered.
    eligible: scripts.verdict !== 'refuse' && mayRunAlone(proposal, runbook),
    doubtful: isDoubtful(incident),
    trust: trustOf(input.everything, runbook?.block ?? null, settings.auto.confidence, input.now),
  });
  return {
    ...judged,
    lane: auto.ok ? 'auto' : 'human',
    reasons: decisionText(auto)
      .split('\n')
      .map((line) => cut(line, 500)),
  };
}
