// A pull request that Vigil brings up to date: what people wrote in its title and text stays.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withOwnPart } from '#core/messages/own-part';
import { REPO, startTestForge, type TestForge } from '../../../sandbox/github/test-forge.ts';
import type { Repo } from './api.ts';
import { openPullOnce } from './pulls.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

const repo = (): Repo => ({ ...REPO, branch: 'main', appSlug: 'vigil', octokit: () => forge.octokit() });
const part = (words: string) => (present: string | null) =>
  withOwnPart(present, `**What is broken** ${words}\n<!-- vigil:pull pd-1 1 -->`);
const shown = async (number: number) => {
  const { data } = await forge.as('olga').pulls.get({ ...REPO, pull_number: number });
  return { title: data.title, body: data.body };
};

test('people’s title and words stay, and Vigil’s own are renewed', async () => {
  await forge.commit(forge.app, 'vigil/pd-1/1', { 'remediations/pd-1/fix.sh': 'true\n' });
  const branch = 'vigil/pd-1/1';
  const open = (title: string, own: string[], words: string) =>
    openPullOnce(repo(), { branch, title, own, body: part(words) });
  const { number } = await open('One', ['One'], 'first');
  expect(await open('Two', ['One', 'Two'], 'second')).toMatchObject({ number });
  expect(await shown(number)).toEqual({ title: 'Two', body: part('second')(null) });

  const edited = `Read #1 first.\n\n${part('second')(null)}\n\nOlga looks.`;
  await forge.as('olga').pulls.update({ ...REPO, pull_number: number, title: 'Mine', body: edited });
  await open('Three', ['One', 'Two', 'Three'], 'third');
  expect(await shown(number)).toEqual({
    title: 'Mine',
    body: `Read #1 first.\n\n${part('third')(null)}\n\nOlga looks.`,
  });
  await openPullOnce(repo(), { branch, title: 'Four', body: part('fourth') });
  expect(await shown(number)).toMatchObject({ title: 'Mine', body: expect.stringContaining('third') });
});
