// Workflow runs: how they start, what they may see, how they queue, and what running again means.
import { expect } from 'vitest';
import { answer, subject, until } from './rule.ts';
import { dispatch, ended, headOf, jobsOf, WORKFLOW } from './steps.ts';
import type { Target } from './target.ts';

const DISPATCH = 'rest/actions/workflows#create-a-workflow-dispatch-event';
const RERUN = 'actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs';
const ENVIRONMENTS =
  'actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags';
const SECOND = 'fails unless it runs again on what the first attempt left';

const start = ({ at, writer }: Target, inputs: Record<string, string>, more: object = {}) =>
  answer(
    writer.client.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
      ...{ ...at, workflow_id: WORKFLOW, ref: 'main', inputs, ...more },
    }),
  );
const stepsOf = async (target: Target, run: number) =>
  (await jobsOf(target, run)).flatMap(({ steps = [] }) => steps);
const named = async (target: Target, run: number, name: string) =>
  (await stepsOf(target, run)).find((step) => step.name === name)?.conclusion;

subject('workflow runs', (rule) => {
  rule('a dispatch that asks for it is told its run', DISPATCH, ['environment'], async (target) => {
    const name = target.unique('told');
    const { status, data } = await start(target, { name }, { return_run_details: true });
    const run = data as { workflow_run_id: number; html_url: string };
    expect(status).toBe(200);
    expect(run.html_url).toBe(`${target.web}/actions/runs/${run.workflow_run_id}`);
    const seen = await ended(target, run.workflow_run_id);
    expect(seen).toMatchObject({
      display_title: `conformance ${name}`,
      event: 'workflow_dispatch',
      run_attempt: 1,
    });
  });
  rule('a dispatch that does not ask is told nothing: 204', DISPATCH, ['environment'], async (target) => {
    expect(await start(target, { name: target.unique('quiet') })).toMatchObject({ status: 204 });
  });
  rule(
    'an input that must be there, is not declared or not among the choices is 422',
    DISPATCH,
    ['environment'],
    async (target) => {
      expect((await start(target, {})).status).toBe(422);
      expect((await start(target, { name: 'x', other: 'y' })).status).toBe(422);
      expect((await start(target, { name: 'x', kind: 'third' })).status).toBe(422);
    },
  );
  rule('inputs may have 65,535 characters in all', DISPATCH, ['environment'], async (target) => {
    expect((await start(target, { name: 'x'.repeat(65_536) })).status).toBe(422);
  });
  rule('a workflow that is not on the default branch is 404', DISPATCH, ['environment'], async (target) => {
    expect((await start(target, {}, { workflow_id: 'nowhere.yml' })).status).toBe(404);
  });
  rule(
    'somebody who may only read cannot dispatch',
    DISPATCH,
    ['environment', 'reader'],
    async ({ reader, at }) => {
      const asked = reader.rest.actions.createWorkflowDispatch({
        ...at,
        workflow_id: WORKFLOW,
        ref: 'main',
        inputs: { name: 'x' },
      });
      expect((await answer(asked)).status).toBe(403);
    },
  );
  rule(
    'a job gets its environment’s secret on an allowed branch',
    ENVIRONMENTS,
    ['environment'],
    async (target) => {
      const run = await dispatch(target, { name: target.unique('secret') });
      await ended(target, run);
      expect(await named(target, run, 'the environment gave its secret')).toBe('success');
    },
  );
  rule(
    'on another branch the job fails before its first step, without the secret',
    ENVIRONMENTS,
    ['environment'],
    async (target) => {
      const ref = target.unique('elsewhere');
      await target.writer.rest.git.createRef({
        ...target.at,
        ref: `refs/heads/${ref}`,
        sha: await headOf(target, 'main'),
      });
      const run = await dispatch(target, { name: ref }, ref);
      await ended(target, run);
      const second = (await jobsOf(target, run)).find(({ name }) => name === 'second');
      expect(second?.conclusion).toBe('failure');
      expect(second?.steps?.filter(({ conclusion }) => conclusion === 'success') ?? []).toEqual([]);
    },
  );
  rule(
    'an output that holds a masked value is dropped',
    'actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs',
    ['environment'],
    async (target) => {
      const run = await dispatch(target, { name: target.unique('masked') });
      await ended(target, run);
      expect(await named(target, run, 'a masked output was dropped')).toBe('success');
    },
  );
  rule(
    'with `queue: max` runs of a group wait for each other, and none is cancelled',
    'actions/concepts/workflows-and-actions/concurrency',
    ['environment'],
    async (target) => {
      const name = target.unique('queue');
      const runs = [];
      for (let count = 0; count < 4; count++) runs.push(await dispatch(target, { name }));
      const ends = await Promise.all(runs.map((run) => ended(target, run)));
      expect(ends.map(({ conclusion }) => conclusion)).not.toContain('cancelled');
      const times = await Promise.all(
        runs.map(async (run) => (await jobsOf(target, run)).map((job) => [job.started_at, job.completed_at])),
      );
      for (const [index, jobs] of times.slice(1).entries()) {
        const before =
          times[index]
            ?.map(([, end]) => end ?? '')
            .sort()
            .at(-1) ?? '';
        const first = jobs.map(([begin]) => begin ?? '').sort()[0] ?? '';
        expect(first >= before, `${first} is not before ${before}`).toBe(true);
      }
    },
  );
  rule(
    'running all jobs again is the same run, one attempt more, on the same commit',
    RERUN,
    ['environment'],
    async (target) => {
      const run_id = await dispatch(target, { name: target.unique('again') });
      const first = await ended(target, run_id);
      expect((await target.writer.rest.actions.reRunWorkflow({ ...target.at, run_id })).status).toBe(201);
      const second = await ended(target, run_id, 2);
      expect(second.head_sha).toBe(first.head_sha);
      expect(await named(target, run_id, SECOND)).toBe('failure'); // the first job ran again, so its output says 2
    },
  );
  rule(
    'running the failed jobs again keeps the others, with the outputs they had',
    RERUN,
    ['environment'],
    async (target) => {
      const run_id = await dispatch(target, { name: target.unique('failed') });
      await ended(target, run_id);
      expect(await named(target, run_id, SECOND)).toBe('failure');
      const before = (await jobsOf(target, run_id)).find(({ name }) => name === 'first');
      await target.writer.rest.actions.reRunWorkflowFailedJobs({ ...target.at, run_id });
      const run = await ended(target, run_id, 2);
      expect(run.conclusion).toBe('success');
      expect(await named(target, run_id, SECOND)).toBe('success');
      const after = (await jobsOf(target, run_id)).find(({ name }) => name === 'first');
      expect(after?.completed_at).toBe(before?.completed_at);
    },
  );
  rule('one job may be run again, and those that need it', RERUN, ['environment'], async (target) => {
    const run_id = await dispatch(target, { name: target.unique('single') });
    await ended(target, run_id);
    const second = (await jobsOf(target, run_id)).find(({ name }) => name === 'second');
    await target.writer.rest.actions.reRunJobForWorkflowRun({ ...target.at, job_id: second?.id ?? 0 });
    expect((await ended(target, run_id, 2)).conclusion).toBe('success');
  });
  rule(
    'each attempt can still be read',
    'rest/actions/workflow-runs#get-a-workflow-run-attempt',
    ['environment'],
    async (target) => {
      const run_id = await dispatch(target, { name: target.unique('attempts') });
      await ended(target, run_id);
      await target.writer.rest.actions.reRunWorkflowFailedJobs({ ...target.at, run_id });
      await ended(target, run_id, 2);
      const at = async (attempt_number: number) =>
        (await target.writer.rest.actions.getWorkflowRunAttempt({ ...target.at, run_id, attempt_number }))
          .data;
      expect([(await at(1)).conclusion, (await at(2)).conclusion]).toEqual(['failure', 'success']);
      const jobs = await target.writer.rest.actions.listJobsForWorkflowRunAttempt({
        ...{ ...target.at, run_id, attempt_number: 1 },
      });
      expect(jobs.data.jobs.map(({ conclusion }) => conclusion).sort()).toEqual(['failure', 'success']);
    },
  );
  rule(
    'a run that is not over cannot be run again',
    'rest/actions/workflow-runs#re-run-a-workflow',
    ['environment'],
    async (target) => {
      const run_id = await dispatch(target, { name: target.unique('early') });
      const again = await answer(target.writer.rest.actions.reRunWorkflow({ ...target.at, run_id }));
      expect(again.status).toBe(403);
      await ended(target, run_id);
    },
  );
  rule(
    'a run that is over cannot be cancelled',
    'rest/actions/workflow-runs#cancel-a-workflow-run',
    ['environment'],
    async (target) => {
      const run_id = await dispatch(target, { name: target.unique('late') });
      await ended(target, run_id);
      expect(
        (await answer(target.writer.rest.actions.cancelWorkflowRun({ ...target.at, run_id }))).status,
      ).toBe(409);
    },
  );
  rule(
    'runs are found by workflow, time and status',
    'rest/actions/workflow-runs#list-workflow-runs-for-a-workflow',
    ['environment'],
    async (target) => {
      const run_id = await dispatch(target, { name: target.unique('found') });
      const { created_at } = await ended(target, run_id);
      const list = (created: string) =>
        until(target, 'the list of runs', async () => {
          const { data } = await target.writer.rest.actions.listWorkflowRuns({
            ...target.at,
            workflow_id: WORKFLOW,
            created,
            status: 'failure',
          });
          return data.workflow_runs.map(({ id }) => id);
        });
      expect(await list(`>=${created_at}`)).toContain(run_id);
      expect(await list('>=2100-01-01')).toEqual([]);
    },
  );
});
