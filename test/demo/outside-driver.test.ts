// Somebody with nothing but the line that `npm run sandbox -- --json` prints takes an incident to RESOLVED:
// breaks the shop, rings as PagerDuty would, reviews the pull request on GitHub, waits for the issue to close.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Where } from '../../sandbox/where.ts';
import { deliver, eventually, type GitHubDoor, github, triggered } from '../support/outside.ts';

let sandbox: ChildProcess;
let where: Where;
let door: GitHubDoor;

beforeAll(async () => {
  sandbox = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../sandbox/cli.ts'), 'sandbox', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(createInterface({ input: sandbox.stdout ?? process.stdin }), 'line')) as [
    string,
  ];
  where = JSON.parse(line) as Where;
  door = { ...where.github, token: where.github.reviewerToken };
});
afterAll(async () => {
  sandbox?.kill('SIGTERM');
  const [code] = await once(sandbox, 'exit');
  expect(code).toBe(0);
});

type Issue = {
  number: number;
  state: string;
  body: string;
  labels: { name: string }[];
  pull_request?: object;
};
const issueOf = async (): Promise<Issue | undefined> =>
  (await github<Issue[]>(door, '/issues?state=all')).find((issue) => !issue.pull_request);

test('a person approves, the script runs, the issue closes', async () => {
  await fetch(`${where.shop.admin}/break/flag`, { method: 'POST' });
  const answer = await deliver(
    where.pagerduty,
    triggered('QDRIVER0000001', where.pagerduty.service, 'Checkout fails after a flag change'),
  );
  expect(answer.status).toBe(202);

  const pull = await eventually(
    'a pull request',
    async () =>
      (await github<{ number: number; body: string; head: { sha: string } }[]>(door, '/pulls?state=open'))[0],
  );
  expect(pull.body).toContain('Approve this pull request to run exactly these bytes');
  await eventually('the issue to point at the proposal', async () => {
    const seen = await issueOf();
    return (
      seen?.labels.some(({ name }) => name === 'vigil:synthesizing') && seen.body.includes(`#${pull.number}`)
    );
  });
  await github(door, `/pulls/${pull.number}/reviews`, {
    method: 'POST',
    body: JSON.stringify({ event: 'APPROVE', commit_id: pull.head.sha }),
  });

  const issue = await eventually('the issue to close', async () => {
    const seen = await issueOf();
    return seen?.state === 'closed' ? seen : null;
  });
  expect(issue.labels.map(({ name }) => name)).toEqual(['vigil:resolved']);
  const [status] = await github<{ body: string }[]>(door, `/issues/${issue.number}/comments`);
  expect(status?.body).toMatch(/^\*\*RESOLVED\.\*\* The fix ran and the service works again/);
  expect(status?.body).toContain('Approved by `riley`');
});

test('the app tells its health and refuses what is not signed', async () => {
  expect(await (await fetch(`${where.app}/health`)).json()).toEqual({ status: 'ok' });
  expect((await (await fetch(`${where.app}/readyz`)).json()) as object).toMatchObject({ status: 'ready' });
  const forged = await deliver(
    { ...where.pagerduty, secret: 'not the secret at all' },
    triggered('QFORGED0000001', 'PSHOP01', 'x'),
  );
  expect(forged.status).toBe(403);
  const unsigned = await fetch(where.pagerduty.webhook, { method: 'POST', body: '{}' });
  expect(unsigned.status).toBe(400);
  const huge = await fetch(where.pagerduty.webhook, { method: 'POST', body: 'x'.repeat(300_000) });
  expect(huge.status).toBe(413);
  const facts = await fetch(`${where.app}/facts`, {
    method: 'POST',
    headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
    body: '{}',
  });
  expect(facts.status).toBe(401);
});

const hmac = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex');

test('the line carries what each of the doors asks for, and no door opens to anything else', async () => {
  const zen = '{"zen":"Keep it logically awesome.","hook_id":1}';
  const fromGitHub = (secret: string) =>
    fetch(where.github.webhook, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'ping',
        'x-github-delivery': 'a-delivery',
        'x-hub-signature-256': `sha256=${hmac(secret, zen)}`,
      },
      body: zen,
    });
  expect((await fromGitHub(where.github.webhookSecret)).status).toBe(200);
  expect((await fromGitHub(where.pagerduty.secret)).status).toBe(400);

  const press = `${new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      user: { id: where.slackApp.people['riley'] },
      channel: { id: where.slackApp.channel },
      response_url: `${where.slack}/actions/T0SANDBOX/none`,
      actions: [{ action_id: 'nobody_knows', value: '{}' }],
    }),
  })}`;
  const fromSlack = (secret: string) => {
    const time = `${Math.floor(Date.now() / 1000)}`;
    const signature = `v0=${hmac(secret, `v0:${time}:${press}`)}`;
    return fetch(where.slackApp.webhook, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': time,
        'x-slack-signature': signature,
      },
      body: press,
    });
  };
  expect((await fromSlack(where.slackApp.signingSecret)).status).toBe(200);
  expect((await fromSlack(where.github.webhookSecret)).status).toBe(401);

  const asked = (key: string) =>
    fetch(`${where.pagerduty.api}/incidents`, { headers: { authorization: `Token token=${key}` } });
  expect((await asked(where.pagerduty.apiKey)).status).toBe(200);
  expect((await asked(where.pagerduty.secret)).status).toBe(401);

  const number = (await issueOf())?.number;
  const spoke = Object.entries(where.github.people).map(async ([login, token]) => {
    const said = await github<{ user: { login: string } }>({ ...door, token }, `/issues/${number}/comments`, {
      method: 'POST',
      body: JSON.stringify({ body: `${login} was here` }),
    });
    return [login, said.user.login];
  });
  const everybody = ['riley', 'sam', 'robin', 'review-bot[bot]'];
  expect(await Promise.all(spoke)).toEqual(everybody.map((login) => [login, login]));
});

test('a file that cannot be kept is said before anything starts', () => {
  const program = join(import.meta.dirname, '../../sandbox/cli.ts');
  const told = spawnSync(process.execPath, [program, 'sandbox', '--where', 'no/such/folder/where.json'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(told.stderr).toMatch(/^--where .*no\/such\/folder\/where\.json cannot be written: ENOENT/);
  expect(told.stdout).toBe('');
  expect(told.status).toBe(2);
});
