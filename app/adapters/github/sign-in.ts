// Signs a person in with GitHub, for one review in their name: web application flow of the GitHub App, with PKCE.
// Only `asPerson` holds the person's token. It must never be stored, logged, returned or put in an address.
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type HttpResult, requestJson } from '#adapters/http-json';

export type SignIn = {
  clientId: string;
  clientSecret: string;
  server: string;
  api: string;
  /** Where GitHub sends the person back to. */
  callback: string;
};
/** What GitHub gave the browser, and the secret half of our challenge. */
type Grant = { code: string; verifier: string };
type NewReview = {
  owner: string;
  repo: string;
  number: number;
  commit: string;
  event: 'APPROVE' | 'REQUEST_CHANGES';
  body: string;
};
export type Person = { login: string; review(review: NewReview): Promise<Reviewed> };
export type Reviewed = { ok: true; url: string } | { ok: false; reason: string };
export type Acted<T> = { ok: true; value: T; revoked: boolean } | { ok: false; reason: string };

const Token = z.object({ access_token: z.string().min(1), token_type: z.literal('bearer') });
const Refusal = z.object({ error: z.string().max(100) });
const User = z.object({ login: z.string().min(1), type: z.literal('User') });
const Submitted = z.object({ html_url: z.url({ protocol: /^https?$/ }) });

/** 256 bits for a state, a verifier or a form's secret. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** GitHub's page where the person agrees. There they can choose the account. */
export function authorizeUrl(signIn: SignIn, state: string, verifier: string): string {
  const query = new URLSearchParams({
    client_id: signIn.clientId,
    redirect_uri: signIn.callback,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    prompt: 'select_account',
  });
  return `${signIn.server}/login/oauth/authorize?${query}`;
}

/** Acts as the person while `use` runs. Afterwards the token is revoked, whatever happened. */
export async function asPerson<T>(
  signIn: SignIn,
  grant: Grant,
  use: (person: Person) => Promise<T>,
): Promise<Acted<T>> {
  const answer = await requestJson({
    method: 'POST',
    url: `${signIn.server}/login/oauth/access_token`,
    headers: {},
    body: {
      client_id: signIn.clientId,
      client_secret: signIn.clientSecret,
      code: grant.code,
      code_verifier: grant.verifier,
      redirect_uri: signIn.callback,
    },
  });
  if (!answer.ok) return { ok: false, reason: answer.reason };
  const token = Token.safeParse(answer.body);
  // GitHub answers 200 also when it refuses.
  if (!token.success)
    return { ok: false, reason: Refusal.safeParse(answer.body).data?.error ?? 'GitHub gave no token' };
  const { access_token } = token.data;
  let value: T;
  let revoked = false;
  try {
    const user = await call(signIn, access_token, 'GET', '/user');
    const known = User.safeParse(user.body);
    if (!user.ok || !known.success) return { ok: false, reason: 'GitHub did not say who this is' };
    const { login } = known.data;
    value = await use({ login, review: (review) => submit(signIn, access_token, review) });
  } finally {
    revoked = await revoke(signIn, access_token);
  }
  return { ok: true, value, revoked };
}

function call(
  { api }: SignIn,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<HttpResult> {
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'user-agent': 'vigil',
    'x-github-api-version': '2022-11-28',
  };
  return requestJson({ method, url: `${api}${path}`, headers, ...(body ? { body } : {}) });
}

// https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
async function submit(signIn: SignIn, token: string, review: NewReview): Promise<Reviewed> {
  const { owner, repo, number, commit, event, body } = review;
  const path = `/repos/${owner}/${repo}/pulls/${number}/reviews`;
  const answer = await call(signIn, token, 'POST', path, { commit_id: commit, event, body });
  if (!answer.ok) return { ok: false, reason: answer.reason };
  const submitted = Submitted.safeParse(answer.body);
  return submitted.success
    ? { ok: true, url: submitted.data.html_url }
    : { ok: false, reason: 'GitHub did not say where the review is' };
}

// https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-token
async function revoke({ api, clientId, clientSecret }: SignIn, token: string): Promise<boolean> {
  const answer = await requestJson({
    method: 'DELETE',
    url: `${api}/applications/${encodeURIComponent(clientId)}/token`,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'user-agent': 'vigil',
      'x-github-api-version': '2022-11-28',
    },
    body: { access_token: token },
    retries: 2,
  });
  return answer.ok;
}
