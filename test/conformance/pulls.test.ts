// Pull requests: what may be proposed, what GitHub works out about it, how it follows its branch.
import { expect } from 'vitest';
import { answer, subject, until } from './rule.ts';
import { branch, commit, headOf, merge, propose } from './steps.ts';

const CREATE = 'rest/pulls/pulls#create-a-pull-request';
const GET = 'rest/pulls/pulls#get-a-pull-request';

subject('pull requests', (rule) => {
  rule('a branch has one open pull request into the same base', CREATE, [], async (target) => {
    const { rest } = target.writer;
    const { branch: head } = await propose(target, rest, 'main');
    const again = answer(rest.pulls.create({ ...target.at, title: 'again', head, base: 'main' }));
    expect(await again).toMatchObject({ status: 422, data: { message: 'Validation Failed' } });
    const { data } = (await again) as { data: { errors: { message: string }[] } };
    expect(data.errors[0]?.message).toContain(`A pull request already exists for ${target.owner}:${head}`);
  });
  rule('a pull request needs commits that its base lacks', CREATE, [], async (target) => {
    const name = target.unique('same');
    const { rest } = target.writer;
    await rest.git.createRef({ ...target.at, ref: `refs/heads/${name}`, sha: await headOf(target, 'main') });
    const opened = answer(rest.pulls.create({ ...target.at, title: 'none', head: name, base: 'main' }));
    expect(await opened).toMatchObject({ status: 422 });
    expect(JSON.stringify((await opened).data)).toContain(`No commits between main and ${name}`);
  });
  rule('a pull request needs a head that is there', CREATE, [], async ({ writer: { rest }, at, unique }) => {
    const opened = rest.pulls.create({ ...at, title: 'none', head: unique('nowhere'), base: 'main' });
    expect((await answer(opened)).status).toBe(422);
  });
  rule(
    'mergeable is worked out in the background: null first, asked for, then known',
    GET,
    [],
    async (target) => {
      const { rest } = target.writer;
      const { name } = await branch(target, rest, 'main', { [target.unique('file')]: '1' });
      const { data } = await rest.pulls.create({ ...target.at, title: name, head: name, base: 'main' });
      expect(data.mergeable).toBeNull();
      const known = await until(target, 'mergeable', async () => {
        const seen = (await rest.pulls.get({ ...target.at, pull_number: data.number })).data;
        return seen.mergeable === null ? undefined : seen;
      });
      expect(known.mergeable).toBe(true);
    },
  );
  rule('a list never works out mergeable', 'rest/pulls/pulls#list-pull-requests', [], async (target) => {
    const { branch: head } = await propose(target, target.writer.rest, 'main');
    const { data } = await target.writer.rest.pulls.list({ ...target.at, head: `${target.owner}:${head}` });
    expect(data).toHaveLength(1);
    expect(data[0]).not.toHaveProperty('mergeable');
  });
  rule('two sides that disagree are dirty, and cannot be merged: 405', GET, [], async (target) => {
    const { rest } = target.writer;
    const file = target.unique('file');
    const one = await propose(target, rest, 'main', { [file]: 'one\n' });
    const other = await propose(target, rest, 'main', { [file]: 'other\n' });
    expect((await merge(target, rest, one)).status).toBe(200);
    const seen = await until(target, 'the conflict', async () => {
      const { data } = await rest.pulls.get({ ...target.at, pull_number: other.number });
      return data.mergeable === null ? undefined : data;
    });
    expect(seen).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    expect(await merge(target, rest, other)).toMatchObject({ status: 405 });
  });
  rule(
    'a pull request lists the files that it changes',
    'rest/pulls/pulls#list-pull-requests-files',
    [],
    async (target) => {
      const file = target.unique('file');
      const { pull_number } = await propose(target, target.writer.rest, 'main', { [file]: 'one\ntwo\n' });
      const { data } = await target.writer.rest.pulls.listFiles({ ...target.at, pull_number });
      expect(data).toMatchObject([
        { filename: file, status: 'added', additions: 2, patch: '@@ -0,0 +1,2 @@\n+one\n+two' },
      ]);
    },
  );
  rule(
    'a pull request can be fetched from refs/pull/N/head, which nobody can write',
    'pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/checking-out-pull-requests-locally',
    [],
    async (target) => {
      const { rest } = target.writer;
      const { number, head } = await propose(target, rest, 'main');
      const { data } = await rest.git.getRef({ ...target.at, ref: `pull/${number}/head` });
      expect(data.object.sha).toBe(head);
      const moved = rest.git.updateRef({
        ...target.at,
        ref: `pull/${number}/head`,
        sha: await headOf(target, 'main'),
        force: true,
      });
      expect((await answer(moved)).status).toBe(422);
    },
  );
  rule(
    'a pull request follows its branch',
    'webhooks/webhook-events-and-payloads#pull_request',
    [],
    async (target) => {
      const { rest } = target.writer;
      const pull = await propose(target, rest, 'main');
      const sha = await commit(target, rest, pull.head, { [target.unique('file')]: '1' });
      await rest.git.updateRef({ ...target.at, ref: `heads/${pull.branch}`, sha });
      const seen = await until(target, 'the new head', async () => {
        const { data } = await rest.pulls.get({ ...target.at, pull_number: pull.number });
        return data.head.sha === sha ? data : undefined;
      });
      expect(seen.commits).toBe(2);
    },
  );
  rule(
    'deleting its branch closes a pull request',
    'rest/git/refs#delete-a-reference',
    [],
    async (target) => {
      const { rest } = target.writer;
      const pull = await propose(target, rest, 'main');
      await rest.git.deleteRef({ ...target.at, ref: `heads/${pull.branch}` });
      const closed = await until(target, 'the closing', async () => {
        const { data } = await rest.pulls.get({ ...target.at, pull_number: pull.number });
        return data.state === 'closed' ? data : undefined;
      });
      expect(closed.merged).toBe(false);
    },
  );
});
