// As whom the app commits: the account of its own bot, whatever the app is called.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPO, startTestForge, type TestForge } from '../../../sandbox/github/test-forge.ts';
import { botIdentity } from './bot.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge?.close());

test('the app commits as its own bot, by the number of its account', async () => {
  const { data } = await forge.app.users.getByUsername({ username: 'vigil[bot]' });
  const email = `${data.id}+vigil[bot]@users.noreply.github.com`;
  expect(await botIdentity({ ...REPO, octokit: forge.octokit, appSlug: 'vigil' })).toEqual({
    name: 'vigil[bot]',
    email,
  });
});

test('where GitHub does not show the account, its name alone is taken', async () =>
  expect(await botIdentity({ ...REPO, octokit: forge.octokit, appSlug: 'acme-healer' })).toEqual({
    name: 'acme-healer[bot]',
    email: 'acme-healer[bot]@users.noreply.github.com',
  }));
