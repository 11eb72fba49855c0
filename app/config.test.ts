// Starting with an incomplete environment: what an operator reads, and that it never shows a secret.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cliConfig, readConfig } from './config.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const good = {
  APP_ID: '12',
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: 'a-webhook-secret-of-30-letters',
  VIGIL_REPOSITORY: 'acme/production',
  VIGIL_URL: 'https://vigil.acme.example/',
  PAGERDUTY_WEBHOOK_SECRET: 'first-secret-of-pagerduty, second-secret-of-pagerduty',
  PAGERDUTY_API_KEY: 'u+abcdef',
  PAGERDUTY_FROM_EMAIL: 'vigil@acme.example',
};
const problems = (change: Record<string, string | undefined>): string[] => {
  const read = readConfig({ ...good, ...change });
  return read.ok ? [] : read.problems;
};

describe('the app starts', () => {
  test('with what it must know, and defaults for the rest', () => {
    const read = readConfig({ ...good, VIGIL_REPLICA: 'r1' });
    expect(read).toEqual({
      ok: true,
      config: {
        github: {
          appId: 12,
          privateKey,
          webhookSecret: 'a-webhook-secret-of-30-letters',
          owner: 'acme',
          repo: 'production',
          api: 'https://api.github.com',
          server: 'https://github.com',
          oidcIssuer: 'https://token.actions.githubusercontent.com',
          throttle: true,
        },
        pagerduty: {
          secrets: ['first-secret-of-pagerduty', 'second-secret-of-pagerduty'],
          apiKey: 'u+abcdef',
          from: 'vigil@acme.example',
          api: 'https://api.pagerduty.com',
        },
        signIn: null,
        slack: null,
        skyflow: null,
        thresholds: { confidence: 90, context: 85 },
        ledgerKey: null,
        dataDir: '.vigil/r1',
        replica: 'r1',
        sweepMs: 15_000,
        quietMs: 600_000,
        rcaWaitMs: 300_000,
        url: 'https://vigil.acme.example',
        logLevel: 'info',
        host: '127.0.0.1',
        port: 3000,
      },
    });
  });

  test('with a private key on one line, as an environment file has it', () => {
    const read = readConfig({ ...good, PRIVATE_KEY: privateKey.replaceAll('\n', '\\n') });
    expect(read.ok && read.config.github.privateKey).toBe(privateKey);
  });

  test('with Slack when both its token and its channel are there', () => {
    const read = readConfig({ ...good, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APPROVAL_CHANNEL: 'C1' });
    expect(read.ok && read.config.slack).toEqual({
      token: 'xoxb-1',
      channel: 'C1',
      api: 'https://slack.com/api',
      signingSecret: null,
    });
    const half = readConfig({ ...good, SLACK_BOT_TOKEN: 'xoxb-1' });
    expect(half.ok && half.config.slack).toBeNull();
  });

  test('with the confirm page when both halves of the sign-in are there', () => {
    const signIn = { GITHUB_CLIENT_ID: 'Iv23liABC', GITHUB_CLIENT_SECRET: 'a-client-secret-of-30-letters' };
    const read = readConfig({ ...good, ...signIn });
    expect(read.ok && read.config.signIn).toEqual({
      clientId: 'Iv23liABC',
      clientSecret: 'a-client-secret-of-30-letters',
    });
  });
});

describe('the app refuses to start', () => {
  test('and names everything that is missing at once', () => {
    const read = readConfig({});
    expect(read.ok ? [] : read.problems.map((problem) => problem.split(':')[0])).toEqual([
      'APP_ID',
      'PRIVATE_KEY',
      'WEBHOOK_SECRET',
      'VIGIL_REPOSITORY',
      'VIGIL_URL',
      'PAGERDUTY_WEBHOOK_SECRET',
      'PAGERDUTY_API_KEY',
      'PAGERDUTY_FROM_EMAIL',
    ]);
  });

  test.each(Object.keys(good))('when %s is empty', (name) => {
    expect(problems({ [name]: '' }).map((problem) => problem.split(':')[0])).toEqual([name]);
  });

  test.each([
    ['WEBHOOK_SECRET', 'at least 20 characters', 'development'],
    ['PAGERDUTY_WEBHOOK_SECRET', 'at least 20 characters', 'short'],
    ['PAGERDUTY_WEBHOOK_SECRET', 'at least 20 characters', 'first-secret-of-pagerduty,short'],
    ['PAGERDUTY_WEBHOOK_SECRET', 'at least one secret', ' , '],
    ['PRIVATE_KEY', 'a PEM private key', 'x'.repeat(200)],
    ['PRIVATE_KEY', 'a PEM private key', privateKey.slice(0, 400)],
    ['APP_ID', 'expected number', 'twelve'],
    ['VIGIL_REPOSITORY', 'owner/name', 'production'],
    ['VIGIL_URL', 'an https address', 'vigil.acme.example'],
    ['VIGIL_URL', 'an https address', 'http://vigil.acme.example'],
    ['PAGERDUTY_API_URL', 'an https address', 'http://127.0.0.1.evil.example'],
    ['GITHUB_API_URL', 'an https address', 'http://10.0.0.1'],
    ['SLACK_SIGNING_SECRET', 'at least 20 characters', 'short'],
    ['SLACK_API_URL', 'an https address', 'ftp://localhost/'],
    ['VIGIL_OIDC_ISSUER', 'an https address', 'https://someone:word@issuer.example'],
    ['CONFIDENCE_AUTO_EXECUTE_THRESHOLD', '>=90', '80'],
    ['CONTEXT_MATCH_THRESHOLD', 'expected number', 'most'],
    ['VIGIL_REPLICA', 'VIGIL_REPLICA', '../r1'],
    ['LOG_LEVEL', 'LOG_LEVEL', 'loud'],
    ['PORT', '<=65535', '99999'],
  ])('for a wrong %s: it says %s without repeating the value', (name, said, value) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name}\\b`));
    expect(found[0]).toContain(said);
    expect(found[0]).not.toContain(value.slice(0, 60));
  });

  test.each(['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'])('when there is only %s', (name) => {
    expect(problems({ [name]: 'half-of-what-a-sign-in-needs'.replaceAll('-', '') })).toEqual([
      'GITHUB_CLIENT_ID: comes with GITHUB_CLIENT_SECRET, or neither is set',
    ]);
  });

  test('and never prints a value, however many are wrong', () => {
    const wrong = Object.fromEntries(Object.keys(good).map((name) => [name, `hunter2-${name.length}`]));
    const text = JSON.stringify(readConfig(wrong));
    expect(text).toContain('WEBHOOK_SECRET');
    expect(text).not.toContain('hunter2');
  });

  test.each([
    'http://127.0.0.1:4010',
    'http://localhost:4010',
    'http://[::1]:4010',
    'https://api.acme.example/v3',
  ])('not with an address like %s', (url) => {
    expect(problems({ PAGERDUTY_API_URL: url, GITHUB_API_URL: `${url}/` })).toEqual([]);
  });
});

test('the command line needs nothing', () => {
  expect(cliConfig({})).toEqual({ colour: true, token: null, server: 'https://github.com' });
  expect(cliConfig({ NO_COLOR: '1', GITHUB_TOKEN: 't', GITHUB_SERVER_URL: 'https://ghe.example' })).toEqual({
    colour: false,
    token: 't',
    server: 'https://ghe.example',
  });
});

test('a path starts where the person stands, if npm put the command line elsewhere', () => {
  const npm = { INIT_CWD: '/srv/checkout/runbooks', npm_lifecycle_script: 'node app/cli/index.ts' };
  expect(cliConfig(npm)).toMatchObject({ standing: '/srv/checkout/runbooks' });
  expect(cliConfig({ ...npm, npm_lifecycle_script: 'node app/cli/index.ts ingest' }).standing).toBe(
    '/srv/checkout/runbooks',
  );
  // A command line that a test or another script starts stands where that one put it.
  expect(cliConfig({ ...npm, npm_lifecycle_script: 'vitest run' })).not.toHaveProperty('standing');
  expect(cliConfig({ INIT_CWD: '/srv/checkout' })).not.toHaveProperty('standing');
});
