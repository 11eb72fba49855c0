// Brings together what app/core/gate/judgement.ts needs: main's settings and runbooks, the ledger, the clock.
// Must never add a judgement of its own, and never approve: app/desk/approve.ts does that after the pull request is open.

import { load as parseYaml } from 'js-yaml';
import { judgeProposal, matchOf } from '#core/gate/judgement';
import { withTestimonies } from '#core/gate/misread';
import { askAnew } from '#core/gate/superseded';
import { autoRunsSince } from '#core/incident/budget';
import { holdOn } from '#core/incident/hold';
import { stillSays } from '#core/knowledge/runbook';
import type { Fact, Judged, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Testimony } from '#core/policy/second-witness';
import { serviceOf } from '#core/settings';
import { cut } from '#core/text/cut';
import { parseVerifyPlan } from '#core/verification/plan';
import type { Performed, World } from './world.ts';

function escalated(code: string, reason: string): Performed {
  return {
    facts: [{ type: 'incident.escalated', data: { code, reason: cut(reason, 500) } }],
    result: code,
  };
}

/** How bash reads the scripts, where there is somebody to ask and something that could run. */
async function testimonies(
  { witness }: World,
  { verdict }: Judged,
  { files }: Proposal,
): Promise<Record<string, Testimony>> {
  const said: Record<string, Testimony> = {};
  for (const file of ['fix.sh', 'undo.sh'] as const) {
    const script = files[file];
    if (witness && verdict !== 'refuse' && script !== undefined) said[file] = await witness(script);
  }
  return said;
}

/** Judges the rehearsed proposal. A refusal escalates. If its runbook has changed, Vigil asks again instead. */
export async function judgeNow(world: World, incident: Incident): Promise<Performed> {
  const { settings, settingsSha256, runbooks } = await world.source();
  const proposal = latestOf(incident, 'remediation.proposed');
  const service = serviceOf(settings, incident.opened.service.id);
  if (!proposal || !service)
    return escalated('no_inventory', `service ${incident.opened.service.id} is not in the inventory`);
  const runbook = runbooks.find((candidate) => candidate.id === proposal.runbook?.id) ?? null;
  if (proposal.runbook && !stillSays(runbook, proposal.runbook)) {
    const reason = `the runbook ${proposal.runbook.id} changed while the proposal was made`;
    return {
      facts: askAnew(incident, { settings, settingsSha256, runbooks, policy: world.policy }, reason),
      result: reason,
    };
  }
  const plan = parseVerifyPlan(parseYaml(proposal.files['verify.yml']));
  if (!plan.ok) return escalated('policy', `verify.yml: ${plan.reason}`);
  const now = world.now();
  const first = judgeProposal({
    incident,
    proposal,
    plan: plan.plan,
    runbook,
    service,
    settings,
    settingsSha256,
    policy: world.policy,
    match: matchOf(incident, runbook),
    rehearsed: latestOf(incident, 'remediation.rehearsed') !== null,
    held: holdOn(world.ledger.held(), incident) !== null,
    runsToday: autoRunsSince(world.ledger.open(), now),
    everything: await world.ledger.past(),
    now,
  });
  const opinion = withTestimonies(first, await testimonies(world, first, proposal));
  // What quotes the scripts or a runbook: a person may have pushed something that must not be read on the issue.
  const clean = (text: string): string => cut(world.redact(incident.key, text), 500);
  const judged = {
    ...opinion,
    commands: opinion.commands.map(clean),
    ...(opinion.because ? { because: opinion.because.map(clean) } : {}),
    ...(opinion.managed ? { managed: opinion.managed.map(clean) } : {}),
    ...(opinion.impact === undefined ? {} : { impact: clean(opinion.impact) }),
    findings: opinion.findings.map((finding) => ({ ...finding, sentence: clean(finding.sentence) })),
  };
  const facts: Fact[] = [{ type: 'remediation.judged', data: judged }];
  if (judged.verdict === 'refuse') {
    const [finding] = judged.findings;
    const reason = finding ? `${finding.file} line ${finding.line}: ${finding.sentence}` : 'see the findings';
    facts.push(...escalated('policy', reason).facts);
  }
  return { facts, result: judged.verdict };
}
