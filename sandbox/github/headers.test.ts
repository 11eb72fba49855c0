import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO, startTestForge, type TestForge } from './test-forge.ts';

let forge: TestForge;
let sha: string;
beforeAll(async () => {
  forge = await startTestForge();
  sha = (await forge.app.git.getRef({ ...REPO, ref: 'heads/main' })).data.object.sha;
});
afterAll(() => forge.close());

type Asked = { token?: string; body?: object; headers?: Record<string, string> };
async function ask(method: string, path: string, { token = 'olga', body, headers }: Asked = {}) {
  const { status, headers: of } = await fetch(`${forge.github.api}/repos/${REPO.owner}/${REPO.repo}${path}`, {
    ...{ method, ...(body ? { body: JSON.stringify(body) } : {}) },
    headers: { ...(token ? { authorization: `token ${token}` } : {}), ...headers },
  });
  return { status, of };
}

/** One answer of each kind, and whether it holds something that may be kept for a while. */
const KINDS: [status: number, kept: boolean, ask: () => ReturnType<typeof ask>][] = [
  [200, true, () => ask('GET', '')],
  [201, true, () => ask('POST', '/issues', { body: { title: 'Broken' } })],
  [
    304,
    true,
    async () => {
      const etag = (await ask('GET', '/git/ref/heads/main')).of.get('etag') ?? '';
      return ask('GET', '/git/ref/heads/main', { headers: { 'if-none-match': etag } });
    },
  ],
  [
    204,
    false,
    async () => {
      await ask('POST', '/git/refs', { body: { ref: 'refs/tags/v1', sha } });
      return ask('DELETE', '/git/refs/tags/v1');
    },
  ],
  [400, false, () => ask('GET', '', { headers: { 'x-github-api-version': '2011-01-01' } })],
  [401, false, () => ask('GET', '', { token: 'nobody' })],
  [403, false, () => ask('POST', '/git/refs', { token: 'reader', body: { ref: 'refs/tags/v1', sha } })],
  [404, false, () => ask('GET', '/no/such/endpoint')],
  [422, false, () => ask('POST', '/issues', { body: { title: 1 } })],
];

describe('every answer', () => {
  it.each(KINDS)('of %i carries what GitHub’s carries', async (status, kept, asks) => {
    const answer = await asks();
    expect(answer.status).toBe(status);
    expect(answer.of.get('x-github-request-id')).toMatch(/\S/);
    expect(answer.of.get('x-github-media-type')).toBe('github.v3; format=json');
    expect(answer.of.get('x-github-api-version-selected')).toBe('2022-11-28');
    expect(answer.of.get('x-content-type-options')).toBe('nosniff');
    expect(answer.of.get('access-control-allow-origin')).toBe('*');
    expect(answer.of.get('x-ratelimit-limit')).toMatch(/^\d+$/);
    expect(answer.of.get('vary')).toContain('Accept-Encoding, Accept');
    expect(answer.of.get('vary')?.includes('Authorization')).toBe(kept);
    expect(answer.of.get('cache-control')).toBe(kept ? 'private, max-age=60, s-maxage=60' : null);
  });

  it('names the permissions that would do', async () => {
    const named = async (method: string, path: string, asked?: Asked) =>
      (await ask(method, path, asked)).of.get('x-accepted-github-permissions');
    expect(await named('GET', '/git/ref/heads/main')).toBe('contents=read');
    expect(await named('POST', '/git/refs', { token: 'reader', body: {} })).toBe('contents=write');
    expect(await named('GET', '/issues/1')).toBe('issues=read; pull_requests=read');
    expect(await named('GET', '/no/such/endpoint')).toBeNull();
  });

  it('that tells of something new says where it is', async () => {
    const issue = await ask('POST', '/issues', { body: { title: 'Where' } });
    const { data } = await forge.app.issues.listForRepo({ ...REPO, per_page: 1 });
    expect(issue.of.get('location')).toBe(data[0]?.url);
    const ref = await ask('POST', '/git/refs', { body: { ref: 'refs/tags/v2', sha } });
    expect(ref.of.get('location')).toMatch(/\/repos\/acme\/production\/git\/refs\/tags\/v2$/);
  });

  it('says which version and form was asked for', async () => {
    const newer = await ask('GET', '', { headers: { 'x-github-api-version': '2026-03-10' } });
    expect(newer.of.get('x-github-api-version-selected')).toBe('2026-03-10');
    const raw = await ask('GET', '/contents/README.md', {
      headers: { accept: 'application/vnd.github.raw' },
    });
    expect(raw.of.get('x-github-media-type')).toBe('github.v3; param=raw');
  });
});
