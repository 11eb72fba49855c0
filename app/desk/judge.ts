// Brings together what judgement.ts needs: main's settings and runbooks, the ledger, the clock. Writes no opinion of its own.
import { load as parseYaml } from 'js-yaml';
import { autoRunsSince } from '#core/budget';
import type { Fact } from '#core/facts';
import { holdOn } from '#core/hold';
import { judgeProposal, matchOf } from '#core/judgement';
import { askAnew } from '#core/overtaken';
import { type Incident, known } from '#core/replay';
import { serviceOf } from '#core/settings';
import { parseVerifyPlan } from '#core/verify-plan';
import type { Performed } from './effects.ts';
import type { World } from './world.ts';

function escalated(code: string, reason: string): Performed {
  return {
    facts: [{ type: 'incident.escalated', data: { code, reason: reason.slice(0, 500) } }],
    result: code,
  };
}

/** Judges the rehearsed proposal; a refusal escalates, the auto lane approves at once when all its conditions hold. */
export async function judgeNow(world: World, incident: Incident): Promise<Performed> {
  const { settings, settingsSha256, runbooks } = await world.source();
  const proposal = known(incident, 'remediation.proposed');
  const service = serviceOf(settings, incident.opened.service.id);
  if (!proposal || !service)
    return escalated('no_inventory', `service ${incident.opened.service.id} is not in the inventory`);
  const runbook = runbooks.find((candidate) => candidate.id === proposal.runbook?.id) ?? null;
  if (proposal.runbook && runbook?.sha256 !== proposal.runbook.sha256) {
    const reason = `the runbook ${proposal.runbook.id} changed while the proposal was made`;
    return {
      facts: askAnew(incident, { settings, settingsSha256, runbooks, policy: world.policy }, reason),
      result: reason,
    };
  }
  const plan = parseVerifyPlan(parseYaml(proposal.files['verify.yml']));
  if (!plan.ok) return escalated('policy', `verify.yml: ${plan.reason}`);
  const now = world.now();
  const opinion = judgeProposal({
    incident,
    proposal,
    plan: plan.plan,
    runbook,
    service,
    settings,
    settingsSha256,
    policy: world.policy,
    match: matchOf(incident, runbook),
    rehearsed: known(incident, 'remediation.rehearsed') !== null,
    held: holdOn(world.ledger.held(), incident) !== null,
    runsToday: autoRunsSince(world.ledger.open(), now),
    everything: await world.ledger.past(),
    now,
  });
  // Findings and commands quote the scripts, and a person may have pushed what nobody should read on the issue.
  const clean = (text: string): string => world.redact(incident.key, text).slice(0, 500);
  const judged = {
    ...opinion,
    commands: opinion.commands.map(clean),
    findings: opinion.findings.map((finding) => ({ ...finding, sentence: clean(finding.sentence) })),
  };
  const facts: Fact[] = [{ type: 'remediation.judged', data: judged }];
  if (judged.verdict === 'refuse') {
    const first = judged.findings[0];
    const reason = first ? `${first.file} line ${first.line}: ${first.sentence}` : 'see the findings';
    facts.push(...escalated('policy', reason).facts);
  }
  return { facts, result: judged.verdict };
}
