// Claude beside the sandbox's GitHub: the stand-in, and the variables by which the decide job finds it. With `federation`
// nobody holds a key: the job proves who it is. It must never give another environment's jobs a way in.
import { ANTHROPIC_AUDIENCE } from '#adapters/claude/client';
import type { GitHub } from '../github/server.ts';
import { type Claude, startClaude } from './server.ts';

export type Llm = 'anthropic' | 'federation';
const RULE = 'fdrl_sandbox';
const ORGANIZATION = '5b0c8a52-6d1f-4f0e-9a5e-000000000001';

/** Starts the stand-in and has the repository's variables name it. `key` is a secret of the environment vigil-decide. */
export async function startBrain(llm: Llm, github: GitHub, repository: string, key: string): Promise<Claude> {
  const claude = await startClaude({
    key,
    federation: {
      ...{ id: RULE, organization: ORGANIZATION, issuer: github.oidc, audience: ANTHROPIC_AUDIENCE },
      claims: { repository, environment: 'vigil-decide' },
    },
  });
  github.setVariable('LLM_PROVIDER', 'anthropic');
  github.setVariable('ANTHROPIC_BASE_URL', claude.url);
  if (llm === 'federation') {
    github.setVariable('ANTHROPIC_FEDERATION_RULE_ID', RULE);
    github.setVariable('ANTHROPIC_ORGANIZATION_ID', ORGANIZATION);
  }
  return claude;
}
