// Settings that are about others, tried on stand-ins that take them, refuse them, answer as somebody else, or are away.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type PagerDuty, startPagerDuty } from '../../sandbox/pagerduty/server.ts';
import { type Slack, startSlack } from '../../sandbox/slack/server.ts';
import { testConfig } from '../../test/support/hearing.ts';
import type { Config } from '../config.ts';
import { MARK, markOf } from '../webhooks/health.ts';
import { atBash, looksOf } from './looks.ts';

const NOBODY = 'http://127.0.0.1:9'; // the discard port
const signIn = { GITHUB_CLIENT_ID: 'Iv1.sandbox', GITHUB_CLIENT_SECRET: 'a client secret of the tests' };
const slackAt = (api: string) => ({
  ...{ SLACK_BOT_TOKEN: 'xoxb-right', SLACK_APPROVAL_CHANNEL: 'C0INCIDENTS', SLACK_API_URL: api },
});
let page: Server;
let told: { status: number; body: string; headers?: Record<string, string> };
let pageUrl: string;
let slack: Slack;
let pagerduty: PagerDuty;
beforeAll(async () => {
  page = createServer((_, response) => {
    response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers }).end(told.body);
  });
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  pageUrl = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  const channel = { id: 'C0INCIDENTS', name: 'incidents' };
  slack = await startSlack({ token: 'xoxb-right', channel });
  pagerduty = await startPagerDuty({
    apiKey: 'right-key',
    from: ['Vigil@acme.example', 'olga@acme.example'],
    service: [{ id: 'PSHOP01', name: 'shop' }],
    secret: 'a secret of pagerduty',
  });
});
afterEach(() => slack.setRoom({ invited: true }));
afterAll(async () => {
  page.close();
  await Promise.all([slack.close(), pagerduty.close()]);
});

/** What a look at one of them finds; null when all is well. */
async function found(about: string, more: Record<string, string>, clientId: string | null = null) {
  const silent = { octokit: () => Promise.reject(new Error('GitHub is away')) };
  const look = looksOf(testConfig(more), { clientId }, silent).find((one) => one.about === about);
  const concern = await look?.look();
  return concern ? [concern.stops ? 'stops' : 'warns', concern.says.split(/[.;] /)[0]] : concern;
}
const html = { status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } };

test('Bash is here and prints what it reads, or it is said what that costs', async () => {
  expect(await atBash()).toBeNull();
  expect(await atBash('/nonexistent/bash')).toEqual({
    says: expect.stringMatching(
      /^Scripts are judged without a second witness: .* Install bash 5\.2 or newer there\.$/,
    ),
    stops: false,
    reason: expect.stringContaining('bash cannot be asked'),
  });
});

describe('Slack', () => {
  const look = (change: Record<string, string> = {}, api = slack.api.replace(/\/$/, '')) =>
    found('SLACK_BOT_TOKEN', { ...slackAt(api), ...change });

  test('takes the token and has the bot in the channel', async () => expect(await look()).toBeNull());

  test('refuses the token, the channel, or what the token may do', async () => {
    expect(await look({ SLACK_BOT_TOKEN: 'xoxb-wrong' })).toEqual([
      'warns',
      'SLACK_BOT_TOKEN: Slack refuses it',
    ]);
    const channel = 'SLACK_APPROVAL_CHANNEL: Slack knows no such channel, or Vigil’s bot is not in it';
    expect(await look({ SLACK_APPROVAL_CHANNEL: 'C0OTHER' })).toEqual(['warns', channel]);
    slack.setRoom({ invited: false });
    expect(await look()).toEqual(['warns', channel]);
    const lacking = async (...scopes: string[]) => {
      const other = await startSlack({
        token: 'xoxb-right',
        channel: { id: 'C0INCIDENTS', name: 'x' },
        scopes,
      });
      const said = await look(
        { SLACK_SIGNING_SECRET: 'a signing secret of slack' },
        other.api.replace(/\/$/, ''),
      );
      await other.close();
      return said;
    };
    expect(await lacking('channels:history', 'channels:read')).toEqual([
      'warns',
      'SLACK_BOT_TOKEN: it lacks chat:write',
    ]);
    expect(await lacking('chat:write')).toEqual(['warns', 'SLACK_BOT_TOKEN: it lacks channels:history']);
    expect(await lacking('chat:write', 'channels:history')).toEqual([
      'warns',
      'SLACK_BOT_TOKEN: it lacks channels:read',
    ]);
  });

  test.each([
    ['a page', html, 'SLACK_API_URL: what answers there is not Slack’s API'],
    ['nothing there', { status: 404, body: '{}' }, 'SLACK_API_URL: what answers there is not Slack’s API'],
    [
      'an outage',
      { status: 503, body: '' },
      'Slack does not answer now, so that SLACK_BOT_TOKEN could not be tried',
    ],
    [
      'a limit',
      { status: 429, body: '{}', headers: { 'retry-after': '30' } },
      'Slack does not answer now, so that SLACK_BOT_TOKEN could not be tried',
    ],
  ])('is not who answers, or not now: %s', async (_, answer, said) => {
    told = answer;
    expect(await look({}, pageUrl)).toEqual(['warns', said]);
  });

  test('is away', async () => {
    expect(await look({}, NOBODY)).toEqual(['warns', expect.stringMatching(/^Slack does not answer now/)]);
  });
});

describe('PagerDuty', () => {
  const look = (change: Record<string, string> = {}, api = pagerduty.api) =>
    found('PAGERDUTY_API_KEY', { PAGERDUTY_API_URL: api, PAGERDUTY_API_KEY: 'right-key', ...change });

  test('takes the key and knows the sender, however the address is written', async () =>
    expect(await look({ PAGERDUTY_FROM_EMAIL: 'vigil@ACME.example' })).toBeNull());

  test('refuses the key, or knows no such sender: a part of an address is none', async () => {
    expect(await look({ PAGERDUTY_API_KEY: 'wrong-key' })).toEqual([
      'stops',
      'PAGERDUTY_API_KEY: PagerDuty refuses it',
    ]);
    for (const from of ['stranger@acme.example', 'il@acme.example'])
      expect(await look({ PAGERDUTY_FROM_EMAIL: from })).toEqual([
        'warns',
        'PAGERDUTY_FROM_EMAIL: the PagerDuty account has no such user',
      ]);
  });

  test.each([
    ['a page', html, ['stops', 'PAGERDUTY_API_URL: what answers there is not PagerDuty’s API']],
    ['nothing there', { status: 404, body: '{}' }, ['stops', expect.stringMatching(/^PAGERDUTY_API_URL/)]],
    [
      'another key’s rights',
      { status: 403, body: '{}' },
      ['stops', expect.stringMatching(/^PAGERDUTY_API_KEY/)],
    ],
    [
      'an outage',
      { status: 500, body: '' },
      ['warns', expect.stringMatching(/^PagerDuty does not answer now/)],
    ],
    [
      'a limit',
      { status: 429, body: '' },
      ['warns', expect.stringMatching(/^PagerDuty does not answer now/)],
    ],
  ])('is not who answers, or not now: %s', async (_, answer, said) => {
    told = answer;
    expect(await look({}, pageUrl)).toEqual(said);
  });

  test('is away', async () => {
    expect(await look({}, NOBODY)).toEqual([
      'warns',
      expect.stringMatching(/^PagerDuty does not answer now/),
    ]);
  });
});

describe('GitHub, for signing people in', () => {
  const look = (answer: typeof told, clientId: string | null = null) => {
    told = answer;
    return found('GITHUB_CLIENT_SECRET', { ...signIn, GITHUB_SERVER_URL: pageUrl }, clientId);
  };
  const refusal = (error: string) => ({ status: 200, body: JSON.stringify({ error }) });

  test('takes the secret, refuses it, knows no such client, or is away', async () => {
    expect(await look(refusal('bad_verification_code'))).toBeNull();
    const wrong = 'GITHUB_CLIENT_SECRET: GitHub does not take it with this GITHUB_CLIENT_ID';
    expect(await look(refusal('incorrect_client_credentials'))).toEqual(['warns', wrong]);
    expect(await look({ status: 404, body: '{"error":"Not Found"}' })).toEqual(['warns', wrong]);
    for (const answer of [html, { status: 503, body: '' }])
      expect(await look(answer)).toEqual(['warns', expect.stringMatching(/^GitHub does not answer now/)]);
  });

  test('has another client for this app', async () => {
    expect(await look(refusal('bad_verification_code'), 'Iv1.other')).toEqual([
      'warns',
      'GITHUB_CLIENT_ID: it is not the one of the app of APP_ID',
    ]);
    expect(await look(refusal('bad_verification_code'), 'Iv1.sandbox')).toBeNull();
  });
});

describe('our own address', () => {
  const mark = (change: Record<string, string> = {}): string => markOf(testConfig(change) as Config);
  const look = (status: number, body: string, headers: Record<string, string> = {}) => {
    told = { status, body, headers };
    return found('VIGIL_URL', { VIGIL_URL: pageUrl });
  };
  const ok = '{"status":"ok"}';

  test('leads to an app of this repository', async () => {
    expect(await look(200, ok, { [MARK]: mark() })).toBeNull();
    expect(mark({ VIGIL_REPOSITORY: 'ACME/Production' })).toBe(mark());
  });

  test('leads to somebody else, to a login page, to another Vigil, or nowhere', async () => {
    const wrong = ['warns', 'VIGIL_URL: it does not lead to this app'];
    expect(await look(200, ok)).toEqual(wrong);
    expect(await look(200, html.body, html.headers)).toEqual(wrong);
    expect(await look(404, ok, { [MARK]: mark() })).toEqual(wrong);
    expect(await look(302, '', { location: `${NOBODY}/`, [MARK]: mark() })).toEqual(wrong);
    expect(await look(200, ok, { [MARK]: mark({ VIGIL_REPOSITORY: 'acme/other' }) })).toEqual(wrong);
    expect(await found('VIGIL_URL', { VIGIL_URL: NOBODY })).toEqual(wrong);
  });
});

test('a GitHub that is away says nothing of its clock', async () => {
  expect(await found('Clock', {})).toBeUndefined();
});
