import { afterAll, beforeAll, expect, it } from 'vitest';
import { REPO, startTestForge, type TestForge } from './test-forge.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

const dispatch = (inputs: Record<string, string>, file = 'respond.yml', ref = 'main') =>
  forge.request('POST /repos/{owner}/{repo}/actions/workflows/{file}/dispatches', {
    ...REPO,
    file,
    ref,
    inputs,
    return_run_details: true,
  });

it('starts a run, names it, and shows its jobs and log once it is done', async () => {
  const { data, status } = await dispatch({ incident: '12' });
  expect(status).toBe(200);
  await forge.github.idle();
  const run_id: number = data.workflow_run_id;
  const run = await forge.app.actions.getWorkflowRun({ ...REPO, run_id });
  expect(run.data).toMatchObject({
    display_title: 'respond 12',
    event: 'workflow_dispatch',
    status: 'completed',
    conclusion: 'success',
    head_branch: 'main',
    run_attempt: 1,
    html_url: data.html_url,
  });
  const jobs = await forge.app.actions.listJobsForWorkflowRun({ ...REPO, run_id });
  expect(jobs.data).toMatchObject({ total_count: 1, jobs: [{ name: 'look', conclusion: 'success' }] });
  const log = await fetch(`${forge.github.api}/repos/acme/production/actions/runs/${run_id}/logs`, {
    headers: { authorization: 'token olga' },
  });
  expect(await log.text()).toContain('seen by a job');
  const found = await forge.app.actions.listWorkflowRuns({
    ...REPO,
    workflow_id: 'respond.yml',
    created: `>=${run.data.created_at}`,
    status: 'success',
  });
  expect(found.data.workflow_runs.map(({ id }) => id)).toContain(run_id);
  const later = await forge.app.actions.listWorkflowRuns({
    ...REPO,
    workflow_id: 'respond.yml',
    created: '>=2100-01-01',
  });
  expect(later.data.total_count).toBe(0);
});

it('runs again as another attempt of the same run', async () => {
  const { data } = await dispatch({ incident: '13' });
  await forge.github.idle();
  await forge.as('olga').actions.reRunWorkflow({ ...REPO, run_id: data.workflow_run_id });
  await forge.github.idle();
  const run = await forge.app.actions.getWorkflowRun({ ...REPO, run_id: data.workflow_run_id });
  expect(run.data).toMatchObject({
    run_attempt: 2,
    conclusion: 'success',
    actor: { login: 'vigil[bot]' },
    triggering_actor: { login: 'olga' },
  });
});

it('refuses what GitHub refuses', async () => {
  await expect(dispatch({})).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining("Required input 'incident' not provided"),
  });
  await expect(dispatch({ incident: '1', other: 'x' })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('Unexpected inputs provided: ["other"]'),
  });
  await expect(dispatch({ incident: '1', loud: 'maybe' })).rejects.toMatchObject({ status: 422 });
  await expect(dispatch({ incident: 'x'.repeat(65_536) })).rejects.toMatchObject({ status: 422 });
  await expect(dispatch({ incident: '1' }, 'ci.yml')).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining("does not have 'workflow_dispatch' trigger"),
  });
  await expect(dispatch({ incident: '1' }, 'none.yml')).rejects.toMatchObject({ status: 404 });
  await expect(dispatch({ incident: '1' }, 'respond.yml', 'nowhere')).rejects.toMatchObject({ status: 422 });
  await expect(
    forge.as('reader').actions.createWorkflowDispatch({
      ...REPO,
      workflow_id: 'respond.yml',
      ref: 'main',
      inputs: { incident: '1' },
    }),
  ).rejects.toMatchObject({ status: 403 });
});
