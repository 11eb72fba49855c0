// Reviews: whose word counts, for which bytes, and what voids it.
import { expect } from 'vitest';
import { answer, subject, until } from './rule.ts';
import { commit, headOf, merge, type Proposal, propose } from './steps.ts';
import type { Person, Target } from './target.ts';

const REVIEW = 'rest/pulls/reviews#create-a-review-for-a-pull-request';
const OWNERS =
  'repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners';
const RULE =
  'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-a-pull-request-before-merging';
const BASE = 'conformance/reviewed';

type Event = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';
const review = (
  { at }: Target,
  { rest }: Pick<Person, 'rest'>,
  { pull_number }: Proposal,
  event: Event,
  more = {},
) => answer(rest.pulls.createReview({ ...at, pull_number, event, body: 'said', ...more }));
const statesOf = async ({ at, writer }: Target, { pull_number }: Proposal) =>
  (await writer.rest.pulls.listReviews({ ...at, pull_number })).data.map(({ state }) => state);
const settled = (target: Target, pull: Proposal, head: string) =>
  until(target, 'the new head', async () => {
    const { data } = await target.writer.rest.pulls.get({ ...target.at, pull_number: pull.number });
    return data.head.sha === head && data.mergeable !== null ? data : undefined;
  });

subject('reviews', (rule) => {
  rule('nobody approves their own pull request: 422', REVIEW, [], async (target) => {
    const pull = await propose(target, target.writer.rest, 'main');
    const own = await review(target, target.writer, pull, 'APPROVE');
    expect(own.status).toBe(422);
    expect(JSON.stringify(own.data)).toContain('own pull request');
  });
  rule('an app does not approve its own either', REVIEW, ['app'], async (target) => {
    const pull = await propose(target, target.app.rest, 'main');
    expect((await review(target, target.app, pull, 'APPROVE')).status).toBe(422);
  });
  rule('nobody requests changes of themselves', REVIEW, [], async (target) => {
    const pull = await propose(target, target.writer.rest, 'main');
    expect((await review(target, target.writer, pull, 'REQUEST_CHANGES')).status).toBe(422);
  });
  rule(
    'a review is bound to the commit that it names, the head when it names none',
    REVIEW,
    ['second person'],
    async (target) => {
      const { rest } = target.writer;
      const pull = await propose(target, rest, 'main');
      const next = await commit(target, rest, pull.head, { [target.unique('file')]: '1' });
      await rest.git.updateRef({ ...target.at, ref: `heads/${pull.branch}`, sha: next });
      await settled(target, pull, next);
      const old = await review(target, target.second, pull, 'COMMENT', { commit_id: pull.head });
      expect(old).toMatchObject({ status: 200, data: { commit_id: pull.head } });
      const now = await review(target, target.second, pull, 'APPROVE');
      expect(now).toMatchObject({ status: 200, data: { commit_id: next, state: 'APPROVED' } });
    },
  );
  rule(
    'a review of a commit outside the pull request is refused',
    REVIEW,
    ['second person'],
    async (target) => {
      const { rest } = target.writer;
      const pull = await propose(target, rest, 'main');
      const aside = await commit(target, rest, await headOf(target, 'main'), { aside: '1' });
      expect((await review(target, target.second, pull, 'APPROVE', { commit_id: aside })).status).toBe(422);
    },
  );
  rule('requesting changes or commenting needs words', REVIEW, ['second person'], async (target) => {
    const pull = await propose(target, target.writer.rest, 'main');
    expect((await review(target, target.second, pull, 'REQUEST_CHANGES', { body: '' })).status).toBe(422);
  });
  rule(
    'a merge waits for as many approvals as the rule says',
    RULE,
    ['rulesets', 'second person'],
    async (target) => {
      const pull = await propose(target, target.writer.rest, BASE);
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 405 });
      await review(target, target.second, pull, 'COMMENT');
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 405 });
      await review(target, target.second, pull, 'APPROVE');
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({
        status: 200,
        data: { merged: true },
      });
    },
  );
  rule(
    'an approval by somebody who may only read does not count',
    RULE,
    ['rulesets', 'reader'],
    async (target) => {
      const pull = await propose(target, target.writer.rest, BASE);
      expect((await review(target, target.reader, pull, 'APPROVE')).status).toBe(200);
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 405 });
    },
  );
  rule(
    'a request for changes stands until its author approves',
    RULE,
    ['rulesets', 'second person'],
    async (target) => {
      const pull = await propose(target, target.writer.rest, BASE);
      for (const event of ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] as const)
        await review(target, target.second, pull, event);
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 405 });
      await review(target, target.second, pull, 'APPROVE');
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 200 });
    },
  );
  rule(
    'a push that changes the diff dismisses approvals',
    RULE,
    ['rulesets', 'second person'],
    async (target) => {
      const { rest } = target.writer;
      const pull = await propose(target, rest, BASE);
      await review(target, target.second, pull, 'APPROVE');
      const next = await commit(target, rest, pull.head, { [target.unique('file')]: 'more\n' });
      await rest.git.updateRef({ ...target.at, ref: `heads/${pull.branch}`, sha: next });
      await settled(target, pull, next);
      expect(await statesOf(target, pull)).toEqual(['DISMISSED']);
      expect(await merge(target, rest, pull)).toMatchObject({ status: 405 });
    },
  );
  rule(
    'a push that leaves the diff as it was dismisses none',
    RULE,
    ['rulesets', 'second person'],
    async (target) => {
      const { rest } = target.writer;
      const first = await propose(target, rest, BASE);
      await review(target, target.second, first, 'APPROVE');
      const empty = await rest.git.createCommit({
        ...{ ...target.at, message: 'Say it again', parents: [first.head] },
        tree: (await rest.git.getCommit({ ...target.at, commit_sha: first.head })).data.tree.sha,
      });
      await rest.git.updateRef({ ...target.at, ref: `heads/${first.branch}`, sha: empty.data.sha });
      await settled(target, first, empty.data.sha);
      expect(await statesOf(target, first)).toEqual(['APPROVED']);
    },
  );
  rule(
    'an approval may be dismissed by hand, with a reason',
    'rest/pulls/reviews#dismiss-a-review-for-a-pull-request',
    ['rulesets', 'second person'],
    async (target) => {
      const pull = await propose(target, target.writer.rest, BASE);
      const { data } = await review(target, target.second, pull, 'APPROVE');
      const at = { ...target.at, pull_number: pull.number, review_id: (data as { id: number }).id };
      await target.writer.rest.pulls.dismissReview({ ...at, message: 'too early' });
      expect(await statesOf(target, pull)).toEqual(['DISMISSED']);
      const again = target.writer.rest.pulls.dismissReview({ ...at, message: 'twice' });
      expect((await answer(again)).status).toBe(422);
    },
  );
  rule(
    'what a code owner owns waits for that owner',
    OWNERS,
    ['rulesets', 'second person', 'app'],
    async (target) => {
      const pull = await propose(target, target.app.rest, BASE, {
        [`owned/${target.unique('file')}`]: '1\n',
      });
      await review(target, target.writer, pull, 'APPROVE');
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 405 });
      await review(target, target.second, pull, 'APPROVE');
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 200 });
    },
  );
  rule(
    'CODEOWNERS is read from the base: a proposal cannot rewrite it for itself',
    OWNERS,
    ['rulesets', 'second person', 'app'],
    async (target) => {
      const files = { [`owned/${target.unique('file')}`]: '1\n', '.github/CODEOWNERS': '# nobody\n' };
      const pull = await propose(target, target.app.rest, BASE, files);
      await review(target, target.writer, pull, 'APPROVE');
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 405 });
    },
  );
});
