import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO, type Rest, startTestForge, type TestForge } from './test-forge.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

/** A pull request by the app with one commit of these files, and its approval check when asked for. */
async function propose(branch: string, files: Record<string, string>, checked = true) {
  const head = await forge.commit(forge.app, branch, files);
  const { data } = await forge.app.pulls.create({
    ...REPO,
    title: `Heal ${branch}`,
    head: branch,
    base: 'main',
    body: 'why',
  });
  if (checked) await check(forge.app, head, 'success');
  return { head, pull_number: data.number, number: data.number };
}
const check = (client: Rest, head_sha: string, conclusion: 'success' | 'failure') =>
  client.checks.create({ ...REPO, name: 'vigil/approval', head_sha, conclusion });
const review = (who: string, pull_number: number, event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT') =>
  forge.as(who).pulls.createReview({ ...REPO, pull_number, event, body: 'said' });
const merge = (client: Rest, pull_number: number, sha?: string) =>
  client.pulls.merge({ ...REPO, pull_number, merge_method: 'squash', ...(sha ? { sha } : {}) });

describe('a pull request', () => {
  it('shows its files and commits, and may be found by its branch', async () => {
    const { number } = await propose('shown', { 'app/main.txt': 'one\n2\nthree\n', 'new file': 'x' });
    const { data } = await forge.app.pulls.get({ ...REPO, pull_number: number });
    expect(data).toMatchObject({
      mergeable: true,
      mergeable_state: 'blocked',
      commits: 1,
      changed_files: 2,
      additions: 2,
      deletions: 1,
    });
    const files = await forge.app.pulls.listFiles({ ...REPO, pull_number: number });
    expect(files.data).toMatchObject([
      { filename: 'app/main.txt', status: 'modified', patch: '@@ -1,3 +1,3 @@\n one\n-two\n+2\n three' },
      { filename: 'new file', status: 'added', patch: expect.stringContaining('+x') },
    ]);
    const commits = await forge.app.pulls.listCommits({ ...REPO, pull_number: number });
    expect(commits.data).toMatchObject([
      { author: { login: 'vigil[bot]' }, committer: { login: 'web-flow' } },
    ]);
    const found = await forge.app.pulls.list({ ...REPO, head: 'acme:shown', state: 'all' });
    expect(found.data.map((pull) => pull.number)).toEqual([number]);
  });

  it('is refused twice for a branch, without commits, or with no such branch', async () => {
    await propose('once', { once: '1' });
    const open = (head: string) => forge.app.pulls.create({ ...REPO, title: 'again', head, base: 'main' });
    await expect(open('once')).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('already exists for acme:once'),
    });
    await expect(open('main')).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('No commits between'),
    });
    await expect(open('nowhere')).rejects.toMatchObject({ status: 422 });
  });

  it('cannot be approved by its author', async () => {
    const { number } = await propose('own', { own: '1' });
    const approval = forge.app.pulls.createReview({ ...REPO, pull_number: number, event: 'APPROVE' });
    await expect(approval).rejects.toMatchObject({
      status: 422,
      response: { data: { errors: ['Can not approve your own pull request'] } },
    });
  });

  it('merges once reviewed and checked, with the head that was seen and no other', async () => {
    const { head, number } = await propose('good', { good: '1' });
    await expect(merge(forge.as('otto'), number, head)).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining('At least 1 approving review'),
    });
    await review('olga', number, 'APPROVE');
    await expect(merge(forge.as('otto'), number, 'a'.repeat(40))).rejects.toMatchObject({ status: 409 });
    const { data } = await merge(forge.as('otto'), number, head);
    const commit = await forge.app.repos.getCommit({ ...REPO, ref: 'main' });
    expect(commit.data).toMatchObject({
      sha: data.sha,
      author: { login: 'vigil[bot]' },
      commit: { message: expect.stringContaining(`Heal good (#${number})`) },
    });
    const { data: after } = await forge.app.pulls.get({ ...REPO, pull_number: number });
    expect(after).toMatchObject({
      merged: true,
      merged_by: { login: 'otto' },
      merge_commit_sha: data.sha,
      state: 'closed',
      changed_files: 1,
    });
    await expect(merge(forge.as('otto'), number)).rejects.toMatchObject({ status: 405 });
  });

  it('needs the check of the app that the ruleset names; nobody else can post one in its stead', async () => {
    const { head, number } = await propose('unchecked', { unchecked: '1' }, false);
    await review('olga', number, 'APPROVE');
    await expect(merge(forge.as('otto'), number)).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining('"vigil/approval" is expected'),
    });
    await expect(check(forge.as('otto'), head, 'success')).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('via a GitHub App'),
    });
    await check(forge.app, head, 'failure');
    await expect(merge(forge.app, number)).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining('is failure'),
    });
    await check(forge.app, head, 'success');
    expect((await merge(forge.app, number)).status).toBe(200);
  });

  it('may be merged by the app without a review, where its ruleset lets it bypass, and an admin may skip the check', async () => {
    const auto = await propose('auto', { auto: '1' });
    expect((await merge(forge.app, auto.number, auto.head)).status).toBe(200);
    const { number } = await propose('urgent', { urgent: '1' }, false);
    await expect(merge(forge.as('admin'), number)).rejects.toMatchObject({ status: 405 });
    await review('otto', number, 'APPROVE');
    expect((await merge(forge.as('admin'), number)).status).toBe(200);
  });

  it('counts reviews of writers only, and stands still while one of them wants changes', async () => {
    const { number } = await propose('counted', { counted: '1' });
    await review('reader', number, 'APPROVE');
    await expect(merge(forge.as('otto'), number)).rejects.toMatchObject({ status: 405 });
    await review('olga', number, 'APPROVE');
    await review('otto', number, 'REQUEST_CHANGES');
    await review('otto', number, 'COMMENT');
    await expect(merge(forge.as('olga'), number)).rejects.toMatchObject({
      message: expect.stringContaining('requested changes'),
    });
    await review('otto', number, 'APPROVE');
    expect((await merge(forge.as('olga'), number)).status).toBe(200);
  });

  it('waits for the code owner of what it touches', async () => {
    const { number } = await propose('owned', { 'runbooks/x.md': '1' });
    await review('otto', number, 'APPROVE');
    await expect(merge(forge.as('otto'), number)).rejects.toMatchObject({
      message: expect.stringContaining('code owner'),
    });
    await review('olga', number, 'APPROVE');
    expect((await merge(forge.as('otto'), number)).status).toBe(200);
  });

  it('follows a push to its branch, which voids the approval', async () => {
    const { head, number } = await propose('pushed', { pushed: '1' });
    await review('olga', number, 'APPROVE');
    const git = await forge.clone('otto');
    await git.checkout('pushed');
    await writeFile(join(await git.revparse(['--show-toplevel']), 'pushed'), '2');
    await git.commit('Push on', ['-a']);
    await git.push('origin', 'pushed');
    const { data } = await forge.app.pulls.get({ ...REPO, pull_number: number });
    expect(data.head.sha).toBe((await git.revparse(['HEAD'])).trim());
    expect(data.head.sha).not.toBe(head);
    const reviews = await forge.app.pulls.listReviews({ ...REPO, pull_number: number });
    expect(reviews.data).toMatchObject([{ user: { login: 'olga' }, state: 'DISMISSED', commit_id: head }]);
    await expect(merge(forge.as('otto'), number, head)).rejects.toMatchObject({ status: 409 });
  });

  it('says when it conflicts, and closes with its branch', async () => {
    const { number } = await propose('conflict', { 'README.md': 'mine\n' });
    const other = await propose('first', { 'README.md': 'theirs\n' });
    await merge(forge.app, other.number);
    await forge.app.pulls.get({ ...REPO, pull_number: number }); // asks; the next answer knows
    expect((await forge.app.pulls.get({ ...REPO, pull_number: number })).data).toMatchObject({
      mergeable: false,
      mergeable_state: 'dirty',
    });
    await expect(merge(forge.app, number)).rejects.toMatchObject({ status: 405 });
    await forge.app.git.deleteRef({ ...REPO, ref: 'heads/conflict' });
    expect((await forge.app.pulls.get({ ...REPO, pull_number: number })).data).toMatchObject({
      state: 'closed',
      merged: false,
    });
    await expect(
      forge.app.pulls.update({ ...REPO, pull_number: number, state: 'open' }),
    ).rejects.toMatchObject({ status: 422 });
  });
});

describe('check runs', () => {
  it('remember their app, and the newest of a name is the one that is listed', async () => {
    const { head } = await propose('twice', { twice: '1' });
    await check(forge.app, head, 'failure');
    const { data } = await forge.app.checks.listForRef({ ...REPO, ref: head, check_name: 'vigil/approval' });
    expect(data).toMatchObject({
      total_count: 1,
      check_runs: [{ conclusion: 'failure', status: 'completed', app: { id: 7 } }],
    });
    const { data: slow } = await forge.app.checks.create({
      ...REPO,
      name: 'slow',
      head_sha: head,
      status: 'in_progress',
    });
    const end = await forge.app.checks.update({
      ...REPO,
      check_run_id: slow.id,
      conclusion: 'neutral',
      output: { title: 'Done', summary: 'well' },
    });
    expect(end.data).toMatchObject({
      status: 'completed',
      conclusion: 'neutral',
      output: { summary: 'well' },
    });
    await expect(
      forge.app.checks.create({ ...REPO, name: 'x', head_sha: 'b'.repeat(40) }),
    ).rejects.toMatchObject({ status: 422 });
  });
});
