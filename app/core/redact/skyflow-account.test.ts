import { describe, expect, test } from 'vitest';
import { skyflowAccount } from './skyflow-account.ts';

const NOW = new Date('2026-11-03T03:00:00.000Z');
const good = {
  url: 'https://abc123.vault.skyflowapis.com',
  vaultId: 'f4b3a9c81234',
  apiKey: 'sky-1234567890-abcdefgh',
};
const jwt = (claims: object): string =>
  ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const problems = (given: object): string[] => {
  const read = skyflowAccount({ ...good, ...given }, NOW);
  return read.ok ? [] : read.problems;
};

describe('an account of Skyflow', () => {
  test('is none when nothing is given', () => {
    expect(skyflowAccount({}, NOW)).toEqual({ ok: true, account: null });
  });

  test('is whole, with an API key or with a bearer token that still lasts', () => {
    expect(skyflowAccount(good, NOW)).toEqual({
      ok: true,
      account: { url: good.url, vaultId: good.vaultId, token: good.apiKey, expires: null },
    });
    const bearer = jwt({ exp: NOW.getTime() / 1000 + 60 });
    expect(skyflowAccount({ ...good, apiKey: undefined, bearer }, NOW)).toMatchObject({
      account: { token: bearer, expires: new Date('2026-11-03T03:01:00.000Z') },
    });
  });

  test('half given is refused, so that nobody believes in a guard that is not there', () => {
    expect(problems({ url: undefined })).toEqual([expect.stringMatching(/^SKYFLOW_VAULT_URL: /)]);
    expect(problems({ vaultId: '' })).toEqual(['SKYFLOW_VAULT_ID: the id of the vault']);
    expect(problems({ apiKey: undefined })).toEqual([
      expect.stringMatching(/^SKYFLOW_API_KEY or SKYFLOW_BEARER_TOKEN/),
    ]);
  });

  test('with a bearer that is over says when it ended and what to do, and never shows it', () => {
    const bearer = jwt({ exp: NOW.getTime() / 1000 });
    expect(problems({ apiKey: undefined, bearer })).toEqual([
      'SKYFLOW_BEARER_TOKEN: expired at 2026-11-03T03:00:00.000Z; make a new one, or set SKYFLOW_API_KEY, which lasts',
    ]);
    expect(JSON.stringify(problems({ apiKey: undefined, bearer, vaultId: '' }))).not.toContain(bearer);
  });

  test.each([
    'https://abc123.vault.skyflowapis.com',
    'https://abc123.vault.skyflowapis-preview.com',
    'https://abc123.vault.skyflowapis.tech/',
    'https://abc123.vault.skyflowapis.dev',
    'http://127.0.0.1:4711',
  ])('may live at %s', (url) => expect(problems({ url })).toEqual([]));

  test.each([
    'http://abc123.vault.skyflowapis.com',
    'https://abc123.vault.skyflowapis-preview.dev',
    'https://vault.skyflowapis.com',
    'https://abc123.vault.skyflowapis.com.evil.example',
    'https://evil.example/abc123.vault.skyflowapis.com',
    'https://user@abc123.vault.skyflowapis.com',
    'https://abc123.vault.skyflowapis.com:8443',
    'https://abc123.vault.skyflowapis.com/v1',
    'https://a.b.vault.skyflowapis.com',
    'http://127.0.0.1.evil.example:80',
    'http://localhost:4711',
  ])('may not live at %s', (url) => expect(problems({ url })).toHaveLength(1));
});
