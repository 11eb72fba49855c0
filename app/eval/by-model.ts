// Decides a case by asking Claude, like the decide step with LLM_PROVIDER=anthropic and without the planner as a fallback.
// Must never count it as an abstention when the account does not work: then nothing can be measured.
import { setTimeout as delay } from 'node:timers/promises';
import type { ClaudeClient } from '#adapters/claude/client';
import { CALL_MS, TOTAL_MS } from '#adapters/claude/ladder';
import { planWithClaude } from '#adapters/claude/plan';
import { createRedactor } from '#core/redact/redact';
import type { Decide } from './pipeline.ts';

const RETRIES = 2;
/** Failures that would come again with every other case. */
const hopeless = ['unauthorized', 'credentials', 'base_url'];

/** Throws with the reason when the account is refused. */
export function byModel(client: ClaudeClient, model: string): Decide {
  return async (incident, { settings, settingsSha256, runbooks }, evidence) => {
    const redact = createRedactor({ key: incident.key });
    const planned = await planWithClaude({
      ...{ client, models: [model], incident, evidence, missing: [] },
      source: { commit: '', settings, settingsSha256, runbooks, problems: [] },
      others: async () => [],
      limits: { callMs: CALL_MS, until: Date.now() + TOTAL_MS, retries: RETRIES, pause: delay },
      redact: (text) => redact(text).text,
      now: () => new Date(),
    });
    if (planned.ok) return { ok: true, proposal: planned.proposal, usd: planned.proposal.model?.usd ?? null };
    const { outcome, code, reason, use } = planned;
    if (code !== null && hopeless.includes(code))
      throw new Error(`Claude cannot be asked: ${code}: ${reason}`);
    return { ok: false, code: outcome, reason, usd: use ? use.usd : 0 };
  };
}
