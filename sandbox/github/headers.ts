// The headers that GitHub puts on its answers beside those of its limits, as in its own answers that
// https://github.com/octokit/fixtures keeps. It must never look into a body.
import { randomUUID } from 'node:crypto';
import type { Need } from './auth.ts';
import { type Reply, refuse } from './reply.ts';

/** What is taken when nobody asks, and what there is. https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const USUAL = '2022-11-28';
const VERSIONS = [USUAL, '2026-03-10'];
const EXPOSED =
  'ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Used, ' +
  'X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, ' +
  'X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset';

type Asked = { accept: string | undefined; version: string | undefined; known: boolean };

/** A version of the API that there is not is refused. */
export const refuseVersion = (version: string | undefined): Reply | undefined =>
  version === undefined || VERSIONS.includes(version)
    ? undefined
    : refuse(400, `The API has no version ${version}: it has ${VERSIONS.join(', ')}.`);

/** What an answer carries; `known`: somebody whose token is known asked. */
export function commonHeaders(status: number, { accept = '', version = '', known }: Asked, need?: Need) {
  const raw = /\braw\b/.test(accept);
  const form = raw && !accept.includes('json') ? 'param=raw' : `${raw ? 'param=raw; ' : ''}format=json`;
  const kept = (status < 300 && status !== 204) || status === 304;
  return {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': EXPOSED,
    'content-security-policy': "default-src 'none'",
    'referrer-policy': 'origin-when-cross-origin, strict-origin-when-cross-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'deny',
    'x-github-api-version-selected': VERSIONS.find((one) => one === version) ?? USUAL,
    'x-github-media-type': `github.v3; ${form}`,
    'x-github-request-id': randomUUID(),
    ...(kept ? { 'cache-control': `${known ? 'private' : 'public'}, max-age=60, s-maxage=60` } : {}),
    vary: `${kept ? 'Accept, Authorization, Cookie, X-GitHub-OTP,' : ''}Accept-Encoding, Accept, X-Requested-With`,
    ...accepted(need),
  };
}

/** https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps */
const accepted = (need: Need | undefined): Record<string, string> =>
  typeof need === 'string' || !need?.[0]
    ? {}
    : { 'x-accepted-github-permissions': need[0].replaceAll(':', '=').replaceAll('|', '; ') };
