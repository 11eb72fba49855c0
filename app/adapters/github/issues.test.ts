// The issue and its comment on a GitHub that refuses one thing or another: the rest follows all the same, and what people wrote stays.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REPO, startTestForge, type TestForge } from '../../../sandbox/github/test-forge.ts';
import { openIssueOnce, type Repo } from './api.ts';
import { syncComment, syncIssue } from './issues.ts';

type Asked = { method: string; url: string };
let forge: TestForge;
let refuse: (asked: Asked & Record<string, unknown>) => number | null = () => null;
let asked: string[] = [];
let number = 0;
let turn = 0;

beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());
beforeEach(async () => {
  refuse = () => null;
  const marker = `<!-- vigil:issue pd-t${++turn} -->`;
  const issue = { title: 'One', body: `a\n${marker}`, labels: ['vigil:triggered'], marker };
  number = (await openIssueOnce(repo(), { ...issue, since: new Date(0).toISOString() })).number;
  asked = [];
});

function repo(): Repo {
  return {
    ...{ ...REPO, branch: 'main', appSlug: 'vigil' },
    octokit: async () => {
      const octokit = await forge.octokit();
      octokit.hook.wrap('request', (request, options) => {
        const { pathname } = new URL(octokit.request.endpoint(options).url);
        const status = refuse({ ...options, url: pathname });
        if (options.method !== 'GET') asked.push(`${options.method} ${pathname.split('/production')[1]}`);
        if (status === null) return request(options);
        const response = { status, headers: {}, data: '<html>Locked</html>' };
        throw Object.assign(new Error('<html>Locked</html>'), { status, response });
      });
      return octokit;
    },
  };
}
const want = (change: Partial<Parameters<typeof syncIssue>[2]> = {}) => ({
  title: { now: 'Two', own: ['One', 'Two'] },
  body: (present: string | null) => `${present}!`,
  labels: () => ['team:shop', 'vigil:resolved'],
  state: 'closed' as const,
  ...change,
});
const shown = async () => {
  const { data } = await forge.as('olga').issues.get({ ...REPO, issue_number: number });
  const labels = data.labels.map((label) => (typeof label === 'string' ? label : label.name)).sort();
  return { title: data.title, body: data.body?.slice(-1), labels, state: data.state };
};
const comments = async () => {
  const { data } = await forge.as('olga').issues.listComments({ ...REPO, issue_number: number });
  return data.map(({ body }) => body);
};
const done = { title: 'Two', body: '!', labels: ['team:shop', 'vigil:resolved'], state: 'closed' };

test('everything is written at once, and nothing twice', async () => {
  expect(await syncIssue(repo(), number, want())).toEqual({ result: 'written', refused: [] });
  expect(await shown()).toEqual(done);
  expect(asked).toHaveLength(1);
  const same = want({ body: (present) => present ?? '' });
  expect(await syncIssue(repo(), number, same)).toEqual({ result: 'same', refused: [] });
  expect(asked).toHaveLength(1);
});

const REFUSALS = [403, 404, 410, 422];

describe.each([403, 422])('%i', (status) => {
  test.each<[string, string, Partial<typeof done>]>([
    ['title', 'title', { title: 'One' }],
    ['body', 'body', { body: '>' }],
    ['labels', 'labels', { labels: ['vigil:triggered'] }],
    ['state', 'state', { state: 'open' }],
  ])('to the %s keeps nothing else from being written', async (what, field, left) => {
    refuse = (one) => (one.method === 'PATCH' && field in one ? status : null);
    expect(await syncIssue(repo(), number, want())).toEqual({
      result: 'written',
      refused: [{ what, status }],
    });
    expect(await shown()).toEqual({ ...done, ...left });
  });
});

test('every write refused, or the look at it, is told and throws nothing', async () => {
  for (const status of REFUSALS) {
    refuse = ({ method }) => (method === 'PATCH' ? status : null);
    const { refused } = await syncIssue(repo(), number, want());
    expect(refused.map(({ what }) => what)).toEqual(['title', 'body', 'labels', 'state']);
    refuse = () => status;
    const whole = [{ what: 'issue', status }];
    expect(await syncIssue(repo(), number, want())).toEqual({ result: 'same', refused: whole });
  }
});

test('a comment refused is told and throws nothing', async () => {
  for (const status of REFUSALS) {
    const refused = { result: 'same', refused: [{ what: 'comment', status }] };
    refuse = ({ method, url }) => (method === 'POST' && url.endsWith('/comments') ? status : null);
    expect(await syncComment(repo(), number, 'x <!-- m -->', '<!-- m -->')).toEqual(refused);
    refuse = ({ url }) => (url.endsWith('/comments') ? status : null);
    expect(await syncComment(repo(), number, 'x <!-- m -->', '<!-- m -->')).toEqual(refused);
  }
  expect(await comments()).toEqual([]);
});

test.each([404, 410])('a comment that was deleted just now (%i) is made again', async (status) => {
  await syncComment(repo(), number, 'x <!-- m -->', '<!-- m -->');
  refuse = ({ method }) => (method === 'PATCH' ? status : null);
  expect(await syncComment(repo(), number, 'y <!-- m -->', '<!-- m -->')).toEqual({
    result: 'written',
    refused: [],
  });
  expect(await comments()).toEqual(['x <!-- m -->', 'y <!-- m -->']);
});

test('a limit and an outage are no refusals: whoever asked hears of them', async () => {
  for (const status of [429, 500, 502]) {
    refuse = () => status;
    await expect(syncIssue(repo(), number, want())).rejects.toMatchObject({ status });
    await expect(syncComment(repo(), number, 'x', 'm')).rejects.toMatchObject({ status });
  }
});

test('a title that somebody else gave stays; one of Vigil’s own is renewed', async () => {
  const olga = forge.as('olga').issues;
  await olga.update({ ...REPO, issue_number: number, title: 'One (bridge 4711)', labels: ['team:shop'] });
  const labels = (present: string[]) => present;
  await syncIssue(repo(), number, want({ labels }));
  expect(await shown()).toEqual({ ...done, title: 'One (bridge 4711)', labels: ['team:shop'] });
  expect(asked).toHaveLength(1);
  await olga.update({ ...REPO, issue_number: number, title: ' One ' });
  await syncIssue(repo(), number, want({ labels }));
  expect((await shown()).title).toBe('Two');
});
