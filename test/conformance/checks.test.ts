// Check runs: who makes them, what they hold, and for which commit they count.
import { expect } from 'vitest';
import { answer, subject } from './rule.ts';
import { branch } from './steps.ts';

const CREATE = 'rest/checks/runs#create-a-check-run';
const UPDATE = 'rest/checks/runs#update-a-check-run';

subject('checks', (rule) => {
  rule('only an app makes a check run', CREATE, [], async (target) => {
    const { sha } = await branch(target, target.writer.rest, 'main', { x: '1' });
    const made = target.writer.rest.checks.create({ ...target.at, name: 'conformance', head_sha: sha });
    expect((await answer(made)).status).toBe(403);
  });
  rule('a check run is for a commit that is there', CREATE, ['app'], async ({ app, at }) => {
    const made = app.rest.checks.create({ ...at, name: 'conformance', head_sha: 'a'.repeat(40) });
    expect(await answer(made)).toMatchObject({ status: 422 });
  });
  rule('a conclusion completes a check run', CREATE, ['app'], async (target) => {
    const { sha } = await branch(target, target.writer.rest, 'main', { x: '1' });
    const { data } = await target.app.rest.checks.create({
      ...{ ...target.at, name: 'conformance', head_sha: sha, conclusion: 'neutral' },
    });
    expect(data).toMatchObject({ status: 'completed', conclusion: 'neutral', app: { id: target.app.id } });
    expect(Date.parse(data.completed_at ?? '')).toBeGreaterThan(0);
  });
  rule('completing a check run needs a conclusion', CREATE, ['app'], async (target) => {
    const { sha } = await branch(target, target.writer.rest, 'main', { x: '1' });
    const made = target.app.client.request('POST /repos/{owner}/{repo}/check-runs', {
      ...{ ...target.at, name: 'conformance', head_sha: sha, status: 'completed' },
    });
    expect((await answer(made)).status).toBe(422);
  });
  rule('a summary may have 65,535 characters and no more', CREATE, ['app'], async (target) => {
    const { sha } = await branch(target, target.writer.rest, 'main', { x: '1' });
    const post = (length: number) =>
      answer(
        target.app.rest.checks.create({
          ...{ ...target.at, name: 'conformance', head_sha: sha },
          output: { title: 'long', summary: 'x'.repeat(length) },
        }),
      );
    expect((await post(65_536)).status).toBe(422);
    expect((await post(65_535)).status).toBe(201);
  });
  rule('a check run may be changed by the app that made it', UPDATE, ['app'], async (target) => {
    const { sha } = await branch(target, target.writer.rest, 'main', { x: '1' });
    const at = { ...target.at, name: 'conformance' };
    const { data } = await target.app.rest.checks.create({ ...at, head_sha: sha, status: 'in_progress' });
    const end = await target.app.rest.checks.update({ ...at, check_run_id: data.id, conclusion: 'success' });
    expect(end.data).toMatchObject({ id: data.id, status: 'completed', conclusion: 'success' });
  });
  rule(
    'the newest check run of a name is the one that is listed',
    'rest/checks/runs#list-check-runs-for-a-git-reference',
    ['app'],
    async (target) => {
      const { sha } = await branch(target, target.writer.rest, 'main', { x: '1' });
      const at = { ...target.at, name: 'conformance', head_sha: sha };
      await target.app.rest.checks.create({ ...at, conclusion: 'failure' });
      await target.app.rest.checks.create({ ...at, conclusion: 'success' });
      const list = async (filter: 'latest' | 'all') =>
        (
          await target.app.rest.checks.listForRef({
            ...target.at,
            ref: sha,
            check_name: 'conformance',
            filter,
          })
        ).data.check_runs.map(({ conclusion }) => conclusion);
      expect(await list('latest')).toEqual(['success']);
      expect((await list('all')).sort()).toEqual(['failure', 'success']);
    },
  );
  rule(
    'a check run belongs to its commit: a new head has none',
    'pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks',
    ['app'],
    async (target) => {
      const { sha } = await branch(target, target.writer.rest, 'main', { x: '1' });
      await target.app.rest.checks.create({
        ...{ ...target.at, name: 'conformance', head_sha: sha, conclusion: 'success' },
      });
      const next = await branch(target, target.writer.rest, 'main', { x: '2' });
      const { data } = await target.app.rest.checks.listForRef({ ...target.at, ref: next.sha });
      expect(data.total_count).toBe(0);
    },
  );
});
