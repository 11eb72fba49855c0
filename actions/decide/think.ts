// Asks Claude and makes facts of the result: its proposal, the planner's proposal instead, or that a person is needed.
// Must never pass the planner's proposal off as a model's. Must never end without telling what was asked and what it cost.

import * as core from '@actions/core';
import { PATIENCE_MS } from '#adapters/claude/call';
import { openClaude } from '#adapters/claude/client';
import { CALL_MS, TOTAL_MS } from '#adapters/claude/ladder';
import { type ClaudePlan, planWithClaude } from '#adapters/claude/plan';
import { readEvidence } from '#adapters/git/evidence-read';
import type { Fact } from '#core/ledger/facts';
import { latestOf } from '#core/ledger/replay';
import { cut } from '#core/text/cut';
import { pause, type Step } from '../shared/job.ts';
import { print } from '../shared/print.ts';
import type { Brain } from './brain.ts';
import { byPlanner, escalated } from './planned.ts';

/** The part of a step that it needs. The caller tells the app. */
export type Known = Pick<Step, 'incident' | 'clone' | 'source' | 'redact'> & {
  ledger: Pick<Step['ledger'], 'past'>;
};
type Anthropic = Extract<Brain, { provider: 'anthropic' }>;

/** The facts to post, in order. */
export async function think(step: Known, brain: Anthropic): Promise<Fact[]> {
  const { incident } = step;
  const source = await step.source();
  const opened = openClaude({ ...brain.account, gateways: source.settings.model.gateways });
  if (!opened.ok) {
    core.setFailed(opened.reason); // a setting is wrong, so the job also ends red
    return [escalated('model', `needs a person: ${opened.code}: ${opened.reason}`)];
  }
  const gathered = latestOf(incident, 'evidence.gathered');
  const evidence = await readEvidence(step.clone, incident.key, gathered);
  for (const { id, reason } of evidence.missing) core.warning(`evidence ${id}: ${reason}`);
  const plan = await planWithClaude({
    client: opened.client,
    models: brain.models,
    incident,
    evidence: evidence.items.map(({ id, text }) => ({ id, text: step.redact(text) })),
    missing: [
      ...(gathered?.missing ?? []).map(({ source: what }) => what),
      ...evidence.missing.map(({ id }) => id),
    ],
    source,
    others: () => step.ledger.past(),
    // Without the planner a person is next, whose page rings meanwhile: the last model gets all the time that is left.
    limits: {
      ...{ callMs: CALL_MS, until: Date.now() + TOTAL_MS, retries: 2, pause },
      ...{ patienceMs: PATIENCE_MS, lastMs: brain.planner ? PATIENCE_MS : TOTAL_MS },
    },
    redact: step.redact,
    now: () => new Date(),
  });
  report(plan);
  if (plan.ok) return [{ type: 'remediation.proposed', data: plan.proposal }];
  if (plan.outcome === 'failed' && plan.use && brain.planner) {
    const { code, reason } = { code: plan.code ?? 'failed', reason: cut(step.redact(plan.reason), 500) };
    return byPlanner(step, source, { ...plan.use, fallback: plan.use.fallback ?? { code, reason } });
  }
  return [escalated(plan.outcome === 'no_inventory' ? plan.outcome : 'model', sentence(plan, step))];
}

/** Why a person is needed, with all that one needs to ask the vendor. */
function sentence(plan: Extract<ClaudePlan, { ok: false }>, step: Known): string {
  const { use, outcome, code } = plan;
  const reason = cut(step.redact(plan.reason), 300);
  if (!use) return reason;
  const what = {
    no_inventory: '',
    abstained: 'the model abstains: ',
    unusable: 'the model’s answer cannot be rendered: ',
    failed: `${code}: `,
  }[outcome];
  const asked = `${use.answered ?? use.requested}, request ${use.request ?? 'without an id'}, ${use.calls} calls`;
  return `needs a person: ${what}${reason} (${asked}, ${money(use.usd)})`;
}

const money = (usd: number | null): string => (usd === null ? 'cost unknown' : `$${usd.toFixed(4)}`);

/** One line of log. It holds no words of the model or the alert, but names that the API has given. */
function report(plan: ClaudePlan): void {
  const use = plan.ok ? plan.proposal.model : plan.use;
  if (!use) return;
  const { input, output, cache_read, cache_write } = use.tokens;
  print(
    `asked ${use.requested}, answered by ${use.answered ?? 'none'}, request ${use.request ?? 'none'}, stop ${use.stop ?? 'none'}; ${use.calls} calls, tokens: ${input} in, ${cache_write} to the cache, ${cache_read} from it, ${output} out; ${money(use.usd)}`,
  );
  if (plan.ok && plan.truncated.length > 0) core.warning(`cut to fit: ${plan.truncated.join(', ')}`);
}
