// GitHub does not do at the first try what Vigil asks: its own words decide whether that is tried again, waited for and told, or
// handed to people with the cure. Jobs are played; the rest is real. It must never wait for what nobody could see.
import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestOf } from '#core/ledger/replay';
import { BOTH, everybodySees, TITLE } from '../support/endings.ts';
import { eventually } from '../support/outside.ts';
import { playRemediate, playRespond, runOf } from '../support/quick-jobs.ts';
import { type Alert, as, incidentThat, outside, review, ring, settled } from '../support/quick-people.ts';
import type { QuickWorld } from '../support/quick-world.ts';
import type { Sent, Trouble } from '../support/recording-proxy.ts';
import { startWatchedApp, type WatchedApp } from '../support/watched-app.ts';

let app: WatchedApp;
let world: QuickWorld;
const troubles: Trouble[] = [];
beforeAll(async () => {
  app = await startWatchedApp({});
  ({ world } = app);
  app.proxy.trouble((sent) => {
    for (const trouble of troubles) {
      const instead = trouble(sent);
      if (instead) return instead;
    }
    return null;
  });
});
afterAll(() => app?.close());

type Refusal = { status: number; body: string; headers?: Record<string, string>; done?: true };
const said = (status: number, message: string, headers: Record<string, string> = {}): Refusal => ({
  ...{ status, headers },
  body: JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest' }),
});

/** For this alert's calls of the kind GitHub answers so, one answer a call; then it answers itself. Gives the times of all. */
function answers(alert: Alert, method: string, path: RegExp, ...refusals: Refusal[]): { at: number }[] {
  const calls: { at: number }[] = [];
  const about = ({ body, path: where }: Sent): boolean =>
    `${body}${decodeURIComponent(where)}`.includes(alert.id) ||
    body.includes(alert.key) ||
    where.includes(alert.key);
  troubles.push((sent) => {
    if (sent.to !== 'github' || sent.method !== method || !path.test(sent.path) || !about(sent)) return null;
    calls.push({ at: Date.now() });
    return refusals[calls.length - 1] ?? null;
  });
  return calls;
}
const MERGE = /\/pulls\/\d+\/merge$/;

/** GitHub refuses to merge until people have read what it waits for; then somebody touches the pull request. */
function until(alert: Alert, refusal: Refusal): { told(why: RegExp): Promise<void> } {
  let met = false;
  troubles.push(({ method, path, body }) =>
    !met && method === 'PUT' && MERGE.test(path) && body.includes(alert.id) ? refusal : null,
  );
  return {
    async told(why) {
      await waiting(alert, why);
      met = true;
      const incident = await world.incident(alert.key);
      const number = incident && latestOf(incident, 'pull.opened')?.number;
      await as(world, 'riley', `/pulls/${number}`, 'PATCH', { title: 'Ready now' });
    },
  };
}

async function approved(alert: Alert): Promise<void> {
  await playRespond(world, alert.key);
  await review(world, alert.key, 'APPROVE');
}

async function heals(alert: Alert): Promise<void> {
  await playRemediate(world, alert.key);
  const end = await settled(world, alert.key);
  await everybodySees(world, alert, end, {
    stage: 'RESOLVED',
    why: /The fix ran and the service works again/,
    ...{ ...BOTH, page: 'resolved', more: 4 },
  });
}

/** What people read while an approved merge waits: the issue, Slack, and the check of the head. */
async function waiting(alert: Alert, why: RegExp): Promise<void> {
  await eventually('the issue and Slack to say so', async () => {
    const { issues, slack } = await outside(world, alert);
    return why.test(issues[0]?.comments.at(-1) ?? '') && why.test(slack[0] ?? '');
  });
  const incident = await world.incident(alert.key);
  const head = incident && latestOf(incident, 'pull.opened')?.head;
  await eventually('the check to say so', async () => {
    const { check_runs } = await as<{ check_runs: { output: { summary: string } }[] }>(
      world,
      'riley',
      `/commits/${head}/check-runs?check_name=vigil%2Fapproval`,
    );
    return check_runs.some(({ output }) => why.test(output.summary));
  });
}

describe.concurrent('an approved merge', () => {
  test('is tried again when main moved between the look and the merge', async () => {
    const alert = await ring(world, TITLE);
    const moved = said(405, 'Base branch was modified. Review and try the merge again.');
    const calls = answers(alert, 'PUT', MERGE, moved, moved);
    await approved(alert);
    await heals(alert);
    expect(calls).toHaveLength(3);
  });

  test('waits for a required check, and says for which', async () => {
    const alert = await ring(world, TITLE);
    const refuse = until(alert, said(405, 'Required status check "ci/build" is in progress.'));
    await approved(alert);
    await refuse.told(/Not merged yet: the required check “ci\/build” is in progress/);
    await heals(alert);
  });

  test('that no way of merging is allowed for is told with the cure', async () => {
    const alert = await ring(world, TITLE);
    const ways: string[] = [];
    troubles.push(({ method, path, body }) => {
      if (method !== 'PUT' || !MERGE.test(path) || !body.includes(alert.id)) return null;
      const { merge_method } = JSON.parse(body) as { merge_method: string };
      ways.push(merge_method);
      return merge_method === 'squash'
        ? said(405, 'Squash merges are not allowed on this repository.')
        : null;
    });
    await approved(alert);
    // The ruleset of this world allows squash merging alone, so that nothing is left.
    await everybodySees(world, alert, await settled(world, alert.key), {
      stage: 'ESCALATED',
      why: /allows no way of merging that Vigil knows.*Allow squash merging in its settings/,
      ...{ pulls: ['closed'], runs: ['respond 1'], page: 'triggered' },
    });
    expect(ways[0]).toBe('squash');
  });

  test('through a merge queue is handed to people with the cure', async () => {
    const alert = await ring(world, TITLE);
    answers(alert, 'PUT', MERGE, said(405, 'Changes must be made through the merge queue'));
    await approved(alert);
    const end = await settled(world, alert.key);
    await everybodySees(world, alert, end, {
      stage: 'ESCALATED',
      why: /has a merge queue, and Vigil does not merge through one\. Let the app bypass that rule/,
      ...{ pulls: ['closed'], runs: ['respond 1'], page: 'triggered' },
    });
  });
});

describe.concurrent('people and the pull request', () => {
  const numberOf = async (alert: Alert): Promise<number> => {
    const seen = await incidentThat(world, alert.key, 'is proposed and told', ({ effects }) =>
      ['issue.propose#1', 'slack.post#1'].every((name) => effects.get(name)?.status === 'done'),
    );
    return latestOf(seen, 'pull.opened')?.number ?? 0;
  };

  test('a draft is a hold: it is told, an approval stands, and it merges when it is ready for review', async () => {
    const alert = await ring(world, TITLE);
    const merges = answers(alert, 'PUT', MERGE);
    await playRespond(world, alert.key);
    const number = await numberOf(alert);
    await world.github.setDraft('riley', number, true);
    await eventually('the issue and Slack to say so', async () => {
      const { issues, slack } = await outside(world, alert);
      return [issues[0]?.comments.at(-1), slack[0]].every((text) =>
        /draft, which counts as a hold/.test(text ?? ''),
      );
    });
    await review(world, alert.key, 'APPROVE');
    await as(world, 'riley', `/issues/${number}/comments`, 'POST', { body: '/vigil explain' });
    await eventually('the tree', async () =>
      (await as<{ body: string }[]>(world, 'riley', `/issues/${number}/comments`)).some(({ body }) =>
        /✗ no draft: the pull request is a draft/.test(body),
      ),
    );
    expect(merges).toHaveLength(0);
    await world.github.setDraft('riley', number, false);
    await heals(alert);
  });

  test('a draft made of an approved proposal does not end it', async () => {
    const alert = await ring(world, TITLE);
    answers(alert, 'PUT', MERGE, said(405, 'Base branch was modified. Review and try the merge again.'));
    await playRespond(world, alert.key);
    const number = await numberOf(alert);
    await review(world, alert.key, 'APPROVE');
    await world.github.setDraft('riley', number, true);
    await incidentThat(world, alert.key, 'waits', (seen) =>
      /draft/.test(latestOf(seen, 'merge.delayed')?.reason ?? ''),
    );
    await world.github.setDraft('riley', number, false);
    await heals(alert);
  });

  test('a pull request turned to another branch is turned back, asked anew, and never merged there', async () => {
    const alert = await ring(world, TITLE);
    await playRespond(world, alert.key);
    const number = await numberOf(alert);
    const { object } = await as<{ object: { sha: string } }>(world, 'riley', '/git/ref/heads/main');
    await as(world, 'riley', '/git/refs', 'POST', { ref: 'refs/heads/release-7', sha: object.sha });
    await as(world, 'riley', `/pulls/${number}`, 'PATCH', { base: 'release-7' });
    await as(world, 'riley', `/pulls/${number}/reviews`, 'POST', { event: 'APPROVE', body: '' });
    const again = await incidentThat(
      world,
      alert.key,
      'is proposed anew',
      (seen) => seen.generation === 1 && !!latestOf(seen, 'pull.opened'),
    );
    expect(latestOf(again, 'remediation.approved')).toBeNull();
    const { base, body } = await as<{ base: { ref: string }; body: string }>(
      world,
      'riley',
      `/pulls/${number}`,
    );
    expect(base.ref).toBe('main');
    expect(body).toMatch(/Asked anew.*somebody turned the pull request to release-7/);
    expect((await outside(world, alert)).pulls).toEqual([
      expect.objectContaining({ state: 'open', merged: false }),
    ]);
  });
});

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
    const pulls = answers(alert, 'POST', /\/pulls$/, invalid);
    const refs = answers(alert, 'POST', /\/git\/refs$/, said(422, 'Reference update failed'));
    const checks = answers(alert, 'POST', /\/check-runs$/, said(422, 'No commit found for SHA: abc'));
    await playRespond(world, alert.key);
    await incidentThat(
      world,
      alert.key,
      'shows its check',
      ({ effects }) => effects.get('check.ask#1')?.status === 'done',
    );
    expect([pulls, refs, checks].map(({ length }) => length)).toEqual([2, 2, 2]);
    await review(world, alert.key, 'APPROVE');
    await heals(alert);
  });

  test('and the list does not show yet is not written a second time', async () => {
    const alert = await ring(world, TITLE);
    let lost = 0;
    troubles.unshift(({ to, method, path, body }) => {
      if (to !== 'github') return null;
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
    answers(alert, 'POST', /respond\.yml\/dispatches$/, disabled);
    await everybodySees(world, alert, await settled(world, alert.key), {
      stage: 'ESCALATED',
      why: /the workflow respond\.yml is disabled\. Enable it on its page under Actions/,
      ...{ pulls: [], runs: [], page: 'triggered' },
    });
  });

  test('that is disabled after the merge: people learn that the fix is on main and did not run', async () => {
    const alert = await ring(world, TITLE);
    answers(alert, 'POST', /remediate\.yml\/dispatches$/, disabled);
    await approved(alert);
    await everybodySees(world, alert, await settled(world, alert.key), {
      stage: 'ESCALATED',
      why: /remediate\.yml is disabled\. .*The approved fix is on the default branch and did not run/,
      ...{ pulls: ['merged'], runs: ['respond 1'], page: 'triggered' },
    });
  });

  test('run that somebody deleted is not waited for', async () => {
    const alert = await ring(world, TITLE);
    const run = await runOf(world, 'respond', await incidentThat(world, alert.key, 'is known', () => true));
    troubles.push(({ path }) => (path.endsWith(`/actions/runs/${run}`) ? said(404, 'Not Found') : null));
    await everybodySees(world, alert, await settled(world, alert.key), {
      stage: 'ESCALATED',
      why: /A workflow run ended without saying what it found\. workflow run \d+ was deleted/,
      ...{ pulls: [], runs: ['respond 1'], page: 'triggered' },
    });
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
  const { object } = await as<{ object: { sha: string } }>(world, 'riley', '/git/ref/heads/main');
  const entry = { path: 'notes.md', mode: '100644', type: 'blob', content: 'notes\n' };
  const make = (what: string, body: object) =>
    as<{ sha: string }>(world, 'riley', `/git/${what}`, 'POST', body);
  const tree = await make('trees', { base_tree: object.sha, tree: [entry] });
  const commit = await make('commits', { message: 'Add notes', tree: tree.sha, parents: [object.sha] });
  await make('refs', { ref: 'refs/heads/large', sha: commit.sha });
  const before = await as<{ number: number }[]>(world, 'riley', '/issues?state=all&per_page=1');
  const from = before[0]?.number ?? 0;
  troubles.push(({ path, method }) => {
    const number = Number(/\/pulls\/(\d+)\/files/.exec(path)?.[1] ?? 0);
    return method === 'GET' && number > from ? { status: 200, body: '[]' } : null;
  });
  const pull = await as<{ number: number; head: { sha: string } }>(world, 'riley', '/pulls', 'POST', {
    ...{ title: 'Notes', head: 'large', base: 'main' },
  });
  const check = await eventually('its check', async () => {
    const path = `/commits/${pull.head.sha}/check-runs?check_name=vigil%2Fapproval`;
    const { check_runs } = await as<{ check_runs: { conclusion: string; output: { title: string } }[] }>(
      world,
      'riley',
      path,
    );
    return check_runs[0];
  });
  expect(check).toMatchObject({ conclusion: 'failure', output: { title: 'Too large for Vigil to judge' } });
});

describe.concurrent('GitHub that wants to be left alone', () => {
  test('with a 403 is left alone as long as it says, and nobody is woken', async () => {
    const alert = await ring(world, TITLE);
    const limit = said(
      403,
      'You have exceeded a secondary rate limit and have been temporarily blocked from content creation.',
      { 'retry-after': '7' },
    );
    const calls = answers(alert, 'PUT', MERGE, limit, limit);
    await approved(alert);
    await heals(alert);
    const [first, second, third] = calls.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(6900);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThan(6900);
  });
});
