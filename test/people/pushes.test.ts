// What people push to a proposal, through the front door: what it means is said on the pull request at once, whoever left Vigil's
// bytes as they were may approve them, and nothing that was lost on the way blocks anybody for ever.
import { appendFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { TITLE } from '../support/endings.ts';
import { eventually } from '../support/outside.ts';
import { playRespond } from '../support/quick-jobs.ts';
import { type Alert, as, incidentThat, ring, settled } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld('shop-bad-flag', undefined, 25_000);
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '1' });
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

type Open = { alert: Alert; number: number; head: string; branch: string; folder: string };

async function proposed(): Promise<Open> {
  const alert = await ring(world, TITLE);
  await playRespond(world, alert.key);
  const seen = await that(alert, 'is under review', (one) => done(one, 'issue.propose#1'));
  const pull = latestOf(seen, 'pull.opened');
  if (!pull) throw new Error('nothing is proposed');
  return { alert, ...pull, folder: `remediations/${alert.key}` };
}
const done = (incident: Incident, effect: string) => incident.effects.get(effect)?.status === 'done';
const that = (alert: Alert, what: string, holds: (incident: Incident) => boolean) =>
  incidentThat(world, alert.key, what, holds);
const merged = (alert: Alert) => that(alert, 'is merged', (one) => latestOf(one, 'pull.merged') !== null);

/** A clone of somebody's own, at the branch. */
async function cloneOf(login: string, branch: string) {
  const git = simpleGit(await mkdtemp(join(world.dir, `${login}-`)));
  await git.init();
  await git.addConfig('user.name', login);
  await git.addConfig('user.email', `${login}@users.noreply.github.com`);
  const url = world.github.git.replace('://', `://x-access-token:${world.people[login]}@`);
  await git.addRemote('origin', url);
  await git.fetch('origin');
  await git.raw('checkout', '--quiet', '--detach', `origin/${branch}`);
  const push = (...how: string[]) =>
    git.raw('push', '--quiet', ...how, 'origin', `HEAD:refs/heads/${branch}`);
  return { git, push };
}
const commit = async (git: Awaited<ReturnType<typeof cloneOf>>['git'], path: string, text: string) => {
  const dir = (await git.revparse(['--show-toplevel'])).trim();
  await appendFile(join(dir, path), text);
  await git.raw('add', '--all');
  await git.raw('commit', '--quiet', '--message', 'Change it');
};
const approve = (login: string, number: number, commit_id?: string) =>
  as(world, login, `/pulls/${number}/reviews`, 'POST', {
    event: 'APPROVE',
    ...(commit_id ? { commit_id } : {}),
  });
const said = async (number: number) =>
  (await as<{ body: string }[]>(world, 'riley', `/issues/${number}/comments?per_page=100`)).map(
    ({ body }) => body,
  );
const hears = (number: number, words: RegExp) =>
  eventually(`${words}`, async () => (await said(number)).some((body) => words.test(body)), 25_000);

test('“Update branch” by the reviewer leaves Vigil the author: it is said, and the reviewer approves', async () => {
  const { alert, number, branch } = await proposed();
  const { git, push } = await cloneOf('riley', branch);
  await git
    .raw(
      'merge',
      '--quiet',
      '--no-ff',
      '--allow-unrelated-histories',
      '-m',
      'Merge branch main',
      'origin/main',
    )
    .catch(() => null);
  await git.raw('commit', '--quiet', '--allow-empty', '--message', 'Merge branch main');
  await push();
  await hears(
    number,
    /@riley pushed .*Not a byte of the remediation has changed, so nobody became an author/,
  );
  await approve('riley', number);
  const seen = await merged(alert);
  expect(latestOf(seen, 'remediation.approved')?.by).toEqual(['riley']);
  expect(latestOf(seen, 'remediation.proposed')).toMatchObject({ by: 'runbook' });
});

test('an approval from before “Update branch” counts: it is of the same bytes', async () => {
  const { alert, number, head, branch } = await proposed();
  // Held, so that nothing merges before the branch is updated.
  await as(world, 'sam', `/issues/${number}/comments`, 'POST', { body: '/vigil hold wait for me' });
  await that(alert, 'is held', ({ records }) => records.some(({ type }) => type === 'hold.set'));
  await approve('riley', number, head);
  await that(alert, 'is approved', (one) => latestOf(one, 'remediation.approved') !== null);
  const { git, push } = await cloneOf('riley', branch);
  await git.raw('commit', '--quiet', '--allow-empty', '--message', 'Merge branch main');
  await push();
  const again = await that(alert, 'is approved again, at the new head', (one) => {
    const approved = latestOf(one, 'remediation.approved');
    return approved !== null && approved.head !== head;
  });
  expect(latestOf(again, 'remediation.approved')?.by).toEqual(['riley']);
  await as(world, 'sam', `/issues/${number}/comments`, 'POST', { body: '/vigil release' });
  await merged(alert);
});

test('a line pushed and taken back by force: Vigil’s own bytes are back, and whoever pushed may approve', async () => {
  const { alert, number, head, branch, folder } = await proposed();
  const { git, push } = await cloneOf('riley', branch);
  await commit(git, `${folder}/fix.sh`, 'echo looked\n');
  await push();
  await hears(number, /@riley pushed .*new bytes are now the proposal of @riley.*somebody else/);
  const taken = await that(
    alert,
    'is riley’s',
    (one) => latestOf(one, 'pull.opened')?.head !== head && !!latestOf(one, 'pull.opened'),
  );
  expect(latestOf(taken, 'remediation.proposed')?.by).toBe('person');
  await git.raw('checkout', '--quiet', '--detach', head);
  await push('--force');
  await hears(number, /@riley pushed .*Vigil’s own bytes again.*may review them too/);
  await approve('riley', number);
  const seen = await merged(alert);
  expect(latestOf(seen, 'remediation.proposed')).toMatchObject({ by: 'runbook' });
  expect(latestOf(seen, 'remediation.approved')).toMatchObject({ by: ['riley'], head });
});

test('what somebody changed and another left as it was is still its author’s: the author cannot approve, the other can', async () => {
  const { alert, number, branch, folder } = await proposed();
  const sam = await cloneOf('sam', branch);
  await commit(sam.git, `${folder}/fix.sh`, 'echo by sam\n');
  await sam.push();
  await that(
    alert,
    'is sam’s',
    (one) => latestOf(one, 'remediation.proposed')?.pushed?.by === 'sam' && !!latestOf(one, 'pull.opened'),
  );
  const riley = await cloneOf('riley', branch);
  await riley.git.raw('commit', '--quiet', '--allow-empty', '--message', 'Merge branch main');
  await riley.push();
  const head = (await riley.git.revparse(['HEAD'])).trim();
  await that(alert, 'is under review at the new head', (one) => latestOf(one, 'pull.opened')?.head === head);
  await approve('sam', number);
  await hears(number, /@sam: your word on .* has no effect.*wrote or pushed this proposal/);
  await approve('riley', number);
  expect(latestOf(await merged(alert), 'remediation.approved')?.by).toEqual(['riley']);
});

test('an undo that is replaced by words ends it: the fix would leave what nothing puts back', async () => {
  const { alert, branch, folder } = await proposed();
  const { git, push } = await cloneOf('sam', branch);
  await git.raw('rm', '--quiet', `${folder}/undo.sh`);
  await commit(git, `${folder}/undo.sh`, '#!/usr/bin/env bash\nset -euo pipefail\necho switched on again\n');
  await push();
  const seen = await settled(world, alert.key);
  expect(seen.stage).toBe('ESCALATED');
  expect(latestOf(seen, 'incident.escalated')).toMatchObject({
    code: 'policy',
    reason: expect.stringMatching(/^fix\.sh line \d+: The undo does not put back .*flags\/new-pricing\/off/),
  });
});

test('that nothing can undo it is a person’s to say, in remediation.yml, and another’s to approve', async () => {
  const { alert, number, branch, folder } = await proposed();
  const { git, push } = await cloneOf('sam', branch);
  await git.raw('rm', '--quiet', `${folder}/undo.sh`);
  await commit(
    git,
    `${folder}/remediation.yml`,
    'undo:\n  impossible: The flag goes with the next release.\n',
  );
  await push();
  const head = (await git.revparse(['HEAD'])).trim();
  const taken = await that(alert, 'is sam’s', (one) => latestOf(one, 'pull.opened')?.head === head);
  expect(latestOf(taken, 'remediation.proposed')?.impossible).toBe('The flag goes with the next release.');
  expect(latestOf(taken, 'remediation.judged')).toMatchObject({ verdict: 'review', lane: 'human' });
  await eventually('the pull request says so', async () =>
    (await as<{ body: string }>(world, 'riley', `/pulls/${number}`)).body.includes(
      '**Undo** impossible: The flag goes with the next release.',
    ),
  );
  await approve('riley', number);
  await merged(alert);
});

test('a push outside the folder closes the pull request with the reason', async () => {
  const { alert, number, branch } = await proposed();
  const { git, push } = await cloneOf('sam', branch);
  await commit(git, 'NOTES.md', 'Looked at it.\n');
  await push();
  const seen = await settled(world, alert.key);
  expect(seen.stage).toBe('ESCALATED');
  expect((await as<{ state: string }>(world, 'riley', `/pulls/${number}`)).state).toBe('closed');
  await hears(number, /^Closed: .*changed files outside the incident’s folder[\s\S]*\/vigil retry/);
});

test('a push that nobody was told of: GitHub’s list of activity names who did it, and another review counts', async () => {
  const { alert, number, branch, folder } = await proposed();
  const { git, push } = await cloneOf('sam', branch);
  world.github.setWebhookUrls([]);
  await commit(git, `${folder}/fix.sh`, 'echo lost\n');
  await push();
  world.connect(`http://127.0.0.1:${app.port}`);
  const head = (await git.revparse(['HEAD'])).trim();
  const seen = await that(alert, 'is sam’s', (one) => latestOf(one, 'pull.opened')?.head === head);
  expect(seen.records.filter(({ type }) => type === 'pull.pushed').map(({ data }) => data)).toMatchObject([
    { by: 'sam', head },
  ]);
  expect(latestOf(seen, 'remediation.proposed')?.pushed).toEqual({ by: 'sam', head });
  await approve('riley', number);
  await merged(alert);
});
