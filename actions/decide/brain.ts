// Who decides, by vigil.yml: the embedded planner, or Claude with a credential and a ladder of models.
// Must never start without a credential, and never print one.
import * as core from '@actions/core';
import { ANTHROPIC_AUDIENCE, type ClaudeAccount } from '#adapters/claude/client';
import type { Settings } from '#core/settings';

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

/** Among the fallbacks, this word is no model: it is the embedded planner. */
const PLANNER = 'runbook';

/** `key` is the job's secret; everything else stands in vigil.yml. `token` gives the job's identity for an audience. */
export function readBrain(
  { provider, model, fallback, base_url, federation }: Settings['claude'],
  key: string | null,
  token: (audience: string) => Promise<string>,
): ReadBrain {
  if (provider === 'runbook') return { ok: true, brain: { provider } };
  const credential = readCredential(federation, key, token);
  if (!credential)
    return {
      ok: false,
      reason:
        'claude.provider in vigil.yml is anthropic, but there is neither a secret ANTHROPIC_API_KEY in the environment vigil-decide nor claude.federation',
    };
  const others = fallback.filter((name) => name !== PLANNER && name !== model);
  return {
    ok: true,
    brain: {
      ...{ provider, models: [model, ...others], planner: fallback.includes(PLANNER) },
      account: { baseUrl: base_url, credential },
    },
  };
}

/** The job's own identity is preferred to a key, because it ends with the job. */
function readCredential(
  federation: Settings['claude']['federation'],
  key: string | null,
  token: (audience: string) => Promise<string>,
): ClaudeAccount['credential'] | null {
  if (!federation) return key === null ? null : { key };
  if (key !== null) core.warning('both an API key and federation are set; the key is not used');
  const { rule, organization, service_account, workspace } = federation;
  return {
    federation: {
      ...{ rule, organization, serviceAccount: service_account ?? null, workspace: workspace ?? null },
      token: () => token(ANTHROPIC_AUDIENCE),
    },
  };
}
