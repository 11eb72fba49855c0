// A push of which nobody can be known: no event told of it, and GitHub's list of activity is empty. No review may count, and yet
// nobody is stuck: Vigil's own bytes take their place, after a while by themselves, and at once when people ask.
import { appendFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { openWeather } from '../../sandbox/weather/weather.ts';
import { TITLE } from '../support/endings.ts';
import { playRespond } from '../support/quick-jobs.ts';
import { type Alert, as, incidentThat, ring } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';

const silent = openWeather({
  'nobody-named': {
    about: 'GitHub tells of no push, and its list of activity is empty',
    rules: [
      {
        at: ['github'],
        hits: ({ path }) => /\/activity\?/.test(path),
        trouble: {
          done: false,
          answer: { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '[]' },
        },
        span: { seconds: 900 },
      },
    ],
    deliveries: ({ event }) => (event === 'pull_request' ? [] : null),
  },
});

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld('shop-bad-flag', silent, 90_000);
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '1' });
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

const that = (alert: Alert, what: string, holds: (incident: Incident) => boolean) =>
  incidentThat(world, alert.key, what, holds);
const headOf = (incident: Incident) => latestOf(incident, 'pull.opened')?.head;

/** An incident whose proposal somebody changed, and nobody knows who. */
async function changed(): Promise<{ alert: Alert; number: number; head: string }> {
  const alert = await ring(world, TITLE);
  await playRespond(world, alert.key);
  const seen = await that(
    alert,
    'is proposed',
    (one) => one.effects.get('issue.propose#1')?.status === 'done',
  );
  const { number = 0, branch = '' } = latestOf(seen, 'pull.opened') ?? {};
  const git = simpleGit(await mkdtemp(join(world.dir, 'sam-')));
  await git.clone(world.github.git.replace('://', `://x:${world.people['sam']}@`), '.', [
    '--branch',
    branch,
    '--quiet',
  ]);
  const dir = (await git.revparse(['--show-toplevel'])).trim();
  await appendFile(join(dir, `remediations/${alert.key}/fix.sh`), 'echo by somebody\n');
  await git.addConfig('user.name', 'vigil[bot]').addConfig('user.email', 'riley@users.noreply.github.com');
  await git.raw('commit', '--quiet', '--all', '--message', 'Change it');
  await git.raw('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
  const head = (await git.revparse(['HEAD'])).trim();
  await that(alert, 'is under review as pushed', (one) => headOf(one) === head);
  await as(world, 'riley', `/pulls/${number}/reviews`, 'POST', { event: 'APPROVE' });
  return { alert, number, head };
}

describe.concurrent('a push that nobody is known to have made', () => {
  test('counts for nothing, and after a while Vigil’s own bytes are back, which another review approves', async () => {
    const { alert, number, head } = await changed();
    const back = await that(
      alert,
      'is back at Vigil’s own',
      (one) => headOf(one) !== undefined && headOf(one) !== head,
    );
    expect(latestOf(back, 'remediation.proposed')).toMatchObject({ by: 'runbook' });
    expect(latestOf(back, 'remediation.approved')).toBeNull();
    const withdrawn = back.records.findLast(({ type }) => type === 'remediation.withdrawn');
    expect(withdrawn?.data).toMatchObject({
      reason: expect.stringContaining('GitHub does not tell who pushed'),
    });
    await as(world, 'riley', `/pulls/${number}/reviews`, 'POST', { event: 'APPROVE' });
    const merged = await that(alert, 'is merged', (one) => latestOf(one, 'pull.merged') !== null);
    expect(latestOf(merged, 'remediation.approved')?.head).not.toBe(head);
  });

  test('`/vigil retry` takes it back at once', async () => {
    const { alert, number, head } = await changed();
    await as(world, 'sam', `/issues/${number}/comments`, 'POST', { body: '/vigil retry' });
    const back = await that(
      alert,
      'is back at Vigil’s own',
      (one) => headOf(one) !== undefined && headOf(one) !== head,
    );
    expect(latestOf(back, 'remediation.proposed')).toMatchObject({ by: 'runbook' });
    expect(back.attempt).toBe(1);
  });
});
