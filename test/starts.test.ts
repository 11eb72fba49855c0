// What an operator sees when the app starts with something wrong: the real app as a process, between stand-ins that refuse it,
// are silent or are not there. Every start is one process; all share one world.
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../sandbox/app-process.ts';
import { APP } from '../sandbox/github/test-forge.ts';
import { root } from './support/files.ts';
import { eventually } from './support/outside.ts';
import { type QuickWorld, startQuickWorld } from './support/quick-world.ts';
import { type RecordingProxy, recordingProxy } from './support/recording-proxy.ts';
import { begin, type Started } from './support/started.ts';

let world: QuickWorld;
let proxy: RecordingProxy<'github' | 'pagerduty' | 'slack'>;
const running: Started[] = [];
beforeAll(async () => {
  world = await startQuickWorld();
  proxy = await recordingProxy({
    github: new URL(world.github.web).origin,
    pagerduty: world.pagerduty.api,
    slack: new URL(world.slack.api).origin,
  });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill()));
  proxy.trouble(null);
});
afterAll(async () => {
  await proxy?.close();
  await world?.close();
});

let replicas = 0;
async function started(changes: Record<string, string> = {}): Promise<Started> {
  const port = await freePort();
  replicas += 1;
  const settings = {
    ...world.environment(`start-${replicas}`, port, proxy.urls),
    VIGIL_SWEEP_SECONDS: '0.1',
  };
  const one = begin({ ...settings, ...changes });
  running.push(one);
  return one;
}
/** What it said when it did not start; never a stack, never one of the values. */
async function refused(changes: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const one = await started(changes);
  const code = await one.ended;
  const said = one.said();
  expect(said).not.toMatch(/^\s+at /m);
  for (const value of Object.values(changes)) if (value.length > 3) expect(said).not.toContain(value.trim());
  return { code, said };
}
const signIn = { GITHUB_CLIENT_ID: APP.clientId, GITHUB_CLIENT_SECRET: APP.clientSecret };
const times = (said: string, words: string): number => said.split(words).length - 1;

describe('the app does not start', () => {
  test('with nothing set: it says all at once what is missing, and what each is', async () => {
    const nothing = begin({});
    expect(await nothing.ended).toBe(2);
    expect(nothing.said()).toMatch(
      /^Vigil cannot start:\n( {2}[A-Z_]+: missing\. It is .+; such as .+\.\n){8}See /,
    );
  });

  test('with a port that is taken, a folder that cannot be made, a ledger key that is not there: exit code 2 and the cure', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const found = await Promise.all([
      refused({ PORT: String(port) }),
      refused({ VIGIL_DATA_DIR: join(root, 'package.json', 'data') }),
      refused({ VIGIL_DATA_DIR: '/proc/vigil-data' }),
      refused({ VIGIL_LEDGER_KEY: '/nonexistent' }),
      refused({ HOST: '203.0.113.7' }),
    ]);
    taken.close();
    expect(found.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    expect(found.map(({ said }) => said.split('\n')[1])).toEqual([
      expect.stringMatching(/^ {2}PORT: another process listens on it\./),
      expect.stringMatching(/^ {2}VIGIL_DATA_DIR: a file stands there or above it\./),
      expect.stringMatching(/^ {2}VIGIL_DATA_DIR: this process cannot make it or write to it\./),
      expect.stringMatching(
        /^ {2}VIGIL_LEDGER_KEY: no file stands there\. It is the path of an SSH private key/,
      ),
      expect.stringMatching(/^ {2}HOST: this machine has no such address\./),
    ]);
  });

  test('with an app that GitHub does not know, another app’s key, or a repository without the app', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const other = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const found = await Promise.all([
      refused({ APP_ID: '987654' }),
      refused({ PRIVATE_KEY: other }),
      refused({ VIGIL_REPOSITORY: 'acme/elsewhere' }),
    ]);
    expect(found.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(found.map(({ said }) => /^ {2}.*/m.exec(said)?.[0])).toEqual([
      expect.stringMatching(/^ {2}APP_ID: GitHub knows no such app\./),
      expect.stringMatching(/^ {2}PRIVATE_KEY: GitHub does not take it for the app of APP_ID\./),
      expect.stringMatching(/^ {2}VIGIL_REPOSITORY: the GitHub App is not installed on it/),
    ]);
  });
});

test('with wrong tokens of those it can do without, it is ready, says what is wrong once, and how to mend it', async () => {
  const app = await started({
    SLACK_BOT_TOKEN: 'xoxb-of-another-workspace',
    VIGIL_URL: 'http://127.0.0.1:1',
    PAGERDUTY_FROM_EMAIL: 'stranger@acme.example',
    ...signIn,
    GITHUB_CLIENT_SECRET: 'a client secret of another app',
    NODE_OPTIONS: `--import=${new URL('../sandbox/weather/clock.ts', import.meta.url).href}`,
    SANDBOX_CLOCK_AHEAD_MS: '90000',
  });
  const { body } = await app.untilReady(({ status }) => status === 200);
  const warned = [
    /^SLACK_BOT_TOKEN: Slack refuses it\. .*Vigil goes on without Slack\.$/,
    /^VIGIL_URL: it does not lead to this app\. /,
    /^PAGERDUTY_FROM_EMAIL: the PagerDuty account has no such user\. /,
    /^GITHUB_CLIENT_SECRET: GitHub does not take it with this GITHUB_CLIENT_ID\. /,
    /^The clock of this machine is more than 30 s ahead of GitHub’s\. Set it right/,
  ];
  const warnings = body['warnings'] as string[];
  expect(body).toMatchObject({ status: 'ready' });
  for (const wanted of warned) expect(warnings).toContainEqual(expect.stringMatching(wanted));
  expect(warnings).toHaveLength(warned.length);
  // Looked at again and again, and told once.
  const asked = (): number => proxy.sent.filter(({ path }) => path.includes('auth.test')).length;
  const before = asked();
  await eventually('two further looks', async () => asked() >= before + 2);
  for (const warning of warnings) expect(times(app.said(), JSON.stringify(warning).slice(1, -1))).toBe(1);
  expect(app.said()).not.toContain('xoxb-of-another-workspace');
});

test('deliveries that are not signed with the secrets are counted and told once, and nothing of them is written down', async () => {
  const app = await started();
  await app.untilReady(({ status }) => status === 200);
  const payload = JSON.stringify({
    action: 'opened',
    note: 'hunter2 of ada@example.com',
    issue: { number: 1 },
  });
  const deliver = (secret: string, id: number) =>
    fetch(`${app.url}/api/github/webhooks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issues',
        'x-github-delivery': `hunter2-${id}`,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`,
      },
      body: payload,
    });
  const page = () =>
    fetch(`${app.url}/webhooks/pagerduty`, {
      method: 'POST',
      headers: { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` },
      body: payload,
    });
  const statuses = [];
  for (let id = 0; id < 3; id++) statuses.push((await deliver('another-secret-of-30-letters', id)).status);
  statuses.push((await page()).status);
  expect(statuses).toEqual([400, 400, 400, 403]);
  const { warnings } = (await app.get('/readyz')).body as { warnings: string[] };
  expect(warnings).toEqual([
    expect.stringMatching(/^GitHub’s deliveries do not carry the signature of WEBHOOK_SECRET: 3 so far/),
    expect.stringMatching(
      /^PagerDuty’s deliveries do not carry the signature of PAGERDUTY_WEBHOOK_SECRET: 1 so/,
    ),
  ]);
  expect(times(app.said(), 'do not carry the signature of WEBHOOK_SECRET')).toBe(1);
  expect((await deliver(world.secrets.webhook, 4)).status).toBe(200);
  expect((await app.get('/readyz')).body['warnings']).toHaveLength(1);
  // A stranger who knocks while signed ones come is no news.
  expect((await deliver('another-secret-of-30-letters', 5)).status).toBe(400);
  expect((await app.get('/readyz')).body['warnings']).toHaveLength(1);
  expect(app.said()).not.toMatch(/hunter2|ada@example|another-secret/);
});

test('without PagerDuty’s key it is not ready; that is told once, and when the key is taken it is ready', async () => {
  proxy.trouble(({ to }) => (to === 'pagerduty' ? { status: 401, body: '' } : null));
  const app = await started(signIn);
  const { status, body } = await app.untilReady((ready) => ready.body['problems'] !== undefined);
  const [said = ''] = body['problems'] as string[];
  expect(status).toBe(503);
  expect(said).toMatch(/^PAGERDUTY_API_KEY: PagerDuty refuses it\. It is a REST API key/);
  expect(body['status']).toBe(said);
  expect((await app.get('/health')).body).toEqual({ status: 'ok' });
  const sweeps = (): number => proxy.sent.filter(({ path }) => /^\/incidents\?.*statuses/.test(path)).length;
  const before = sweeps();
  await eventually('five sweeps', async () => sweeps() >= before + 5);
  expect(times(app.said(), 'PagerDuty refuses it')).toBe(1);
  expect(times(app.said(), 'the sweep could not look at this')).toBe(1);
  proxy.trouble(null);
  const well = await app.untilReady((ready) => ready.status === 200 && !ready.body['warnings']);
  expect(well.body).toEqual({ status: 'ready', open: 0, broken: 0 });
  expect(app.said()).toContain('PAGERDUTY_API_KEY: that is mended');
});

test('vendors that are away stop no start: it is ready, and says who could not be asked', async () => {
  proxy.trouble(({ to }) => (to === 'github' ? null : { status: 503, body: '{}' }));
  const app = await started();
  const { body } = await app.untilReady(({ status }) => status === 200);
  expect(body['warnings']).toEqual(
    expect.arrayContaining([
      'PagerDuty does not answer now, so that PAGERDUTY_API_KEY could not be tried. It is tried again.',
      'Slack does not answer now, so that SLACK_BOT_TOKEN could not be tried. It is tried again.',
    ]),
  );
});

test('while GitHub is down it listens, says what it waits for, takes nothing, and goes on when GitHub is back', async () => {
  let down = true;
  const away = { status: 502, body: '<html>bad gateway</html>' };
  proxy.trouble(({ to }) => (to === 'github' && down ? away : null));
  const app = await started();
  const { status, body } = await app.untilReady((ready) => ready.body['problems'] !== undefined);
  expect(status).toBe(503);
  expect(body).toMatchObject({
    status: 'starting',
    problems: [
      expect.stringMatching(/^GitHub cannot be reached, or does not answer as it does; .* tries again/),
    ],
  });
  expect((await app.get('/health')).body).toEqual({ status: 'ok' });
  const early = await fetch(`${app.url}/webhooks/pagerduty`, { method: 'POST', body: '{}' });
  expect(early.status).toBe(503);
  down = false;
  await app.untilReady((ready) => ready.status === 200);
  expect(times(app.said(), 'GitHub cannot be reached')).toBe(1);
  app.child.kill('SIGTERM');
  expect(await app.ended).toBe(0);
});
