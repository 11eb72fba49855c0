// A workflow is dispatched once, and its run is known, also where GitHub answers as it did before it named runs.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPO, startTestForge, type TestForge } from '../../../sandbox/github/test-forge.ts';
import { dispatchOnce, type Repo } from './api.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

/** A GitHub that answers a dispatch with this status and no body. */
function old(status: number, hidden = 0): { repo: Repo; dispatches: () => number } {
  let count = 0;
  let left = hidden;
  const octokit = async () => {
    const made = await forge.octokit();
    made.hook.after('request', (response, { url }) => {
      if (url.endsWith('/dispatches')) {
        count++;
        Object.assign(response, { status, data: undefined });
      } else if (url.endsWith('/runs') && count > 0 && left-- > 0) response.data.workflow_runs = [];
    });
    return made;
  };
  return { repo: { ...REPO, branch: 'main', appSlug: 'vigil', octokit }, dispatches: () => count };
}
const since = new Date(0).toISOString();

test.each([
  [204, 0, '21'],
  [200, 0, '22'],
  [204, 2, '23'],
])(
  'a dispatch answered %i without a run, whose list lags by %i looks, is looked up by its title',
  async (status, lag, incident) => {
    const { repo, dispatches } = old(status, lag);
    const run = await dispatchOnce(repo, 'respond.yml', { incident }, `respond ${incident}`, since);
    expect(run.url).toBe(`${forge.github.web}/actions/runs/${run.id}`);
    expect(await dispatchOnce(repo, 'respond.yml', { incident }, `respond ${incident}`, since)).toEqual(run);
    expect(dispatches()).toBe(1);
  },
);
