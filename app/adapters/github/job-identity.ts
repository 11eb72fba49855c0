// Who is calling: a GitHub Actions job, proven by its OIDC token.
// https://docs.github.com/en/actions/reference/security/oidc
// Must never trust the token's `sub`, because its form has changed. Repository id, workflow and environment have claims of
// their own.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as z from 'zod';

export const FACTS_AUDIENCE = 'vigil';

const Claims = z.object({
  repository_id: z.coerce.string(),
  workflow_ref: z.string(),
  event_name: z.string(),
  ref: z.string(),
  run_id: z.coerce.number().int(),
  run_attempt: z.coerce.number().int(),
  environment: z.string(),
  actor: z.string(),
});
export type JobIdentity = { job: string; run: number; runAttempt: number; workflow: string; actor: string };
export type Identified = { ok: true; identity: JobIdentity } | { ok: false; reason: string };
export type Expected = { issuer: string; repositoryId: string; repository: string };

/** A verifier for one repository's jobs. jose fetches the issuer's keys and caches them. */
export function jobVerifier(expected: Expected): (token: string) => Promise<Identified> {
  const keys = createRemoteJWKSet(new URL(`${expected.issuer}/.well-known/jwks`), { timeoutDuration: 5000 });
  return async (token) => {
    let claims: z.infer<typeof Claims>;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: expected.issuer,
        audience: FACTS_AUDIENCE,
        algorithms: ['RS256'],
        clockTolerance: 30,
      });
      claims = Claims.parse(payload);
    } catch (error) {
      return { ok: false, reason: `the token was not accepted: ${(error as Error).message.split('\n')[0]}` };
    }
    const workflow = /\/(\.github\/workflows\/[\w.-]+)@refs\/heads\/main$/.exec(claims.workflow_ref)?.[1];
    const job = /^vigil-([a-z]+)$/.exec(claims.environment)?.[1];
    if (claims.repository_id !== expected.repositoryId)
      return { ok: false, reason: 'the token is of another repository' };
    if (
      !workflow ||
      !claims.workflow_ref.startsWith(`${expected.repository}/`) ||
      claims.ref !== 'refs/heads/main'
    )
      return { ok: false, reason: 'the token is not of a workflow on main' };
    if (claims.event_name !== 'workflow_dispatch' && claims.event_name !== 'schedule')
      return { ok: false, reason: `runs started by ${claims.event_name} may not post facts` };
    if (!job) return { ok: false, reason: 'the token carries no vigil environment' };
    return {
      ok: true,
      identity: { job, run: claims.run_id, runAttempt: claims.run_attempt, workflow, actor: claims.actor },
    };
  };
}
