// GitHub refuses the re-check: after a person has approved, reading the pull request or its reviews answers 403, 500, 422 or
// nonsense. Nothing is merged, nothing runs; when it stays so, people are told why wherever they look.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/outside.ts';
import { playRespond } from '../support/quick-jobs.ts';
import { outside, review, ring, settled } from '../support/quick-people.ts';
import { startWatchedApp, type WatchedApp } from '../support/watched-app.ts';

let app: WatchedApp;
beforeAll(async () => {
  app = await startWatchedApp({});
});
afterAll(() => app?.close());

const leadsToRun = (from: number) =>
  app.proxy.sent
    .slice(from)
    .filter(
      ({ method, path, body }) =>
        (method === 'PUT' && path.endsWith('/merge')) ||
        (method === 'POST' && /remediate[^/]*\/dispatches$/.test(path)) ||
        (method === 'POST' && path.endsWith('/check-runs') && body.includes('"success"')),
    );

/** Proposes for an alert, makes GitHub refuse what the pattern names, and approves. */
async function approvedWhile(title: string, status: number, body: string, part: RegExp) {
  const from = app.proxy.sent.length;
  const alert = await ring(app.world, title);
  await playRespond(app.world, alert.key);
  await eventually('the proposal', async () => (await outside(app.world, alert)).pulls.length === 1);
  let refused = 0;
  app.proxy.trouble(({ to, method, path }) => {
    if (to !== 'github' || method !== 'GET' || !part.test(path)) return null;
    refused++;
    return { status, body };
  });
  await review(app.world, alert.key, 'APPROVE');
  await eventually('the app to look', async () => refused > 0);
  return { alert, from };
}

test('an approval is not believed while GitHub refuses its reviews or talks nonsense of the reviewer, and is afterwards', async () => {
  const { alert, from } = await approvedWhile(
    'Checkout fails after a flag change',
    403,
    '{"message":"Resource not accessible by integration"}',
    /\/pulls\/\d+\/reviews/,
  );
  await eventually('a line in the log', async () =>
    /the pull request could not be looked at/.test(await app.log()),
  );
  let asked = 0;
  app.proxy.trouble(({ method, path }) => {
    if (method !== 'GET' || !path.includes('/permission')) return null;
    asked++;
    return { status: 200, body: '{"permission":7}' };
  });
  await eventually('the app to ask for a permission', async () => asked > 0);
  await pause(500); // as long as a merge would take, several times over
  expect(leadsToRun(from)).toEqual([]);
  expect((await outside(app.world, alert)).pulls[0]?.merged).toBe(false);

  app.proxy.trouble(null);
  await eventually('merge and dispatch, once GitHub answers', async () =>
    leadsToRun(from).some(({ path }) => path.endsWith('/dispatches')),
  );
  expect((await outside(app.world, alert)).pulls[0]?.merged).toBe(true);
}, 120_000);

/** What ran for this alert: a run of an earlier one may begin late. */
const runsOf = (key: string): string[] =>
  app.world.jobs.runs.map(({ state }) => state.displayTitle).filter((title) => title.includes(key));

test('what GitHub will not show at all goes to people, who are told why, and nothing runs', async () => {
  const { alert, from } = await approvedWhile(
    'Checkout fails after a flag change',
    422,
    '{"message":"Validation Failed"}',
    /\/pulls\/\d+(\?|$)/,
  );
  const incident = await settled(app.world, alert.key);
  app.proxy.trouble(null);

  expect(leadsToRun(from)).toEqual([]);
  expect(incident.stage).toBe('ESCALATED');
  const { issues, page, pulls, slack } = await outside(app.world, alert);
  const why = 'GitHub did not let Vigil check the approval again';
  expect(issues[0]?.comments.at(-1)).toContain(why);
  expect(page.notes.join()).toContain(why);
  expect(slack.join()).toContain(why);
  expect(pulls[0]?.merged).toBe(false);
  expect(runsOf(alert.key)).toEqual([expect.stringMatching(/^respond /)]);
}, 120_000);

test('an alert that the ledger does not take is told nowhere, and nothing runs', async () => {
  app.proxy.trouble(({ to, path }) =>
    to === 'github' && path.includes('git-receive-pack') ? { status: 403, body: 'forbidden' } : null,
  );
  const from = app.proxy.sent.length;
  const alert = await ring(app.world, 'Checkout fails after a flag change');
  await eventually('a line in the log', async () =>
    /the claim could not be written|could not be reconciled/.test(await app.log()),
  );

  const told = app.proxy.sent
    .slice(from)
    .filter(({ method, body }) => method !== 'GET' && body.includes(alert.id));
  expect(told).toEqual([]);
  expect((await outside(app.world, alert)).issues).toEqual([]);
  expect(runsOf(alert.key)).toEqual([]);
}, 120_000);
