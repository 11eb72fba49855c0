// Canaries at every door: secrets, personal data and hostile Markdown in all that comes in, raw, as a job, a vendor or a
// person without care would hand it over. Then everything that left is searched: nothing sings, nothing is alive.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { latestOf } from '#core/ledger/replay';
import { createRedactor } from '#core/redact/redact';
import { canaries, planted, plantedLine, singing } from './support/canaries.ts';
import { active, attack, traps } from './support/hostile.ts';
import { fact, facts } from './support/incidents.ts';
import { playRespond, runOf, say } from './support/quick-jobs.ts';
import { type Alert, as, incidentThat, outside, review, ring, settled } from './support/quick-people.ts';
import { startWatchedApp, type WatchedApp } from './support/watched-app.ts';

let app: WatchedApp;
let alert: Alert;
const line = `${plantedLine()} ${attack.replaceAll('\n', ' ').slice(0, 150)}`;
const prose = `${planted()}\n${attack}\n::add-mask::x\n::set-output name=lane::auto\n`;

beforeAll(async () => {
  app = await startWatchedApp({ more: { UNRELATED_SECRET: canaries['Stripe key'] ?? '' } });
  const { world } = app;
  alert = await ring(world, `Checkout fails after a flag change ${line}`);
  const opened = await incidentThat(world, alert.key, 'has an issue', (one) => one.issue !== null);
  await as(world, 'riley', `/issues/${opened.issue?.number}/comments`, 'POST', {
    body: `/vigil hold ${line}`,
  });
  await incidentThat(world, alert.key, 'is held', (one) =>
    one.records.some(({ type }) => type === 'hold.set'),
  );
  await as(world, 'riley', `/issues/${opened.issue?.number}/comments`, 'POST', { body: '/vigil release' });
  // orient, as if nothing had been cleaned in the job; the later jobs are played as they are.
  const respond = await runOf(world, 'respond', opened);
  const found = [{ id: 'alert-1', source: 'pagerduty', title: line.slice(0, 200), text: prose }];
  const runbook = world.runbooks.find(({ service }) => service === opened.opened.service.name);
  if (!runbook) throw new Error(`no runbook for ${opened.opened.service.name}`);
  const match = {
    runbook: runbook.id,
    sha256: runbook.sha256,
    title: line.slice(0, 200),
    score: 98,
    why: line.slice(0, 400),
  };
  await said(
    respond,
    'orient',
    [
      fact('evidence.gathered', {
        branch: '',
        items: [],
        missing: [{ source: 'Datadog', reason: line.slice(0, 400) }],
      }),
      fact('hypothesis.received', { text: prose, evidence: ['alert-1'] }),
      fact('context.retrieved', { matches: [match] }),
    ],
    found,
  );
  await playRespond(world, alert.key);
  await review(world, alert.key, 'APPROVE');
  const remediate = await runOf(world, 'remediate', opened);
  const merged = await incidentThat(world, alert.key, 'is merged', (one) => !!latestOf(one, 'pull.merged'));
  const [sample] = facts['remediation.rehearsed'].samples;
  if (!sample) throw new Error('no sample');
  const digest = latestOf(merged, 'remediation.approved')?.digest ?? '';
  const seen = [{ ...sample, reason: line.slice(0, 280) }];
  await said(remediate, 'execute', [fact('remediation.started', { digest, samples: seen })]);
  await said(remediate, 'execute', [fact('remediation.finished', { output: prose })]);
  await said(remediate, 'verify', [
    fact('recovery.refuted', { samples: seen, reason: line.slice(0, 400), worse: line.slice(0, 400) }),
  ]);
  const [id, run] = [`vigil-${alert.key}-1-undo`, facts['undo.started'].run];
  await said(remediate, 'undo', [fact('undo.started', { workspace: id, run })]);
  await said(remediate, 'undo', [fact('undo.finished', { workspace: id, output: prose })]);
  await said(remediate, 'conclude', [fact('incident.learned', { effectiveness: 0, summary: prose })]);
  world.jobs.end(remediate, 'success');
  await settled(world, alert.key);
});
afterAll(() => app?.close());

async function said(
  ...[run, job, list, evidence]: [number, Parameters<typeof say>[2], Parameters<typeof say>[4], object[]?]
) {
  const answer = await say(app.world, run, job, { key: alert.key, attempt: 1 }, list, evidence);
  if (answer.status !== 202) throw new Error(`${job}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** The issue as Vigil writes it; what riley said there stands in riley's own comments. */
async function vigilsWords() {
  const seen = await outside(app.world, alert);
  const issues = seen.issues.map((issue) => ({
    ...issue,
    comments: issue.comments.filter((body) => !body.startsWith('/vigil')),
  }));
  return { ...seen, issues };
}

test('the canaries would be heard: they sing in what was planted, in every form', () => {
  expect(singing(prose)).toEqual(Object.keys(canaries));
  expect(singing(createRedactor({ key: 'pd-q1' })(prose).text)).toEqual([]);
  expect(singing(encodeURIComponent(canaries['e-mail'] ?? ''))).toEqual(['e-mail']);
});

test('none of them is in anything that left: requests, ledger, evidence, pull request, issue, Slack, PagerDuty, log', async () => {
  const { world, proxy } = app;
  const ours = proxy.sent.map(({ to, path, body }) => [`${to} ${path}`, `${path}\n${body}`] as const);
  const git = execFileSync(
    'git',
    ['-C', world.github.bareRepository, 'log', '--all', '-p', '--format=%B%an%ae'],
    {
      encoding: 'utf8',
      maxBuffer: 1e8,
    },
  );
  const seen = await vigilsWords();
  const places: (readonly [string, string])[] = [
    ...ours,
    ['every branch: main, ledger, evidence, proposal', git],
    ['status and body of the issue', JSON.stringify(seen.issues)],
    ['Slack', JSON.stringify(world.slack.messages())],
    ['PagerDuty notes', JSON.stringify(seen.page)],
    ['log of the app', await app.log()],
  ];
  expect(ours.length).toBeGreaterThan(30);
  expect(git).toContain('remediation.finished');
  expect(git).toContain('[REDACTED:');
  expect(places.flatMap(([place, text]) => singing(text).map((name) => `${name} in ${place}`))).toEqual([]);
});

test('nothing of the hostile Markdown is alive where people read', async () => {
  const { world } = app;
  const seen = await vigilsWords();
  const pulls = await as<{ title: string; body: string }[]>(world, 'riley', '/pulls?state=all');
  const written = [
    ...seen.issues.flatMap(({ body, comments }) => [body, ...comments]),
    ...pulls.map(({ body }) => body),
  ];
  expect(written.length).toBeGreaterThanOrEqual(3);
  expect(written.join()).toContain('Heading');
  for (const markdown of written) {
    // The link to the alert is Vigil's own; here PagerDuty lives on this machine.
    const own = markdown.replace(/http:\/\/127\.0\.0\.1:\d+\/incidents\//g, 'https://acme.pagerduty.com/');
    const alive = traps.filter((trap) => active(own).includes(trap));
    expect(alive, markdown.slice(0, 3000)).toEqual([]);
    expect(markdown).not.toMatch(/^::/m);
  }
  for (const message of seen.slack) expect(message).not.toMatch(/<!channel|<@U1|@here/);
});
