// Skyflow is down, slow, expired, talking rubbish or answering half: what people see, what the ledger holds and what left
// the app, by real doors. A name planted in the alert stands for everything only Skyflow would have found.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { latestOf } from '#core/ledger/replay';
import { fact } from '../support/incidents.ts';
import { eventually } from '../support/outside.ts';
import { playRespond, runOf, say } from '../support/quick-jobs.ts';
import { as, incidentThat, outside, ring, settled } from '../support/quick-people.ts';
import { startWatchedApp, type WatchedApp } from '../support/watched-app.ts';

const OLGA = 'Olga Petrova';
const NOTICE = 'withheld: the privacy service did not answer';
let app: WatchedApp;
beforeAll(async () => {
  app = await startWatchedApp({ people: [OLGA] });
}, 120_000);
afterAll(() => app?.close());

const left = (): string => app.proxy.sent.map(({ path, body }) => `${path}\n${body}`).join('\n');

test('in health a name becomes a placeholder, the same in title and evidence, and the incident goes on', async () => {
  const alert = await ring(app.world, `Checkout fails after a flag change, says ${OLGA}`);
  const opened = await incidentThat(app.world, alert.key, 'has an issue', (one) => one.issue !== null);
  expect(opened.opened.title).toMatch(/^Checkout fails after a flag change, says \[NAME_\d+\]$/);
  expect(opened.opened.withheld).toBeUndefined();
  await playRespond(app.world, alert.key);
  const seen = await incidentThat(
    app.world,
    alert.key,
    'is judged',
    (one) => !!latestOf(one, 'remediation.judged'),
  );
  expect(latestOf(seen, 'hypothesis.received')?.text).toContain(opened.opened.title);
  expect(left()).not.toContain(OLGA);
}, 120_000);

// Side by side, since being slow takes its ten seconds: each trouble meets the texts of its own incident only.
test.concurrent.each(['down', 'slow', 'expired', 'rubbish', 'partial'] as const)(
  'while it is %s nothing leaves and nothing runs; the title follows',
  async (trouble) => {
    app.skyflow.fail(trouble, `(${trouble})`);
    const alert = await ring(app.world, `Checkout fails after a flag change (${trouble}), says ${OLGA}`);
    const opened = await incidentThat(app.world, alert.key, 'has an issue', (one) => one.issue !== null);
    expect(opened.opened).toMatchObject({ title: NOTICE, withheld: true });
    const [issue] = (await outside(app.world, alert)).issues;
    expect(issue?.title).toMatch(new RegExp(`^\\[high\\] shop\\S* \\(${alert.id}\\)$`));
    expect(issue?.body).toContain(alert.id);

    const run = await runOf(app.world, 'respond', opened);
    const evidence = [
      { id: 'alert-1', source: 'pagerduty', title: `call ${OLGA}`, text: `(${trouble}) ${OLGA} cannot pay` },
    ];
    const said = await say(
      app.world,
      run,
      'orient',
      opened,
      [
        fact('evidence.gathered', { branch: '', items: [], missing: [] }),
        fact('hypothesis.received', { text: `${OLGA} says so`, evidence: ['alert-1'] }),
        fact('context.retrieved'),
      ],
      evidence,
    );
    expect(said.status).toBe(202);
    app.world.jobs.end(run, 'success');
    const ended = await settled(app.world, alert.key);

    expect(ended.stage).toBe('ESCALATED');
    expect(latestOf(ended, 'incident.escalated')).toMatchObject({ code: 'privacy' });
    expect(latestOf(ended, 'evidence.gathered')).toMatchObject({
      items: [],
      missing: [{ source: 'Evidence', reason: NOTICE }],
    });
    expect([latestOf(ended, 'hypothesis.received'), latestOf(ended, 'remediation.proposed')]).toEqual([
      null,
      null,
    ]);
    const told = await outside(app.world, alert);
    const why = 'Text was withheld, so nothing was asked of a model and nothing may run.';
    expect(told.issues[0]?.comments.join()).toContain(why);
    expect(told.page.notes.join()).toContain(why);
    expect(told.pulls).toEqual([]);

    app.skyflow.fail('none', `(${trouble})`);
    await incidentThat(app.world, alert.key, 'is described', (one) => !one.opened.withheld);
    await eventually('the title on the issue', async () =>
      /Checkout fails after a flag change \(\w+\), says \[NAME_\d+\]/.test(
        (await outside(app.world, alert)).issues[0]?.title ?? '',
      ),
    );
    expect(left()).not.toContain(OLGA);
    expect(await app.log()).not.toContain(OLGA);
  },
);

test.concurrent('an outcome is recorded without its words, and a person’s reason is withheld', async () => {
  const alert = await ring(app.world, 'Checkout fails after a flag change');
  await playRespond(app.world, alert.key);
  const seen = await incidentThat(
    app.world,
    alert.key,
    'has a pull request',
    (one) => !!latestOf(one, 'pull.opened'),
  );
  app.skyflow.fail('down', 'is on it');
  await as(app.world, 'riley', `/issues/${seen.issue?.number}/comments`, 'POST', {
    body: `/vigil reject ${OLGA} is on it`,
  });
  const rejected = await incidentThat(
    app.world,
    alert.key,
    'is rejected',
    (one) => one.stage === 'ESCALATED',
  );
  expect(latestOf(rejected, 'remediation.rejected')).toEqual({ by: 'riley', reason: NOTICE });
  const sent = app.proxy.sent.filter(({ body }) => body.includes(OLGA));
  expect(sent).toEqual([]);
}, 120_000);
