// Claude beside the sandbox's GitHub: the stand-in, and the settings by which the decide job finds it. With `federation`
// nobody holds a key: the job proves who it is. It must never give another environment's jobs a way in.
import { ANTHROPIC_AUDIENCE } from '#adapters/claude/client';
import { type Claude, startClaude } from './server.ts';

export type Llm = 'anthropic' | 'federation';
const RULE = 'fdrl_sandbox';
const ORGANIZATION = '5b0c8a52-6d1f-4f0e-9a5e-000000000001';

/** Starts the stand-in. `key` is a secret of the environment vigil-decide; `issuer` is that of the jobs' identities. */
export async function startBrain(
  llm: Llm,
  repository: string,
  key: string,
  issuer: () => string,
): Promise<{ claude: Claude; settings: Record<string, string> }> {
  const claude = await startClaude({
    key,
    federation: {
      ...{ id: RULE, organization: ORGANIZATION, issuer, audience: ANTHROPIC_AUDIENCE },
      claims: { repository, environment: 'vigil-decide' },
    },
  });
  return {
    claude,
    settings: {
      LLM_PROVIDER: 'anthropic',
      ANTHROPIC_BASE_URL: claude.url,
      ...(llm === 'federation'
        ? { ANTHROPIC_FEDERATION_RULE_ID: RULE, ANTHROPIC_ORGANIZATION_ID: ORGANIZATION }
        : {}),
    },
  };
}
