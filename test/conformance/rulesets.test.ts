// Rulesets: what they cover, whom they bind, how they are read.
import { expect } from 'vitest';
import { answer, subject } from './rule.ts';
import { commit, headOf, merge, propose } from './steps.ts';

const RULES =
  'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets';
const BYPASS =
  'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#granting-bypass-permissions-for-your-branch-or-tag-ruleset';
const PATTERNS =
  'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax';

subject('rulesets', (rule) => {
  rule(
    'the rules that bind a branch can be read',
    'rest/repos/rules#get-rules-for-a-branch',
    ['rulesets'],
    async (target) => {
      const { data } = await target.writer.rest.repos.getBranchRules({
        ...target.at,
        branch: 'conformance/reviewed',
      });
      expect(data).toContainEqual(
        expect.objectContaining({
          type: 'pull_request',
          ruleset_source_type: 'Repository',
          parameters: expect.objectContaining({ required_approving_review_count: 1 }),
        }),
      );
      const free = await target.writer.rest.repos.getBranchRules({
        ...target.at,
        branch: target.unique('free'),
      });
      expect(free.data).toEqual([]);
    },
  );
  rule(
    'rulesets are listed, and each can be read whole',
    'rest/repos/rules#get-a-repository-ruleset',
    ['rulesets'],
    async (target) => {
      const { data } = await target.writer.rest.repos.getRepoRulesets(target.at);
      const guarded = data.find(({ name }) => name === 'conformance: guarded');
      const whole = await target.writer.rest.repos.getRepoRuleset({
        ...target.at,
        ruleset_id: guarded?.id ?? 0,
      });
      expect(whole.data).toMatchObject({
        ...{ target: 'branch', enforcement: 'active' },
        conditions: { ref_name: { include: expect.arrayContaining(['refs/heads/conformance/guarded']) } },
      });
      expect(whole.data.rules?.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['creation', 'update', 'deletion']),
      );
    },
  );
  rule('a guarded branch is not moved by a person who may write', RULES, ['rulesets'], async (target) => {
    const { rest } = target.writer;
    const sha = await commit(target, rest, await headOf(target, 'conformance/guarded'), { x: '1' });
    const moved = await answer(rest.git.updateRef({ ...target.at, ref: 'heads/conformance/guarded', sha }));
    expect(moved.status).toBe(422);
    expect(JSON.stringify(moved.data)).toContain('rule violations');
  });
  rule(
    'a guarded branch is neither deleted nor made by such a person',
    RULES,
    ['rulesets'],
    async (target) => {
      const { rest } = target.writer;
      expect(
        (await answer(rest.git.deleteRef({ ...target.at, ref: 'heads/conformance/guarded' }))).status,
      ).toBe(422);
      const ref = `refs/heads/conformance/${target.unique('guarded')}`;
      const made = await answer(rest.git.createRef({ ...target.at, ref, sha: await headOf(target, 'main') }));
      expect(made.status).toBe(422);
    },
  );
  rule('an app with bypass `always` moves it', BYPASS, ['rulesets', 'app'], async (target) => {
    const { rest } = target.app;
    const sha = await commit(target, rest, await headOf(target, 'conformance/guarded'), {
      x: target.unique('x'),
    });
    const moved = await rest.git.updateRef({ ...target.at, ref: 'heads/conformance/guarded', sha });
    expect(moved.status).toBe(200);
  });
  rule(
    'bypass `pull_request` lets an app merge without review, and not move the branch',
    BYPASS,
    ['rulesets', 'app'],
    async (target) => {
      const { rest } = target.app;
      const sha = await commit(target, rest, await headOf(target, 'conformance/lane'), {
        x: target.unique('x'),
      });
      const moved = await answer(rest.git.updateRef({ ...target.at, ref: 'heads/conformance/lane', sha }));
      expect(moved.status).toBe(422);
      const pull = await propose(target, rest, 'conformance/lane');
      expect(await merge(target, target.writer.rest, pull)).toMatchObject({ status: 405 });
      expect(await merge(target, rest, pull, { sha: pull.head })).toMatchObject({ status: 200 });
    },
  );
  rule('a branch under a pull request rule is not written directly', RULES, ['rulesets'], async (target) => {
    const { rest } = target.writer;
    const sha = await commit(target, rest, await headOf(target, 'conformance/reviewed'), { x: '1' });
    const moved = await answer(rest.git.updateRef({ ...target.at, ref: 'heads/conformance/reviewed', sha }));
    expect(moved.status).toBe(422);
  });
  rule('force is refused where force pushes are blocked', RULES, ['rulesets'], async (target) => {
    const { rest } = target.writer;
    const tip = await headOf(target, 'conformance/linear');
    const [one, other] = await Promise.all(
      ['1', '2'].map((x) => commit(target, rest, tip, { [target.unique('file')]: x })),
    );
    const move = (sha = '', force = false) =>
      answer(rest.git.updateRef({ ...target.at, ref: 'heads/conformance/linear', sha, force }));
    expect((await move(one)).status).toBe(200);
    expect((await move(other, true)).status).toBe(422);
  });
  rule('a star in a pattern does not reach over a slash', PATTERNS, ['rulesets'], async (target) => {
    const ref = `refs/heads/conformance/guarded-${target.unique('x')}/below`;
    const made = target.writer.rest.git.createRef({ ...target.at, ref, sha: await headOf(target, 'main') });
    expect((await answer(made)).status).toBe(201);
  });
});
