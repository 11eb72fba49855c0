// An approval in the hands of people: it is void when its ground moves, a running script can be stopped, what healed undone.
// Jobs are played; app, GitHub, PagerDuty and Slack of the sandbox are real processes of this test.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { TITLE } from '../support/endings.ts';
import { fact } from '../support/incidents.ts';
import { playRemediate, playRespond, runOf, say } from '../support/quick-jobs.ts';
import { as, incidentThat, review, ring } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld();
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '1', RCA_WAIT_SECONDS: '0' });
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

const that = (key: string, what: string, holds: (incident: Incident) => boolean) =>
  incidentThat(world, key, what, holds);
const comment = (issue: number, body: string) =>
  as(world, 'riley', `/issues/${issue}/comments`, 'POST', { body });

/** One line more in vigil.yml, straight on main. */
function touchSettings(): void {
  const git = (args: string[], input?: string) =>
    execFileSync('git', ['-C', world.github.bareRepository, ...args], {
      ...(input ? { input } : {}),
    }).toString();
  const text = `${git(['show', 'main:.github/vigil.yml'])}# looked at\n`;
  const about = 'commit refs/heads/main\ncommitter sam <sam@example.com> 1793674800 +0000\ndata 4\nlook\n';
  const file = `from refs/heads/main^0\nM 100644 inline .github/vigil.yml\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  git(['fast-import', '--quiet'], `${about}${file}`);
}

test('a changed vigil.yml voids an approval; stop kills, undo runs what was approved', async () => {
  const { key } = await ring(world, TITLE);
  await playRespond(world, key);
  const first = await that(key, 'is told', (seen) => seen.effects.get('issue.propose#1')?.status === 'done');
  const issue = first.issue?.number ?? 0;
  const pull = latestOf(first, 'pull.opened');

  await comment(issue, '/vigil stop wait for me');
  await that(key, 'is held', (seen) => latestOf(seen, 'hold.set')?.reason === 'wait for me');
  await review(world, key, 'APPROVE');
  await that(key, 'is approved', (seen) => seen.effects.get('check.post#1')?.status === 'done');
  touchSettings();
  const again = await that(key, 'asks anew', (seen) => seen.effects.get('check.ask#1.1')?.status === 'done');
  expect(again.records.findLast(({ type }) => type === 'remediation.withdrawn')?.data).toEqual({
    reason: 'vigil.yml changed while the proposal was open',
  });
  expect(latestOf(again, 'remediation.approved')).toBeNull();
  expect(latestOf(again, 'pull.opened')).toMatchObject({ number: pull?.number, head: pull?.head });
  const { check_runs: runs } = await as<{
    check_runs: { id: number; conclusion: string; output: { summary: string } }[];
  }>(world, 'riley', `/commits/${pull?.head}/check-runs?check_name=vigil%2Fapproval&filter=all`);
  const newest = runs.toSorted((a, b) => b.id - a.id)[0];
  expect(newest?.conclusion).toBe('action_required');
  expect(newest?.output.summary).toContain('✗ given since people were asked anew');

  await comment(issue, '/vigil release');
  await review(world, key, 'APPROVE');
  const run = await runOf(world, 'remediate', again);
  const ready = await that(key, 'is merged', (seen) => latestOf(seen, 'pull.merged') !== null);
  const digest = latestOf(ready, 'remediation.approved')?.digest ?? '';
  await say(world, run, 'execute', ready, [fact('remediation.started', { digest, workspace: 'w' })]);
  await comment(issue, '/vigil stop wrong shop');
  const stopped = await that(key, 'is asked to stop', (seen) => latestOf(seen, 'stop.requested') !== null);
  expect([stopped.stage, latestOf(stopped, 'stop.requested')]).toEqual([
    'EXECUTING',
    { by: 'riley', reason: 'wrong shop' },
  ]);
  const lost = fact('remediation.lost', { reason: '@riley stopped it: wrong shop', workspace: 'w' });
  await say(world, run, 'execute', stopped, [lost]);

  await comment(issue, '/vigil undo');
  const asked = await that(key, 'is to be undone', (seen) => latestOf(seen, 'undo.requested') !== null);
  const request = asked.latest['undo.requested']?.seq ?? 0;
  const undo = await that(
    key,
    'dispatched the undo',
    (seen) => seen.effects.get(`undo.dispatch#1.${request}`)?.status === 'done',
  );
  const title = world.jobs.runs.at(-1)?.state.displayTitle;
  expect([undo.stage, title]).toEqual(['ESCALATED', `remediate ${key} attempt 1 undo ${request}`]);
  const second = world.jobs.runs.at(-1)?.state.id ?? 0;
  await say(world, second, 'undo', undo, [fact('undo.started', { workspace: 'w-undo' })]);
  await say(world, second, 'undo', undo, [fact('undo.finished', { snapshot: 'equal' })]);
  const told = await that(key, 'is told', (seen) =>
    [...seen.effects.keys()].some((name) => name.startsWith('pagerduty.tell#1.')),
  );
  expect(told.stage).toBe('ESCALATED');
  const comments = await as<{ body: string }[]>(world, 'riley', `/issues/${issue}/comments?per_page=100`);
  expect(comments.some(({ body }) => body.includes('Nothing runs yet, so this holds the incident'))).toBe(
    true,
  );
});

test('what had healed is undone when a person says so, and the incident is a person’s again', async () => {
  const { key } = await ring(world, TITLE);
  await playRespond(world, key);
  await review(world, key, 'APPROVE');
  await playRemediate(world, key);
  const healed = await that(key, 'is closed', (seen) => seen.effects.get('issue.close#1')?.status === 'done');
  await comment(healed.issue?.number ?? 0, '/vigil undo');
  const asked = await that(key, 'is told', (seen) =>
    [...seen.effects].some(([name, { status }]) => name.startsWith('issue.tell#1.') && status === 'done'),
  );
  expect([healed.stage, asked.stage]).toEqual(['RESOLVED', 'ESCALATED']);
  const { state } = await as<{ state: string }>(world, 'riley', `/issues/${healed.issue?.number}`);
  expect(state).toBe('open');
});
