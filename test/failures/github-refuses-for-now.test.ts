// What GitHub refuses for a while, or until people change something: rate limits, what was written a moment ago, workflows that are
// switched off. Jobs are played; the rest is real.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everybodySees, TITLE } from '../support/endings.ts';
import { eventually } from '../support/outside.ts';
import { playRespond, runOf } from '../support/quick-jobs.ts';
import { as, incidentThat, outside, review, ring, settled } from '../support/quick-people.ts';
import type { QuickWorld } from '../support/quick-world.ts';
import {
  approvalChecks,
  approved,
  heals,
  MERGE,
  type Refusing,
  said,
  startRefusing,
} from '../support/refusals.ts';

let github: Refusing;
let world: QuickWorld;
beforeAll(async () => {
  github = await startRefusing();
  ({ world } = github);
});
afterAll(() => github?.app.close());

describe.concurrent('what was written a moment ago', () => {
  test('and is not there yet for GitHub is asked for again', async () => {
    const alert = await ring(world, TITLE);
    const invalid = {
      status: 422,
      body: JSON.stringify({
        message: 'Validation Failed',
        errors: [{ resource: 'PullRequest', field: 'head', code: 'invalid' }],
      }),
    };
    const pulls = github.answers(alert, 'POST', /\/pulls$/, invalid);
    const refs = github.answers(alert, 'POST', /\/git\/refs$/, said(422, 'Reference update failed'));
    const checks = github.answers(alert, 'POST', /\/check-runs$/, said(422, 'No commit found for SHA: abc'));
    await playRespond(world, alert.key);
    await incidentThat(
      world,
      alert.key,
      'shows its check',
      ({ effects }) => effects.get('check.ask#1')?.status === 'done',
    );
    expect([pulls, refs, checks].map(({ length }) => length)).toEqual([2, 2, 2]);
    await review(world, alert.key, 'APPROVE');
    await heals(world, alert);
  });

  test('and the list does not show yet is not written a second time', async () => {
    const alert = await ring(world, TITLE);
    let lost = 0;
    github.trouble(({ method, path, body }) => {
      if (method === 'POST' && path.endsWith('/issues') && body.includes(alert.key) && lost === 0) {
        lost = Date.now();
        return { status: 502, body: '<html>Bad Gateway</html>', done: true };
      }
      const lags = method === 'GET' && /\/issues\?.*creator=/.test(path) && Date.now() - lost < 6000;
      return lags ? { status: 200, body: '[]' } : null;
    });
    await incidentThat(world, alert.key, 'has an issue', ({ issue }) => issue !== null);
    expect((await outside(world, alert)).issues).toHaveLength(1);
  });
});

describe.concurrent('a workflow', () => {
  const disabled = said(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");

  test('that is disabled when the alert rings is told with the cure', async () => {
    const alert = await ring(world, TITLE);
    github.answers(alert, 'POST', /respond\.yml\/dispatches$/, disabled);
    await everybodySees(world, alert, await settled(world, alert.key), {
      stage: 'ESCALATED',
      why: /the workflow respond\.yml is disabled\. Enable it on its page under Actions/,
      ...{ pulls: [], runs: [], page: 'triggered' },
    });
  });

  test('that is disabled after the merge: people learn that the fix is on main and did not run', async () => {
    const alert = await ring(world, TITLE);
    github.answers(alert, 'POST', /remediate\.yml\/dispatches$/, disabled);
    await approved(world, alert);
    await everybodySees(world, alert, await settled(world, alert.key), {
      stage: 'ESCALATED',
      why: /remediate\.yml is disabled\. .*The approved fix is on the default branch and did not run/,
      ...{ pulls: ['merged'], runs: ['respond 1'], page: 'triggered' },
    });
  });

  test('run that somebody deleted is not waited for', async () => {
    const alert = await ring(world, TITLE);
    const run = await runOf(world, 'respond', await incidentThat(world, alert.key, 'is known', () => true));
    github.trouble(({ path }) => (path.endsWith(`/actions/runs/${run}`) ? said(404, 'Not Found') : null));
    await everybodySees(world, alert, await settled(world, alert.key), {
      stage: 'ESCALATED',
      why: /A workflow run ended without saying what it found\. workflow run \d+ was deleted/,
      ...{ pulls: [], runs: ['respond 1'], page: 'triggered' },
    });
  });
});

describe.concurrent('GitHub that wants to be left alone', () => {
  test('with a 403 is left alone as long as it says, and nobody is woken', async () => {
    const alert = await ring(world, TITLE);
    const limit = said(
      403,
      'You have exceeded a secondary rate limit and have been temporarily blocked from content creation.',
      { 'retry-after': '7' },
    );
    const calls = github.answers(alert, 'PUT', MERGE, limit, limit);
    await approved(world, alert);
    await heals(world, alert);
    const [first, second, third] = calls.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(6900);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThan(6900);
  });
});

test('the ledger’s commits are by the app’s own bot, as GitHub numbers it', async () => {
  const { id } = await as<{ id: number }>(world, 'riley', '/../../../users/vigil%5Bbot%5D');
  const alert = await ring(world, TITLE);
  await incidentThat(world, alert.key, 'is known', () => true);
  const git = simpleGit(world.github.bareRepository);
  const by = await git.raw('log', '-1', '--format=%an <%ae> %cn <%ce>', 'vigil/ledger');
  const bot = `vigil[bot] <${id}+vigil[bot]@users.noreply.github.com>`;
  expect(by.trim()).toBe(`${bot} ${bot}`);
});

test('a foreign pull request of which GitHub lists only a part does not pass', async () => {
  const folder = await mkdtemp(join(world.dir, 'large-'));
  await simpleGit().clone(
    world.github.git.replace('://', `://x-access-token:${world.people['riley']}@`),
    folder,
  );
  const git = simpleGit(folder);
  await git.raw('config', 'user.email', 'riley@users.noreply.github.com');
  await git.raw('config', 'user.name', 'riley');
  await git.checkoutLocalBranch('large');
  await mkdir(join(folder, 'a'));
  for (let index = 0; index < 3000; index++) await writeFile(join(folder, 'a', `${index}.txt`), `${index}\n`);
  await mkdir(join(folder, 'remediations/pd-hidden'), { recursive: true });
  await writeFile(join(folder, 'remediations/pd-hidden/fix.sh'), 'true\n');
  await git.add('.');
  await git.commit('Add what is generated');
  await git.push('origin', 'large');
  const { head } = await as<{ head: { sha: string } }>(world, 'riley', '/pulls', 'POST', {
    ...{ title: 'Generated', head: 'large', base: 'main' },
  });
  const check = await eventually('its check', async () => (await approvalChecks(world, head.sha))[0]);
  expect(check).toMatchObject({ conclusion: 'failure', output: { title: 'Too large for Vigil to judge' } });
});
