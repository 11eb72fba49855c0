// Who decides, by the job's inputs: the embedded planner, or Claude with a credential and a ladder of models.
// Must never start with half a credential, and never print one.
import * as core from '@actions/core';
import { ANTHROPIC_API, ANTHROPIC_AUDIENCE, type ClaudeAccount } from '#adapters/claude/client';
import { optional } from '../shared/job.ts';

export type Brain =
  | { provider: 'runbook' }
  | {
      provider: 'anthropic';
      models: readonly [string, ...string[]];
      /** Whether the embedded planner proposes when every model failed. */
      planner: boolean;
      account: Omit<ClaudeAccount, 'gateways'>;
    };
type ReadBrain = { ok: true; brain: Brain } | { ok: false; reason: string };

const MODEL = /^[a-z0-9][a-z0-9.:@_-]{2,99}$/;
const USUAL_MODEL = 'claude-opus-5-5';
/** Among the fallbacks, this word is no model: it is the embedded planner. */
const PLANNER = 'runbook';

export function readBrain(): ReadBrain {
  const provider = optional('llm-provider') ?? 'runbook';
  if (provider === 'runbook') return { ok: true, brain: { provider } };
  if (provider !== 'anthropic')
    return {
      ok: false,
      reason: `LLM_PROVIDER is ${JSON.stringify(provider)}; it may be runbook or anthropic`,
    };
  const credential = readCredential();
  if (!credential)
    return {
      ok: false,
      reason:
        'LLM_PROVIDER is anthropic, but there is neither a secret ANTHROPIC_API_KEY in the environment vigil-decide nor both variables ANTHROPIC_FEDERATION_RULE_ID and ANTHROPIC_ORGANIZATION_ID',
    };
  const first = optional('anthropic-model') ?? USUAL_MODEL;
  const next = (optional('anthropic-fallback-model') ?? '').split(',').map((name) => name.trim());
  const others = next.filter((name) => name !== '' && name !== PLANNER && name !== first);
  const odd = [first, ...others].find((name) => !MODEL.test(name));
  if (odd !== undefined)
    return { ok: false, reason: `${JSON.stringify(odd.slice(0, 60))} is no name of a model` };
  const baseUrl = optional('anthropic-base-url') ?? ANTHROPIC_API;
  return {
    ok: true,
    brain: {
      ...{ provider, models: [first, ...others], planner: next.includes(PLANNER) },
      account: { baseUrl, credential },
    },
  };
}

/** The job's own identity is preferred to a key, because it ends with the job. */
function readCredential(): ClaudeAccount['credential'] | null {
  const key = optional('anthropic-api-key');
  if (key !== null) core.setSecret(key);
  const rule = optional('anthropic-federation-rule-id');
  const organization = optional('anthropic-organization-id');
  if (rule !== null && organization !== null) {
    if (key !== null) core.warning('both an API key and federation are set; the key is not used');
    const serviceAccount = optional('anthropic-service-account-id');
    const workspace = optional('anthropic-workspace-id');
    const token = () => core.getIDToken(ANTHROPIC_AUDIENCE);
    return { federation: { rule, organization, serviceAccount, workspace, token } };
  }
  return key === null ? null : { key };
}
