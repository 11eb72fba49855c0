// How the API answers in general: refusals, pages, limits shown, conditional requests.
import { expect } from 'vitest';
import { answer, subject } from './rule.ts';
import type { Target } from './target.ts';

const send = ({ api, owner, repo, writer }: Target, path: string, more: RequestInit = {}) =>
  fetch(`${api}/repos/${owner}/${repo}${path}`, {
    ...{ redirect: 'error', signal: AbortSignal.timeout(20_000), ...more },
    headers: { authorization: `token ${writer.token}`, ...more.headers },
  });

subject('answers', (rule) => {
  rule(
    'a repository that the caller may not see is 404, not 403',
    'rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource',
    [],
    async ({ writer, owner, unique }) => {
      const seen = await answer(writer.rest.repos.get({ owner, repo: unique('nowhere') }));
      expect(seen).toMatchObject({ status: 404, data: { message: 'Not Found', status: '404' } });
    },
  );
  rule(
    'a token that nobody was given is 401 Bad credentials',
    'rest/authentication/authenticating-to-the-rest-api#failed-login-limit',
    [],
    async ({ as, at }) => {
      const seen = await answer(as('ghp_nobody').rest.repos.get(at));
      expect(seen).toMatchObject({ status: 401, data: { message: 'Bad credentials' } });
    },
  );
  rule(
    'a body that is no JSON is 400 Problems parsing JSON',
    'rest/using-the-rest-api/troubleshooting-the-rest-api#problems-parsing-json-error',
    [],
    async (target) => {
      const seen = await send(target, '/issues', { method: 'POST', body: '{"title": ' });
      expect([seen.status, await seen.json()]).toMatchObject([400, { message: 'Problems parsing JSON' }]);
    },
  );
  rule(
    'a body without a field that must be there is 422, and nothing is made',
    'rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed',
    [],
    async (target) => {
      const before = await target.writer.rest.issues.listForRepo({ ...target.at, state: 'all', per_page: 1 });
      const seen = await send(target, '/issues', { method: 'POST', body: '{"body": "no title"}' });
      expect(seen.status).toBe(422);
      const after = await target.writer.rest.issues.listForRepo({ ...target.at, state: 'all', per_page: 1 });
      expect(after.data[0]?.number).toBe(before.data[0]?.number);
    },
  );
  rule(
    'a field of the wrong type is 422',
    'rest/using-the-rest-api/troubleshooting-the-rest-api#invalid-request',
    [],
    async (target) => {
      const seen = await send(target, '/git/refs', { method: 'POST', body: '{"ref": 1, "sha": true}' });
      expect(seen.status).toBe(422);
    },
  );
  rule(
    'lists come in pages that name the next, the last and the first',
    'rest/using-the-rest-api/using-pagination-in-the-rest-api#using-link-headers',
    [],
    async ({ writer: { rest }, at, unique }) => {
      const label = unique('pages');
      for (const title of ['1', '2', '3']) await rest.issues.create({ ...at, title, labels: [label] });
      const first = await rest.issues.listForRepo({ ...at, labels: label, per_page: 2 });
      expect(first.data.map(({ title }) => title)).toEqual(['3', '2']);
      expect(first.headers.link).toMatch(/[?&]page=2[^>]*>; rel="next"/);
      expect(first.headers.link).toMatch(/[?&]page=2[^>]*>; rel="last"/);
      const second = await rest.issues.listForRepo({ ...at, labels: label, per_page: 2, page: 2 });
      expect(second.data.map(({ title }) => title)).toEqual(['1']);
      expect(second.headers.link).toMatch(/rel="prev".*rel="first"/);
    },
  );
  rule(
    'each answer shows what is left of the primary limit, and has an id',
    'rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit',
    [],
    async (target) => {
      const { headers } = await send(target, '');
      expect(headers.get('x-github-request-id')).toMatch(/\S/);
      expect(headers.get('x-ratelimit-resource')).toBe('core');
      const [limit = 0, remaining = 0, used = 0, reset = 0] = ['limit', 'remaining', 'used', 'reset'].map(
        (name) => Number(headers.get(`x-ratelimit-${name}`)),
      );
      expect(remaining + used).toBe(limit);
      expect(limit).toBeGreaterThanOrEqual(1000);
      expect(reset * 1000).toBeGreaterThan(Date.now() - 60_000);
    },
  );
  rule(
    'each answer says which version of the API it is of, and in which form it is',
    'rest/about-the-rest-api/api-versions',
    [],
    async (target) => {
      const { headers } = await send(target, '', { headers: { 'x-github-api-version': '2022-11-28' } });
      expect(headers.get('x-github-api-version-selected')).toBe('2022-11-28');
      expect(headers.get('x-github-media-type')).toBe('github.v3; format=json');
    },
  );
  rule(
    'a version of the API that there is not is 400',
    'rest/about-the-rest-api/api-versions#supported-api-versions',
    [],
    async (target) => {
      const seen = await send(target, '', { headers: { 'x-github-api-version': '2011-01-01' } });
      expect(seen.status).toBe(400);
    },
  );
  rule(
    'an answer to something new says where it is',
    'rest/issues/issues#create-an-issue',
    [],
    async ({ writer, at, unique }) => {
      const made = await writer.rest.issues.create({ ...at, title: unique('where') });
      expect(made.headers.location).toBe(made.data.url);
    },
  );
  rule(
    'an app is told which permissions would do',
    'rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible',
    ['app'],
    async ({ app, at }) => {
      const { headers } = await app.rest.git.getRef({ ...at, ref: 'heads/main' });
      expect(headers['x-accepted-github-permissions']).toBe('contents=read');
    },
  );
  rule(
    'what has not changed since its ETag is 304 and costs nothing',
    'rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate',
    [],
    async (target) => {
      const first = await send(target, '/issues?state=closed&creator=nobody-at-all');
      const etag = first.headers.get('etag') ?? '';
      expect(etag).toMatch(/^(W\/)?"/);
      const again = await send(target, '/issues?state=closed&creator=nobody-at-all', {
        headers: { 'if-none-match': etag },
      });
      expect(again.status).toBe(304);
      expect(again.headers.get('x-ratelimit-used')).toBe(first.headers.get('x-ratelimit-used'));
    },
  );
});
