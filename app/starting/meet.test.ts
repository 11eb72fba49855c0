// The first words with GitHub, with somebody in its place who answers as GitHub does, as it does not, or as somebody else.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Probot, ProbotOctokit } from 'probot';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EVENTS } from '../../sandbox/github/people.ts';
import { APP } from '../../sandbox/github/test-forge.ts';
import { testConfig } from '../../test/support/hearing.ts';
import { openConcerns } from './concerns.ts';
import { meetGitHub } from './github.ts';
import { awayOrRefused, Refused } from './trouble.ts';

type Told = { status: number; body: unknown; type?: string };
const json = (body: unknown, status = 200): Told => ({ status, body });
const write = { metadata: 'read', actions: 'write', checks: 'write', contents: 'write', issues: 'write' };
const permissions = { ...write, pull_requests: 'write', merge_queues: 'read' };
const well: Record<string, Told> = {
  'GET /app': json({ id: 7, slug: 'vigil', client_id: 'Iv1.sandbox' }),
  'GET /repos/acme/production/installation': json({
    id: 42,
    permissions,
    events: EVENTS,
    suspended_at: null,
  }),
  'POST /app/installations/42/access_tokens': json(
    { token: 'ghs_x', expires_at: '2999-01-01T00:00:00Z' },
    201,
  ),
  'GET /repos/acme/production': json({ id: 9, default_branch: 'main', owner: { id: 3 } }),
};
let answers = well;
let github: Server;
let probot: Probot;
beforeAll(async () => {
  github = createServer((request, response) => {
    const {
      status,
      body,
      type = 'application/json',
    } = answers[`${request.method} ${request.url}`] ?? json({}, 404);
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  answers = well;
  const baseUrl = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
  const Octokit = ProbotOctokit.defaults((given: object) => ({ ...given, throttle: { enabled: false } }));
  const secret = 'a webhook secret of the tests';
  // It keeps a token, so that each test has one of its own.
  probot = new Probot({ appId: 7, privateKey: APP.privateKey, secret, baseUrl, logLevel: 'fatal', Octokit });
});
afterAll(() => github.close());

/** What came of it: what was learned, why it does not start, or what it waits for; and the warnings. */
async function met(changes: Record<string, Told>) {
  answers = { ...well, ...changes };
  const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined };
  const concerns = openConcerns(quiet);
  const came = await meetGitHub(probot, testConfig(), concerns).catch((error: unknown) => {
    try {
      return `waits: ${awayOrRefused(error).says.split(/[,;]/)[0]}`;
    } catch (refused) {
      return refused instanceof Refused ? `ends: ${refused.message.split('. ')[0]}` : refused;
    }
  });
  return { came, warns: concerns.list().warns };
}
const installation = (change: object): Record<string, Told> => ({
  'GET /repos/acme/production/installation': json({ id: 42, permissions, events: EVENTS, ...change }),
});

test('GitHub says who this is, and which repository', async () => {
  expect(await met({})).toEqual({
    came: {
      ...{ slug: 'vigil', clientId: 'Iv1.sandbox', installationId: 42 },
      repository: { id: 9, default_branch: 'main', owner: { id: 3 } },
    },
    warns: [],
  });
});

test('an installation that lacks a permission or does not hear of an event is told of, and taken', async () => {
  const { came, warns } = await met(
    installation({
      permissions: { ...permissions, checks: 'read', pull_requests: undefined },
      events: ['push'],
    }),
  );
  expect(came).toMatchObject({ installationId: 42 });
  expect(warns).toEqual([
    expect.stringMatching(/lacks the permission “checks: write”, “pull requests: write”\./),
    expect.stringMatching(
      /does not subscribe to “pull request”, “pull request review”, “issue comment”, “issues”, “merge group”, “workflow run”,/,
    ),
  ]);
});

const message = (words: string, status: number): Told => json({ message: words }, status);
const page = (status: number): Told => ({ status, body: '<html>Sign in</html>', type: 'text/html' });
test.each([
  ['GET /app', message('Integration not found', 404), 'ends: APP_ID: GitHub knows no such app'],
  [
    'GET /app',
    message('A JSON web token could not be decoded', 401),
    /^ends: PRIVATE_KEY: GitHub does not take it/,
  ],
  [
    'GET /repos/acme/production/installation',
    message('Not Found', 404),
    /^ends: VIGIL_REPOSITORY: the GitHub App is not/,
  ],
  ['GET /repos/acme/production', message('Not Found', 404), /^ends: VIGIL_REPOSITORY: the GitHub App is not/],
  [
    'POST /app/installations/42/access_tokens',
    message('This installation has been suspended', 403),
    'ends: The installation of the GitHub App is suspended',
  ],
  ['GET /app', page(200), 'waits: GitHub cannot be reached'],
  ['GET /app', page(404), 'waits: GitHub cannot be reached'],
  ['GET /app', page(401), 'waits: GitHub cannot be reached'],
  ['GET /app', json({}), 'waits: GitHub cannot be reached'],
  ['GET /app', message('Server Error', 500), 'waits: GitHub cannot be reached'],
  ['GET /app', message('Bad Gateway', 502), 'waits: GitHub cannot be reached'],
  ['GET /app', message('API rate limit exceeded', 403), 'waits: GitHub cannot be reached'],
  ['GET /app', message('You have exceeded a secondary rate limit', 429), 'waits: GitHub cannot be reached'],
  ['GET /repos/acme/production', message('Server Error', 503), 'waits: GitHub cannot be reached'],
])('%s answers %j: %s', async (call, answer, outcome) => {
  const { came } = await met({ [call]: answer });
  expect(came).toEqual(typeof outcome === 'string' ? outcome : expect.stringMatching(outcome));
});

test('a suspended installation ends the start before anything else is asked', async () => {
  const { came } = await met(installation({ suspended_at: '2026-11-01T00:00:00Z' }));
  expect(came).toBe('ends: The installation of the GitHub App is suspended');
});
