// Merging: which head, which rules, and what it leaves behind.
import { expect } from 'vitest';
import { subject } from './rule.ts';
import { headOf, merge, propose } from './steps.ts';

const MERGE = 'rest/pulls/pulls#merge-a-pull-request';
const CHECKS =
  'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-status-checks-to-pass-before-merging';

subject('merging', (rule) => {
  rule('a merge that names another head than there is gets 409', MERGE, [], async (target) => {
    const pull = await propose(target, target.writer.rest, 'main');
    expect(await merge(target, target.writer.rest, pull, { sha: 'a'.repeat(40) })).toMatchObject({
      status: 409,
    });
    expect(await merge(target, target.writer.rest, pull, { sha: pull.head })).toMatchObject({ status: 200 });
  });
  rule('what is merged cannot be merged again: 405', MERGE, [], async (target) => {
    const pull = await propose(target, target.writer.rest, 'main');
    await merge(target, target.writer.rest, pull);
    expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 405 });
  });
  rule(
    'a squash puts one commit on the base, by the author, committed by GitHub',
    MERGE,
    [],
    async (target) => {
      const { rest } = target.writer;
      const pull = await propose(target, rest, 'main');
      const before = await headOf(target, 'main');
      const { data } = await merge(target, rest, pull, { commit_title: 'Squashed' });
      const made = (data as { sha: string }).sha;
      expect(await headOf(target, 'main')).toBe(made);
      const seen = await rest.repos.getCommit({ ...target.at, ref: made });
      expect(seen.data).toMatchObject({
        parents: [{ sha: before }],
        author: { login: target.writer.login },
        commit: { message: expect.stringMatching(/^Squashed/), committer: { name: 'GitHub' } },
      });
    },
  );
  rule(
    'a merge closes its pull request and says by whom',
    'rest/pulls/pulls#get-a-pull-request',
    [],
    async (target) => {
      const pull = await propose(target, target.writer.rest, 'main');
      const { data } = await merge(target, target.writer.rest, pull);
      const seen = await target.writer.rest.pulls.get({ ...target.at, pull_number: pull.number });
      expect(seen.data).toMatchObject({
        ...{ state: 'closed', merged: true, merged_by: { login: target.writer.login } },
        merge_commit_sha: (data as { sha: string }).sha,
      });
    },
  );
  rule('somebody who may only read cannot merge', MERGE, ['reader'], async (target) => {
    const pull = await propose(target, target.writer.rest, 'main');
    expect((await merge(target, target.reader.rest, pull)).status).toBe(403);
  });
  rule(
    'a method that the rule does not name is refused',
    MERGE,
    ['rulesets', 'second person'],
    async (target) => {
      const pull = await propose(target, target.writer.rest, 'conformance/reviewed');
      await target.second.rest.pulls.createReview({
        ...target.at,
        pull_number: pull.number,
        event: 'APPROVE',
      });
      expect(await merge(target, target.writer.rest, pull, { merge_method: 'merge' })).toMatchObject({
        status: 405,
      });
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 200 });
    },
  );
  rule(
    'a required check holds a merge up until it succeeded for this very head',
    CHECKS,
    ['rulesets', 'app'],
    async (target) => {
      const { app, writer } = target;
      const pull = await propose(target, writer.rest, 'conformance/checked');
      const post = (conclusion: 'success' | 'failure', head_sha = pull.head) =>
        app.rest.checks.create({ ...target.at, name: 'conformance', head_sha, conclusion });
      expect(await merge(target, writer.rest, pull)).toMatchObject({ status: 405 });
      await post('success', await headOf(target, 'main'));
      expect(await merge(target, writer.rest, pull)).toMatchObject({ status: 405 });
      await post('failure');
      expect(await merge(target, writer.rest, pull)).toMatchObject({ status: 405 });
      await post('success');
      expect(await merge(target, writer.rest, pull)).toMatchObject({ status: 200 });
    },
  );
  rule('the newest run of a required check decides', CHECKS, ['rulesets', 'app'], async (target) => {
    const { app, writer } = target;
    const pull = await propose(target, writer.rest, 'conformance/checked');
    for (const conclusion of ['success', 'failure'] as const)
      await app.rest.checks.create({ ...target.at, name: 'conformance', head_sha: pull.head, conclusion });
    expect(await merge(target, writer.rest, pull)).toMatchObject({ status: 405 });
  });
  rule(
    'a status of the same name by a person does not stand in for the pinned app',
    CHECKS,
    ['rulesets'],
    async (target) => {
      const { rest } = target.writer;
      const pull = await propose(target, rest, 'conformance/checked');
      const status = { sha: pull.head, state: 'success' as const, context: 'conformance' };
      expect((await rest.repos.createCommitStatus({ ...target.at, ...status })).status).toBe(201);
      expect(await merge(target, rest, pull)).toMatchObject({ status: 405 });
    },
  );
});
