// Who is calling: a GitHub Actions job, proven by its OIDC token.
// https://docs.github.com/en/actions/reference/security/oidc
// Must never trust the token's `sub`, because its form has changed. Repository id, workflow and environment have claims of
// their own. Nor a job of any file but the one that vigil.yml on the default branch names: a caller may call what it likes.
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import * as z from 'zod';
import type { Product } from '#core/addresses';
import { clockWords } from '#core/messages/clock';

export const FACTS_AUDIENCE = 'vigil';
/** The one workflow that a schedule may start: it removes workspaces that were left behind. */
export const WATCH_WORKFLOW = '.github/workflows/watch.yml';

const Claims = z.object({
  repository_id: z.coerce.string(),
  /** Ids are never given to somebody else; issuers other than GitHub's may not have this one. */
  repository_owner_id: z.coerce.string().optional(),
  workflow_ref: z.string(),
  workflow_sha: z.string(),
  job_workflow_ref: z.string(),
  job_workflow_sha: z.string(),
  event_name: z.string(),
  ref: z.string(),
  run_id: z.coerce.number().int(),
  run_attempt: z.coerce.number().int(),
  environment: z.string(),
  actor: z.string(),
});
type Claims = z.infer<typeof Claims>;
export type JobIdentity = { job: string; run: number; runAttempt: number; workflow: string; actor: string };
export type Identified = { ok: true; identity: JobIdentity } | { ok: false; reason: string };
/** Which product a commit of the default branch names: null its own repository, undefined when it is no such commit. */
export type ProductAt = (commit: string) => Promise<Product | null | undefined>;
export type Expected = {
  issuer: string;
  repositoryId: string;
  ownerId: string;
  repository: string;
  /** The default branch. */
  branch: string;
  productAt: ProductAt;
};

/** A verifier for one repository's jobs. jose fetches the issuer's keys and caches them. */
export function jobVerifier(expected: Expected): (token: string) => Promise<Identified> {
  const keys = createRemoteJWKSet(new URL(`${expected.issuer}/.well-known/jwks`), { timeoutDuration: 5000 });
  return async (token) => {
    let claims: Claims;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: expected.issuer,
        audience: FACTS_AUDIENCE,
        algorithms: ['RS256'],
        clockTolerance: 30,
      });
      claims = Claims.parse(payload);
    } catch (error) {
      const [why] = (error as Error).message.split('\n');
      return { ok: false, reason: `the token was not accepted: ${clockOf(error) ?? why}` };
    }
    return identify(expected, claims);
  };
}

/**
 * A job fetches its token right before it speaks. So one that is signed, and refused for its times, tells how far the app's clock
 * is from GitHub's.
 */
function clockOf(error: unknown): string | null {
  const timed =
    error instanceof errors.JWTExpired ||
    (error instanceof errors.JWTClaimValidationFailed && ['nbf', 'iat', 'exp'].includes(error.claim));
  const { iat } = timed ? error.payload : {};
  const words = iat === undefined ? null : clockWords(Date.now() / 1000 - iat);
  return words && `if it is fresh, ${words}`;
}

async function identify(expected: Expected, claims: Claims): Promise<Identified> {
  const refuse = (reason: string): Identified => ({ ok: false, reason });
  const head = `refs/heads/${expected.branch}`;
  if (claims.repository_id !== expected.repositoryId) return refuse('the token is of another repository');
  if (claims.repository_owner_id !== undefined && claims.repository_owner_id !== expected.ownerId)
    return refuse('the token is of a repository of another owner');
  const file = fileOf(claims.workflow_ref, expected.repository, head);
  if (!file || claims.ref !== head) return refuse(`the token is not of a workflow on ${expected.branch}`);
  const onTime = claims.event_name === 'schedule' && file === WATCH_WORKFLOW;
  if (claims.event_name !== 'workflow_dispatch' && !onTime)
    return refuse(`runs started by ${claims.event_name} may not post facts`);
  const job = /^vigil-([a-z]+)$/.exec(claims.environment)?.[1];
  if (!job) return refuse('the token carries no vigil environment');
  // The commit that the run began with: an upgrade in between must not silence a job that is at work.
  const product = await expected.productAt(claims.workflow_sha);
  if (product === undefined) return refuse(`the workflow's commit is not on ${expected.branch}`);
  const called = product
    ? fileOf(claims.job_workflow_ref, product.repository, product.sha)
    : fileOf(claims.job_workflow_ref, expected.repository, head);
  const sha = product?.sha ?? claims.workflow_sha;
  if (called !== file.replace(/\.yml$/, '-job.yml') || claims.job_workflow_sha !== sha)
    return refuse('the job is not of the workflow that vigil.yml names');
  return {
    ok: true,
    identity: {
      job,
      run: claims.run_id,
      runAttempt: claims.run_attempt,
      workflow: file,
      actor: claims.actor,
    },
  };
}

/** The path of a workflow file in `owner/name/path@ref`; null when repository or ref are others. Owners ignore case. */
function fileOf(claim: string, repository: string, ref: string): string | null {
  const [, owner, path, at] = /^([^/]+\/[^/]+)\/(\.github\/workflows\/[\w.-]+)@(.+)$/.exec(claim) ?? [];
  const same = owner?.toLowerCase() === repository.toLowerCase() && at === ref;
  return same && path !== undefined ? path : null;
}
