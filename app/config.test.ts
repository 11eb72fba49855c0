// Starting with an incomplete environment: what an operator reads, and that it never shows a secret.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { settings } from '#core/messages/settings';
import { readConfig } from './config.ts';

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

  test('with values that have a line end behind them, as files of secrets have', () => {
    const read = readConfig({ ...good, PAGERDUTY_API_KEY: 'u+abcdef\n', APP_ID: ' 12 ', PORT: ' ' });
    expect(read.ok && [read.config.pagerduty.apiKey, read.config.github.appId, read.config.port]).toEqual([
      'u+abcdef',
      12,
      3000,
    ]);
  });

  test('with Slack when both its token and its channel are there', () => {
    const read = readConfig({ ...good, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APPROVAL_CHANNEL: 'C1' });
    expect(read.ok && read.config.slack).toEqual({
      token: 'xoxb-1',
      channel: 'C1',
      api: 'https://slack.com/api',
      signingSecret: null,
    });
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

  test('and says of each what it is, in words and with an example', () => {
    const read = readConfig({});
    const said = read.ok ? [] : read.problems;
    expect(said[0]).toBe(
      'APP_ID: missing. It is the number that the GitHub App’s settings page calls App ID; such as 123456.',
    );
    for (const line of said) expect(line).toMatch(/^[A-Z_]+: missing\. It is .{20,}; such as .+\.$/);
  });

  test.each([
    ['WEBHOOK_SECRET', 'at least 20 characters', 'development'],
    ['PAGERDUTY_WEBHOOK_SECRET', 'at least 20 characters', 'short'],
    ['PAGERDUTY_WEBHOOK_SECRET', 'each at least 20 characters', 'first-secret-of-pagerduty,brief'],
    ['PAGERDUTY_WEBHOOK_SECRET', 'at least 20 characters', ' , '],
    ['APP_ID', 'the number', 'twelve'],
    ['APP_ID', 'the number', '0x1f'],
    ['APP_ID', 'the number', '-12'],
    ['VIGIL_REPOSITORY', 'owner/name', 'vigil-production'],
    ['VIGIL_URL', 'the address of this app', 'vigil.example.org'],
    ['VIGIL_URL', 'https', 'http://vigil.example.org'],
    ['PAGERDUTY_API_KEY', 'without spaces', 'two words'],
    ['PAGERDUTY_FROM_EMAIL', 'e-mail', 'nobody-at-acme'],
    ['PAGERDUTY_API_URL', 'the address of PagerDuty’s API', 'http://127.0.0.1.evil.example'],
    ['GITHUB_API_URL', 'the address of GitHub’s API', 'http://10.0.0.1'],
    ['VIGIL_OIDC_ISSUER', 'the address of who signs', 'https://someone:word@issuer.example'],
    ['GITHUB_THROTTLE', '`on` or `off`', 'sometimes'],
    ['CONFIDENCE_AUTO_EXECUTE_THRESHOLD', 'from 90 to 100', '80'],
    ['CONFIDENCE_AUTO_EXECUTE_THRESHOLD', 'from 90 to 100', '9e1'],
    ['CONTEXT_MATCH_THRESHOLD', 'from 0 to 100', 'most'],
    ['VIGIL_REPLICA', 'letters, digits, dots and dashes', '../r1'],
    ['VIGIL_REPLICA', 'letters, digits, dots and dashes', 'a b'],
    ['RCA_WAIT_SECONDS', 'from 0 to 1800', '-1'],
    ['VIGIL_SWEEP_SECONDS', 'above 0', '0.00'],
    ['VIGIL_SWEEP_SECONDS', 'at most 3600', '9999999'],
    ['VIGIL_QUIET_SECONDS', 'at most 604800', 'Infinity'],
    ['LOG_LEVEL', '`warn`', 'loudest'],
    ['PORT', 'from 0 to 65535', '99999'],
  ])('for a wrong %s: it says %s without repeating the value', (name, said, value) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name}: .*It is .*; such as .*\\.$`));
    expect(found[0]).toContain(said);
    for (const part of value.split(',')) if (part.trim()) expect(found[0]).not.toContain(part.slice(0, 60));
    expect(found[0]).not.toMatch(/expected|received|invalid|NaN|regex/i);
  });

  const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APPROVAL_CHANNEL: 'C0123ABCD' };
  test.each([
    ['SLACK_SIGNING_SECRET', 'at least 20 characters', 'short'],
    ['SLACK_API_URL', 'the address of Slack’s API', 'ftp://localhost/'],
    ['SLACK_APPROVAL_CHANNEL', 'the id of a Slack channel, not its name', '#incidents'],
    ['SLACK_BOT_TOKEN', 'without spaces', 'xoxb-1 xoxb-2'],
  ])('for a wrong %s of Slack: it says %s', (name, said, value) => {
    expect(problems({ ...slack, [name]: value })).toEqual([expect.stringMatching(`^${name}: .*${said}`)]);
  });

  test.each([
    [
      { SLACK_BOT_TOKEN: 'xoxb-1' },
      ['SLACK_BOT_TOKEN: comes with SLACK_APPROVAL_CHANNEL, or neither is set'],
    ],
    [
      { SLACK_APPROVAL_CHANNEL: 'C1' },
      ['SLACK_BOT_TOKEN: comes with SLACK_APPROVAL_CHANNEL, or neither is set'],
    ],
    [
      { SLACK_APPROVAL_CHANNEL: 'C1', SLACK_BOT_TOKEN: ' ' },
      ['SLACK_BOT_TOKEN: comes with SLACK_APPROVAL_CHANNEL, or neither is set'],
    ],
    [
      { SLACK_SIGNING_SECRET: 'a-signing-secret-of-30-letters' },
      ['SLACK_SIGNING_SECRET: comes with SLACK_BOT_TOKEN, or neither is set'],
    ],
  ])('with half of Slack: %j', (given, said) => {
    expect(problems(given)).toEqual(said);
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

test('.env.example lists every setting of the app, and of others only those of jobs and of Sanity', () => {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name ?? '');
  const others = /^(SKYFLOW|CODER|DD|SANITY|ANTHROPIC|LIGHTPANDA|LLM)_/;
  expect(listed.filter((name) => !others.test(name)).sort()).toEqual(Object.keys(settings).sort());
});
