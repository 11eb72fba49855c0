// Vigil's own opinion of a proposal: policy on every script, risk, confidence, lane. Code decides; what the model says
// of itself can only make the result more careful.
import { autoLane } from './approval.ts';
import { confidence } from './confidence.ts';
import { explain } from './decision.ts';
import type { FactDataOf } from './facts.ts';
import { alertSlug, historyOf } from './history.ts';
import { judge } from './policy/judge.ts';
import type { Risk, ScriptKind, Verdict } from './policy/types.ts';
import { policyVersion } from './policy/version.ts';
import { containsPlaceholder } from './redact/redact.ts';
import { digestOf } from './remediation.ts';
import type { Incident } from './replay.ts';
import type { Runbook } from './runbook.ts';
import type { Service, Settings } from './settings.ts';
import { safeBeforeApproval, type VerifyPlan } from './verify-plan.ts';

export type Proposal = FactDataOf<'remediation.proposed'>;
export type Judged = FactDataOf<'remediation.judged'>;
export type JudgementInput = {
  incident: Incident;
  proposal: Proposal;
  plan: VerifyPlan;
  runbook: Runbook | null;
  service: Service;
  settings: Settings;
  settingsSha256: string;
  match: number;
  rehearsed: boolean;
  held: boolean;
  runsToday: number;
  everything: Iterable<Incident>;
  now: Date;
};

const order: Record<Risk, number> = { LOW: 0, MEDIUM: 1, HIGH: 2 };
const worst = (risks: readonly Risk[]): Risk => risks.reduce((a, b) => (order[b] > order[a] ? b : a), 'LOW');

export function digestOfProposal(proposal: Proposal, settings: Settings, settingsSha256: string): string {
  const files = Object.fromEntries(
    Object.entries(proposal.files).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return digestOf({
    files,
    runbookSha256: proposal.runbook?.sha256 ?? null,
    templateVersion: settings.workspace.version,
    policyVersion,
    settingsSha256,
  });
}

/** Policy on fix and undo, and the rules that need both. */
export function judgeScripts(
  proposal: Proposal,
  service: Service,
): Pick<Judged, 'verdict' | 'risk' | 'effects' | 'commands' | 'findings'> {
  const files = [
    { name: 'fix.sh', text: proposal.files['fix.sh'], kind: 'fix' as ScriptKind },
    ...(proposal.files['undo.sh'] === undefined
      ? []
      : [{ name: 'undo.sh', text: proposal.files['undo.sh'], kind: 'undo' as ScriptKind }]),
  ];
  const verdicts = files.map((file) => ({
    file,
    verdict: judge(file.text, { kind: file.kind, parameters: proposal.parameters, actions: service.actions }),
  }));
  const fix = verdicts[0]?.verdict;
  const findings = [
    ...verdicts.flatMap(({ file, verdict }) =>
      verdict.findings.map(({ line, code, sentence }) => ({
        file: file.name,
        line,
        code,
        sentence: sentence.slice(0, 500),
      })),
    ),
    ...foreignParameters(proposal, service),
    ...files
      .filter((file) => containsPlaceholder(file.text))
      .map((file) => ({
        file: file.name,
        line: 1,
        code: 'placeholder',
        sentence: 'The script contains a redaction placeholder, so its author did not know the real value.',
      })),
    ...(fix &&
    proposal.files['undo.sh'] === undefined &&
    fix.effects.some((effect) => effect.kind !== 'read' && !effect.selfRestoring)
      ? [
          {
            file: 'undo.sh',
            line: 1,
            code: 'no-undo',
            sentence: 'There is no undo, and the fix changes something that does not restore itself.',
          },
        ]
      : []),
  ];
  const own = findings.some((finding) =>
    ['placeholder', 'no-undo', 'foreign-parameter'].includes(finding.code),
  );
  const all: Verdict['verdict'][] = [
    ...verdicts.map(({ verdict }) => verdict.verdict),
    ...(own ? ['refuse' as const] : []),
  ];
  return {
    verdict: all.includes('refuse') ? 'refuse' : all.includes('review') ? 'review' : 'allow',
    risk: worst([proposal.risk, ...verdicts.map(({ verdict }) => verdict.risk)]),
    effects: fix?.effects ?? [],
    commands: verdicts.flatMap(({ file, verdict }) =>
      verdict.commands.map((command) =>
        `${file.name}:${command.line} ${command.argv.join(' ')}`.slice(0, 500),
      ),
    ),
    findings,
  };
}

function foreignParameters(proposal: Proposal, service: Service): Judged['findings'] {
  const foreign = Object.entries(proposal.parameters).filter(
    ([name, value]) => service.parameters[name] !== value,
  );
  return foreign.map(([name]) => ({
    file: 'remediation.yml',
    line: 1,
    code: 'foreign-parameter',
    sentence: `The parameter ${name} is not what the service inventory says.`,
  }));
}

/** The whole judgement, as the fact that goes into the ledger. */
export function judgeProposal(input: JudgementInput): Judged {
  const { proposal, runbook, settings, incident } = input;
  const scripts = judgeScripts(proposal, input.service);
  const unsafe = safeBeforeApproval(input.plan, runbook?.remediation?.plan ?? null);
  const account = {
    block: proposal.runbook?.block ?? '',
    alert: alertSlug(incident.opened.title),
    kind: proposal.kind,
  };
  const judged: Judged = {
    ...scripts,
    verdict: unsafe.length > 0 ? 'refuse' : scripts.verdict,
    findings: [
      ...scripts.findings,
      ...unsafe.map(({ check, reason }) => ({
        file: 'verify.yml',
        line: 1,
        code: 'unsafe-check',
        sentence: `${check}: ${reason}`.slice(0, 500),
      })),
    ],
    digest: digestOfProposal(proposal, settings, input.settingsSha256),
    confidence: confidence({
      match: runbook ? { runbook: runbook.id, score: input.match } : null,
      history: historyOf(input.everything, account, input.now),
      model: proposal.confidence,
      quotes: { verified: proposal.quotes.length, unverified: 0 },
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
    eligible: proposal.by === 'runbook',
  });
  return {
    ...judged,
    lane: auto.ok ? 'auto' : 'human',
    reasons: explain(auto)
      .split('\n')
      .map((line) => line.slice(0, 500)),
  };
}
