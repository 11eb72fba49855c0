// Proposals, judgements and pasts for tests, made by the product's own planner and judge from the shop's runbooks.
// It must never write a digest or a verdict by hand.
import { load as parseYaml } from 'js-yaml';
import { type JudgementInput, judgeProposal } from '#core/gate/judgement';
import type { Runbook } from '#core/knowledge/runbook';
import type { FactDataOf, Judged, Proposal } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { plan } from '#core/proposal/planner';
import type { Settings } from '#core/settings';
import { parseVerifyPlan } from '#core/verification/plan';
import { fact, incidentOf, OPENED, untilInvestigating, untilSynthesizing, withFacts } from './incidents.ts';
import { purgeText, runbookOf, SETTINGS_SHA256, shopService, shopSettings } from './shop.ts';

/** An incident whose best match is this runbook, ready for a proposal. */
export function matched(runbook: Runbook, score = 98): Incident {
  const match = { runbook: runbook.id, title: runbook.title, sha256: runbook.sha256, score, why: 'alert' };
  return incidentOf([
    ...untilInvestigating,
    fact('evidence.gathered'),
    fact('hypothesis.received'),
    fact('context.retrieved', { matches: [match] }),
    fact('synthesis.started'),
  ]);
}

/** What the embedded planner proposes for the shop by this runbook, with a manifest of one line. */
export function proposalOf(runbook: Runbook, settings: Settings = shopSettings()): Proposal {
  const planned = plan(matched(runbook), [runbook], settings);
  if (!planned.ok) throw new Error(planned.reason);
  return { ...planned.proposal, files: { ...planned.files, 'remediation.yml': 'v: 1\n' } };
}

/** Everything the judgement asks for, as it is when all is well; `change` replaces parts. */
export function judgement(
  change: Partial<JudgementInput> = {},
  runbook = runbookOf(purgeText),
): JudgementInput {
  const proposal = change.proposal ?? proposalOf(runbook);
  const parsed = parseVerifyPlan(parseYaml(proposal.files['verify.yml']));
  if (!parsed.ok) throw new Error(parsed.reason);
  return {
    incident: withFacts(matched(runbook), [
      { type: 'remediation.proposed', data: proposal },
      fact('remediation.rehearsed'),
    ]),
    proposal,
    plan: parsed.plan,
    runbook,
    service: shopService(),
    settings: shopSettings(),
    settingsSha256: SETTINGS_SHA256,
    match: 98,
    rehearsed: true,
    held: false,
    runsToday: 0,
    everything: [],
    now: OPENED,
    ...change,
  };
}

/** A judged, approved and merged incident whose digests are the real ones. */
export function mergedIncident(
  runbook: Runbook,
  approve: Partial<FactDataOf<'remediation.approved'>> = {},
): {
  incident: Incident;
  proposal: Proposal;
  judged: Judged;
} {
  const input = judgement({}, runbook);
  const judged = judgeProposal(input);
  const incident = withFacts(input.incident, [
    { type: 'remediation.judged', data: judged },
    fact('pull.opened', { digest: judged.digest }),
    fact('remediation.approved', { digest: judged.digest, ...approve }),
    fact('pull.merged'),
  ]);
  return { incident, proposal: input.proposal, judged };
}

/** The past of one alert: incidents this runbook healed (`true`) or failed (`false`), `days` apart, the last one at `end`. */
export function pastOf(
  runbook: Runbook,
  outcomes: readonly boolean[],
  end: Date,
  options: { days?: number; sample?: true; title?: string } = {},
): Incident[] {
  const proposal = proposalOf(runbook);
  return outcomes.map((healed, index) => {
    const opened = new Date(end.getTime() - (outcomes.length - 1 - index) * (options.days ?? 0) * 86_400_000);
    return incidentOf(
      [
        fact('incident.opened', {
          key: `pd-past${index}`,
          ...(options.title === undefined ? {} : { title: options.title }),
          ...(options.sample ? { sample: true } : {}),
        }),
        ...untilSynthesizing.slice(1),
        { type: 'remediation.proposed', data: proposal },
        fact('remediation.started'),
        fact('remediation.finished'),
        healed ? fact('recovery.confirmed') : fact('recovery.refuted'),
      ],
      new Date(opened.getTime() - 11_000),
    );
  });
}
