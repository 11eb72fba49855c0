// What an operator is told about Sanity's settings.
import { describe, expect, test } from 'vitest';
import { sanityAccount } from './sanity-account.ts';

const good = { projectId: 'abc12345', token: 'skSecret' };

describe('Sanity’s settings', () => {
  test('name an account, with the dataset production unless another is named', () => {
    expect(sanityAccount(good)).toEqual({
      ok: true,
      account: { projectId: 'abc12345', dataset: 'production', token: 'skSecret', host: null },
    });
    expect(sanityAccount({ ...good, dataset: 'staging', host: 'http://127.0.0.1:4000' })).toMatchObject({
      account: { dataset: 'staging', host: 'http://127.0.0.1:4000' },
    });
  });

  test('that are not there at all are no fault, and what to set is said', () => {
    expect(sanityAccount({ dataset: 'production' })).toEqual({
      ok: false,
      given: false,
      reason:
        'SANITY_PROJECT_ID is not set (the project’s id at sanity.io/manage); SANITY_TOKEN is not set (a token of that project, under API)',
    });
  });

  test.each([
    ['half an account', { projectId: 'abc12345' }, 'SANITY_TOKEN is not set'],
    [
      'a project that is an address',
      { ...good, projectId: 'evil.example/x' },
      'SANITY_PROJECT_ID is no project id',
    ],
    ['a dataset that is a path', { ...good, dataset: '../other' }, 'SANITY_DATASET is no name'],
    ['a token with a line break', { ...good, token: 'skSecret\nx' }, 'SANITY_TOKEN has characters'],
    ['another host', { ...good, host: 'https://evil.example' }, 'SANITY_API_HOST may only name'],
    [
      'a host that only begins like this machine',
      { ...good, host: 'http://127.0.0.1.evil.example:1' },
      'SANITY_API_HOST',
    ],
  ])('are refused: %s', (_, given, said) => {
    const read = sanityAccount(given);
    expect(read).toMatchObject({ ok: false, given: true, reason: expect.stringContaining(said) });
    expect(JSON.stringify(read)).not.toMatch(/skSecret|evil/);
  });
});
