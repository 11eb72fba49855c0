// What GitHub keeps of who did what: pushes, whatever their commits name; who closed something; a merge queue's group.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { REPO, startTestForge, type TestForge } from './test-forge.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

const branch = (name: string) => forge.commit(forge.app, name, { [name]: 'x\n' });
const open = async (name: string) =>
  (await forge.app.pulls.create({ ...REPO, title: name, head: name, base: 'main' })).data.number;

it('lists who pushed to a branch, also by force, and not whom the commits name', async () => {
  const head = await branch('work');
  const git = await forge.clone('otto');
  await git.checkout('work');
  await git.addConfig('user.email', 'olga@users.noreply.github.com');
  await git.raw('commit', '--quiet', '--allow-empty', '--message', 'By olga, it says');
  await git.push();
  const pushed = (await git.revparse(['HEAD'])).trim();
  await git.raw('push', '--quiet', '--force', 'origin', `${head}:refs/heads/work`);
  const { data } = await forge.app.repos.listActivities({ ...REPO, ref: 'refs/heads/work' });
  const told = data.map(({ activity_type, actor, before, after }) => [
    activity_type,
    actor?.login,
    before,
    after,
  ]);
  expect(told).toEqual([
    ['force_push', 'otto', pushed, head],
    ['push', 'otto', head, pushed],
    ['branch_creation', 'vigil[bot]', '0'.repeat(40), head],
  ]);
});

it('knows who closed an issue and a pull request, until they are opened again', async () => {
  await branch('closing');
  const pull_number = await open('closing');
  const at = { ...REPO, issue_number: pull_number };
  await forge.as('olga').pulls.update({ ...REPO, pull_number, state: 'closed' });
  expect((await forge.app.issues.get(at)).data.closed_by).toMatchObject({ login: 'olga', type: 'User' });
  await forge.as('olga').pulls.update({ ...REPO, pull_number, state: 'open' });
  expect((await forge.app.issues.get(at)).data.closed_by).toBeNull();
});

it('shows a reaction once for each who reacts', async () => {
  const { data } = await forge.app.issues.create({ ...REPO, title: 'Broken' });
  const said = await forge.as('olga').issues.createComment({ ...REPO, issue_number: data.number, body: 'x' });
  const on = { ...REPO, comment_id: said.data.id, content: 'eyes' as const };
  for (let times = 0; times < 2; times += 1) await forge.app.reactions.createForIssueComment(on);
  const { data: seen } = await forge.app.issues.getComment({ ...REPO, comment_id: said.data.id });
  expect(seen.reactions).toMatchObject({ eyes: 1, total_count: 1 });
});

it('puts open pull requests into one group on a branch of the queue’s, and merges nothing', async () => {
  await branch('one');
  await branch('two');
  const numbers = [await open('one'), await open('two')];
  const main = await forge.app.git.getRef({ ...REPO, ref: 'heads/main' });
  const { head_sha, head_ref } = await forge.github.queue(numbers, 'olga');
  expect(head_ref).toBe(`refs/heads/gh-readonly-queue/main/pr-${numbers[1]}-${main.data.object.sha}`);
  const { data } = await forge.app.repos.getCommit({ ...REPO, ref: head_sha });
  expect(data.parents).toHaveLength(1);
  expect((await forge.app.git.getRef({ ...REPO, ref: 'heads/main' })).data).toEqual(main.data);
  await expect(forge.github.queue([999], 'olga')).rejects.toThrow('#999 cannot be merged');
});
