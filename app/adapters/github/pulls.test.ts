// Pull requests as the sandbox's GitHub has them, by the app's own client: merged in a way that is allowed, and only into main. What
// people wrote in title and text stays.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withOwnPart } from '#core/messages/own-part';
import { APP, REPO, startTestForge, type TestForge } from '../../../sandbox/github/test-forge.ts';
import type { Repo } from './api.ts';
import { mergePullOnce, openPullOnce, pushFolderOnce } from './pulls.ts';
import { readPull } from './reviews.ts';

let forge: TestForge;
let repo: Repo;
beforeAll(async () => {
  forge = await startTestForge();
  repo = { octokit: forge.octokit, ...REPO, branch: 'main', appSlug: APP.slug };
});
afterAll(() => forge?.close());

const part = (words: string) => (present: string | null) =>
  withOwnPart(present, `**What is broken** ${words}\n<!-- vigil:pull pd-1 1 -->`);
const shown = async (number: number) => {
  const { data } = await forge.as('olga').pulls.get({ ...REPO, pull_number: number });
  return { title: data.title, body: data.body };
};

/** A pull request that only waits to be merged. */
async function ready(branch: string): Promise<{ number: number; head: string; title: string }> {
  const head = await forge.commit(forge.app, branch, { [`remediations/${branch}/fix.sh`]: 'true\n' });
  const { number } = await openPullOnce(repo, { branch, title: 'Fix', body: () => 'It is broken.' });
  const check = { name: 'vigil/approval', head_sha: head, conclusion: 'success' as const };
  await forge.app.checks.create({ ...REPO, ...check, status: 'completed' });
  return { number, head, title: 'Fix' };
}

test('where squash merging is switched off, another way that is allowed gives main the same bytes', async () => {
  const pull = await ready('one');
  forge.github.setMergeMethods('merge');
  const merged = await mergePullOnce(repo, pull);
  expect(merged).toMatchObject({ ok: true, by: 'vigil[bot]' });
  const sha = merged.ok ? merged.sha : '';
  const { data } = await forge.app.git.getCommit({ ...REPO, commit_sha: sha });
  expect(data.parents.map((parent) => parent.sha)).toContain(pull.head);
  expect(await mergePullOnce(repo, pull)).toEqual({ ok: true, sha, by: 'vigil[bot]' });
  forge.github.setMergeMethods('merge', 'squash');
});

test('where none is allowed, GitHub’s first refusal is what people read', async () => {
  const pull = await ready('two');
  forge.github.setMergeMethods();
  const merged = await mergePullOnce(repo, pull);
  expect(merged.ok ? '' : merged.error.message).toMatch(/^Squash merges are not allowed/);
  forge.github.setMergeMethods('merge', 'squash');
});

test('a pull request that was turned to another branch is not merged there, and is turned back', async () => {
  const pull = await ready('three');
  const main = await forge.app.git.getRef({ ...REPO, ref: 'heads/main' });
  await forge.app.git.createRef({ ...REPO, ref: 'refs/heads/release-7', sha: main.data.object.sha });
  await forge.as('olga').pulls.update({ ...REPO, pull_number: pull.number, base: 'release-7' });
  expect(await readPull(repo, pull.number)).toMatchObject({ base: 'release-7', draft: false, whole: true });
  const merged = await mergePullOnce(repo, pull);
  expect(merged.ok ? '' : merged.error.message).toBe('the pull request leads to release-7');
  const { data } = await forge.app.pulls.get({ ...REPO, pull_number: pull.number });
  expect(data.merged).toBe(false);
  const opened = await openPullOnce(repo, {
    ...{ branch: 'three', title: 'Fix', own: ['Fix'] },
    body: () => 'Again.',
  });
  expect(opened.number).toBe(pull.number);
  expect((await readPull(repo, pull.number)).base).toBe('main');
});

test('a pull request that was closed says so, so that it can be looked at again', async () => {
  const pull = await ready('closed');
  await forge.as('olga').pulls.update({ ...REPO, pull_number: pull.number, state: 'closed' });
  expect(await mergePullOnce(repo, pull)).toMatchObject({ ok: false, closed: true });
});

test('a branch over which somebody pushed while a proposal is brought up to date is left as they made it', async () => {
  const folder = 'remediations/four';
  const change = { branch: 'four', folder, gone: [], message: 'Propose', onto: null };
  const main = await forge.app.git.getRef({ ...REPO, ref: 'heads/main' });
  const base = main.data.object.sha;
  const { sha } = await pushFolderOnce(repo, { ...change, base, files: { 'fix.sh': 'one\n' } });
  const git = await forge.clone('otto');
  await git.checkout('four');
  const octokit = await forge.octokit();
  let pushed = '';
  // Between the look at the branch and its update.
  octokit.hook.before('request', async ({ method, url }) => {
    if (pushed !== '' || method !== 'POST' || !url.endsWith('/git/commits')) return;
    await git.raw('commit', '--quiet', '--allow-empty', '-m', 'Mine');
    pushed = await git.revparse('HEAD');
    await git.push('origin', 'four');
  });
  const update = { ...change, base, onto: sha, files: { 'fix.sh': 'two\n' } };
  const raced = pushFolderOnce({ ...repo, octokit: async () => octokit }, update);
  await expect(raced).rejects.toMatchObject({ status: 422, message: /not a fast forward/ });
  expect(await pushFolderOnce(repo, update)).toEqual({ sha: pushed, existed: true });
});

test('a pull request of which GitHub does not list yet what it counts is not believed', async () => {
  const { number } = await ready('five');
  const octokit = await forge.octokit();
  let lags = 1;
  octokit.hook.after('request', (response, { url }) => {
    if (url.includes('/files') && lags-- > 0) response.data = [];
  });
  const lagging = { ...repo, octokit: async () => octokit };
  expect((await readPull(lagging, number)).files).toEqual(['remediations/five/fix.sh']);
  lags = 100;
  await expect(readPull(lagging, number)).rejects.toThrow('was not all listed');
});

test('people’s title and words stay, and Vigil’s own are renewed', async () => {
  await forge.commit(forge.app, 'vigil/pd-1/1', { 'remediations/pd-1/fix.sh': 'true\n' });
  const branch = 'vigil/pd-1/1';
  const open = (title: string, own: string[], words: string) =>
    openPullOnce(repo, { branch, title, own, body: part(words) });
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
  await openPullOnce(repo, { branch, title: 'Four', body: part('fourth') });
  expect(await shown(number)).toMatchObject({ title: 'Mine', body: expect.stringContaining('third') });
});
