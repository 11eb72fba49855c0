// Asks twice more when a proposal could take the auto lane, and compares what the policy's parser says that the answers
// would do. Must never count a failed repetition as agreement.
import { load as parseYaml } from 'js-yaml';
import { judgeProposal } from '#core/gate/judgement';
import type { Proposal } from '#core/ledger/facts';
import type { ModelUse } from '#core/ledger/model-use';
import { latestOf } from '#core/ledger/replay';
import { judge } from '#core/policy/judge';
import type { JudgedCommand } from '#core/policy/types';
import type { Answer } from '#core/proposal/model/answer';
import { agreement } from '#core/proposal/model/answer-agreement';
import type { Written } from '#core/proposal/model/answer-proposal';
import type { Incoming, Knowledge } from '#core/proposal/model/question';
import type { Service } from '#core/settings';
import { parseVerifyPlan } from '#core/verification/plan';
import { addSpent, consult } from './ladder.ts';
import type { PlanRequest } from './request.ts';

type Repeat = PlanRequest & {
  service: Service;
  knowledge: Knowledge;
  incoming: Incoming;
  first: Proposal;
  render: (answer: Answer) => Written;
};
const REPETITIONS = 2;

/** The proposal. If it could take the auto lane, consistency and the cost of the repetitions are added. */
export async function repeatIfAlone(repeat: Repeat): Promise<Proposal> {
  const { first, client, models, knowledge, incoming, limits, service } = repeat;
  if (!first.model || !(await couldRunAlone(repeat, first.model))) return first;
  const again = await Promise.all(
    Array.from({ length: REPETITIONS }, () => consult(client, models[0], knowledge, incoming, limits)),
  );
  const others = again.map((one) => {
    const written = one.ok && one.answer.action !== 'abstain' ? repeat.render(one.answer) : null;
    return written?.ok ? commandsOf(written.files['fix.sh'], written.proposal.parameters, service) : null;
  });
  const { value, reason } = agreement(commandsOf(first.files['fix.sh'], first.parameters, service), others);
  const { calls, tokens, usd } = again.map(({ spent }) => spent).reduce(addSpent, first.model);
  return { ...first, model: { ...first.model, calls, tokens, usd, consistency: { value, reason } } };
}

/** The judgement that the app will make if the rehearsal is red and the answers agree. */
async function couldRunAlone(repeat: Repeat, model: ModelUse): Promise<boolean> {
  const { incident, source, service, first } = repeat;
  if (!source.settings.auto.enabled || model.fallback !== null) return false;
  const plan = parseVerifyPlan(parseYaml(first.files['verify.yml']));
  const runbook = source.runbooks.find(({ id }) => id === first.runbook?.id) ?? null;
  if (!plan.ok || !runbook) return false;
  const match = latestOf(incident, 'context.retrieved')?.matches.find((one) => one.runbook === runbook.id);
  const judged = judgeProposal({
    ...{ incident, plan: plan.plan, runbook, service, settings: source.settings },
    settingsSha256: source.settingsSha256,
    proposal: { ...first, model: { ...model, consistency: { value: 100, reason: 'assumed' } } },
    match: match?.score ?? 0,
    ...{ rehearsed: true, held: false, runsToday: 0 },
    everything: await repeat.others(),
    now: repeat.now(),
  });
  return judged.lane === 'auto';
}

function commandsOf(
  script: string,
  parameters: Readonly<Record<string, string>>,
  { actions }: Service,
): readonly JudgedCommand[] {
  return judge(script, { kind: 'fix', parameters, actions }).commands;
}
