// An organisation's own rules in the hands of people: what they read first, a target that is left alone after a change, and a freeze.
// Jobs are played; app, GitHub, PagerDuty and Slack of the sandbox are real processes of this test.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { TITLE } from '../support/endings.ts';
import { playRemediate, playRespond } from '../support/quick-jobs.ts';
import { approve, as, incidentThat, review, ring, settled } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld();
  write(
    `[{ name: slowly, verdict: refuse, because: One change at a time., effect: flag.set, cool_down: 24h },
       { name: always, verdict: refuse, because: Nobody is here., service: ${world.settings.services['PSHOP03']?.name},
         freeze: [{ from: '00:00', to: '24:00', zone: Europe/Berlin }] }]`,
  );
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '1', RCA_WAIT_SECONDS: '0' });
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

/** These rules in vigil.yml, straight on main. */
function write(rules: string): void {
  const git = (args: string[], input?: string) =>
    execFileSync('git', ['-C', world.github.bareRepository, ...args], {
      ...(input ? { input } : {}),
    }).toString();
  const before = git(['show', 'main:.github/vigil.yml']);
  const text = before.replace('rules: []', `rules: ${rules.replace(/\s+/g, ' ')}`);
  if (text === before) throw new Error('vigil.yml has rules already');
  const about = 'commit refs/heads/main\ncommitter sam <sam@example.com> 1793674800 +0000\ndata 4\nrule\n';
  const file = `from refs/heads/main^0\nM 100644 inline .github/vigil.yml\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  git(['fast-import', '--quiet'], `${about}${file}`);
}

const that = (key: string, what: string, holds: (incident: Incident) => boolean) =>
  incidentThat(world, key, what, holds);
const slackTexts = (): string => JSON.stringify(world.slack.messages());

test('in a freeze nothing is proposed, and people hear when it ends', async () => {
  const { key } = await ring(world, TITLE, 'PSHOP03');
  await playRespond(world, key);
  const ended = await settled(world, key);
  expect(latestOf(ended, 'pull.opened')).toBeNull();
  expect(latestOf(ended, 'incident.escalated')?.reason).toMatch(
    /^fix\.sh line \d+: The rule always of vigil\.yml refuses this: Nobody is here\. The freeze every day 00:00–24:00 \(Europe\/Berlin\) has no end\.$/,
  );
});

test('a target is left alone after a change, and whoever approves meanwhile is told so', async () => {
  const [first, second] = [await ring(world, TITLE, 'PSHOP01'), await ring(world, TITLE, 'PSHOP02')];
  for (const { key } of [first, second]) {
    await playRespond(world, key);
    await that(key, 'is told', (seen) => seen.effects.get('slack.post#1')?.status === 'done');
  }
  const pull = latestOf(
    await that(first.key, 'has a pull request', (one) => !!latestOf(one, 'pull.opened')),
    'pull.opened',
  );
  const { body } = await as<{ body: string }>(world, 'riley', `/pulls/${pull?.number}`);
  const [top] = body.split('**Why we think so**');
  expect(top).toContain('**Impact** Nobody can buy while the flag is on.');
  expect(top).toContain('**Risk MEDIUM** flag.set lasts until somebody changes it back.');
  expect(slackTexts()).toContain('*Impact:* Nobody can buy while the flag is on.');

  await approve(world, first.key);
  await playRemediate(world, first.key);
  await settled(world, first.key);

  // Both shops have one flag: what the first changed, the second is about to change again.
  await review(world, second.key, 'APPROVE');
  const waits = await that(second.key, 'waits', (seen) => latestOf(seen, 'merge.delayed') !== null);
  const reason = latestOf(waits, 'merge.delayed')?.reason ?? '';
  expect(reason).toMatch(
    new RegExp(
      `^the rule slowly of vigil\\.yml refuses this: One change at a time\\. http\\S+/flags/new-pricing/off was changed \\d+ minutes? ago by ${first.key}; it is left alone until \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC$`,
    ),
  );
  expect(latestOf(waits, 'remediation.approved')).toBeNull();
  const told = await that(second.key, 'is told', (seen) =>
    [...seen.effects].some(([name, { status }]) => name.startsWith('issue.tell#1.') && status === 'done'),
  );
  const comments = await as<{ body: string }[]>(
    world,
    'riley',
    `/issues/${told.issue?.number}/comments?per_page=100`,
  );
  expect(
    comments.some(({ body: words }) => words.includes('Not merged yet: the rule slowly of vigil.yml')),
  ).toBe(true);
});
