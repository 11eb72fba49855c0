// People are careless, too: one pushes a script with secrets in a comment, one rejects with personal data in the reason. What
// they wrote stands in their own branch and comment; nowhere else may any of it appear.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Incident, latestOf } from '#core/ledger/replay';
import { pushMore } from '../../sandbox/people.ts';
import { canaries, planted, plantedLine, singing } from '../support/canaries.ts';
import { attack } from '../support/hostile.ts';
import { playRespond } from '../support/quick-jobs.ts';
import { type Alert, as, incidentThat, outside, ring, settled } from '../support/quick-people.ts';
import { startWatchedApp, type WatchedApp } from '../support/watched-app.ts';

let app: WatchedApp;
const ended: Incident[] = [];
const alerts: Alert[] = [];
const line = plantedLine();
const hostile = attack.replaceAll('\n', ' ').slice(0, 120);

beforeAll(async () => {
  app = await startWatchedApp({});
  ended.push(...(await Promise.all([pushed(), rejected()])));
}, 120_000);
afterAll(() => app?.close());

async function proposed(): Promise<{ alert: Alert; pull: { number: number; branch: string } }> {
  const alert = await ring(app.world, 'Checkout fails after a flag change');
  alerts.push(alert);
  await playRespond(app.world, alert.key);
  const seen = await incidentThat(
    app.world,
    alert.key,
    'has a pull request',
    (one) => !!latestOf(one, 'pull.opened'),
  );
  const pull = latestOf(seen, 'pull.opened');
  if (!pull) throw new Error('no pull request');
  return { alert, pull };
}

async function pushed(): Promise<Incident> {
  const { alert, pull } = await proposed();
  const comment = planted().replaceAll(/^/gm, '# ');
  const text = `${comment}\necho "order of ${canaries['e-mail']}"\n`;
  await pushMore(app.world, 'riley', pull.branch, `remediations/${alert.key}/fix.sh`, text);
  return settled(app.world, alert.key);
}

async function rejected(): Promise<Incident> {
  const { alert, pull } = await proposed();
  const body = `/vigil reject ${line} ${hostile}`;
  await as(app.world, 'riley', `/issues/${pull.number}/comments`, 'POST', { body });
  return settled(app.world, alert.key);
}

test('what was pushed is not taken over, and the incident says why without repeating it', () => {
  expect(ended[0]?.stage).toBe('ESCALATED');
  expect(ended[0] && latestOf(ended[0], 'incident.escalated')).toEqual({
    code: 'bytes_changed',
    // GitHub's event that names riley may be slower than a look at the branch.
    reason: expect.stringMatching(
      /^(@riley|Somebody) pushed a fix\.sh that holds what looks like a secret or personal data; it was not copied\.$/,
    ),
  });
});

test('the reason of a rejection is kept without what nobody should read', () => {
  const reason = ended[1] && latestOf(ended[1], 'remediation.rejected')?.reason;
  expect(reason).toContain('password=[REDACTED:password]');
  expect(singing(reason ?? '')).toEqual([]);
});

test('none of it is anywhere but where riley wrote it', async () => {
  const { world, proxy } = app;
  const branches = ['main', 'vigil/ledger', '--glob=refs/heads/vigil/evidence-*'];
  const git = execFileSync(
    'git',
    ['-C', world.github.bareRepository, 'log', ...branches, '-p', '--format=%B%an%ae'],
    { encoding: 'utf8', maxBuffer: 1e8 },
  );
  const seen = await Promise.all(alerts.map((alert) => outside(world, alert)));
  const places: (readonly [string, string])[] = [
    ...proxy.sent.map(({ to, path, body }) => [`${to} ${path}`, `${path}\n${body}`] as const),
    ['main, ledger and evidence', git],
    ['issues, Slack and PagerDuty', JSON.stringify([seen, world.slack.messages()])],
    ['log of the app', await app.log()],
  ];
  expect([git.includes('bytes_changed'), proxy.sent.length > 30, seen.length]).toEqual([true, true, 2]);
  expect(places.flatMap(([place, text]) => singing(text).map((name) => `${name} in ${place}`))).toEqual([]);
});
