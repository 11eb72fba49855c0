// Places where people are told refuse it: the issue was deleted, the Slack channel is archived. The incident goes its way to its end,
// everybody else is told, and it is said once, with the cure, where it can be said.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TITLE } from '../support/endings.ts';
import { playRemediate, playRespond } from '../support/quick-jobs.ts';
import { as, incidentThat, outside, review, ring, settled } from '../support/quick-people.ts';
import { startWatchedApp, type WatchedApp } from '../support/watched-app.ts';

let app: WatchedApp;
beforeAll(async () => {
  app = await startWatchedApp({});
});
afterAll(() => app?.close());

const PAGE = '<html><h1>Gone</h1></html>';

test('a deleted issue keeps nobody else from being told, and Slack and PagerDuty say so', async () => {
  const { world, proxy } = app;
  const alert = await ring(world, TITLE);
  await playRespond(world, alert.key);
  proxy.trouble(({ to, path }) =>
    to === 'github' && /\/issues\/\d+(\/comments|$|\?)/.test(path) ? { status: 410, body: PAGE } : null,
  );
  await review(world, alert.key, 'APPROVE');
  await playRemediate(world, alert.key);
  const incident = await settled(world, alert.key);
  proxy.trouble(null);

  expect(incident.stage).toBe('RESOLVED');
  expect(incident.effects.get('issue.close#1')).toMatchObject({
    status: 'failed',
    result: 'the issue could not be told anything (410): it was deleted or moved',
  });
  const { slack, page, pulls } = await outside(world, alert);
  expect([page.status, pulls[0]?.merged]).toEqual(['resolved', true]);
  expect(slack).toHaveLength(1);
  expect(slack[0]).toMatch(
    /^Resolved: .*Not on the issue:\* the issue could not be told .*it was deleted or moved/s,
  );
  expect(page.notes.join('\n')).not.toContain('<h1>');
}, 240_000);

test('a locked issue has its state in its own text, beside what people wrote there', async () => {
  const { world, proxy } = app;
  proxy.trouble(({ to, method, path }) =>
    to === 'github' && method === 'POST' && path.endsWith('/comments') ? { status: 403, body: PAGE } : null,
  );
  const alert = await ring(world, TITLE);
  const opened = await incidentThat(world, alert.key, 'has an issue', ({ issue }) => issue !== null);
  const address = `/issues/${opened.issue?.number}`;
  const { title, body } = await as<{ title: string; body: string }>(world, 'sam', address);
  const labels = ['team:shop', 'vigil:important', 'vigil:triggered'];
  const among = body.replace('\n\nThis issue', '\nIn between.\n\nThis issue');
  const edited = {
    title: `${title} (bridge 4711)`,
    body: `Bridge 4711.\r\n\r\n${among}\r\n\r\nOlga leads.`,
    labels,
  };
  await as(world, 'sam', address, 'PATCH', edited);
  await playRespond(world, alert.key);
  await review(world, alert.key, 'APPROVE');
  await playRemediate(world, alert.key);
  await settled(world, alert.key);
  proxy.trouble(null);

  const { issues, page, slack } = await outside(world, alert);
  const [issue] = issues;
  expect(page.status).toBe('resolved');
  expect(issue).toMatchObject({ state: 'closed', comments: [], title: edited.title });
  expect(issue?.labels.toSorted()).toEqual(['team:shop', 'vigil:important', 'vigil:resolved']);
  expect(issue?.body).toMatch(
    /^Bridge 4711\.\n\n<!-- vigil:begin[^\n]*-->\n\*\*Service\*\* [\s\S]*\n\*\*RESOLVED\.\*\* The fix ran [\s\S]*_GitHub does not take the status comment here[\s\S]*-->\n\nIn between\.\n\nOlga leads\.$/,
  );
  expect(slack.join()).toContain('its conversation is locked');
}, 240_000);

test('an archived channel is told once on the issue with the cure, and the message follows when it is open again', async () => {
  const { world } = app;
  world.slack.setRoom({ archived: true });
  const alert = await ring(world, TITLE);
  await playRespond(world, alert.key);
  const seen = await incidentThat(world, alert.key, 'tells the issue that Slack refuses', ({ effects }) =>
    [...effects.values()].some(({ name, status }) => name.startsWith('issue.tell') && status === 'done'),
  );
  expect(seen.stage).toBe('SYNTHESIZING');
  const told = (await outside(world, alert)).issues[0]?.comments.join() ?? '';
  expect(told).toContain(
    'Slack was not told: the Slack channel is archived. Unarchive it, or set SLACK\\_APPROVAL\\_CHANNEL to another one (is\\_archived).',
  );
  world.slack.setRoom({ archived: false });
  await review(world, alert.key, 'APPROVE');
  await playRemediate(world, alert.key);
  const incident = await settled(world, alert.key);

  const tries = incident.records.filter(
    ({ type, data }) => type === 'effect.failed' && data.effect.startsWith('slack.'),
  );
  expect(tries).toHaveLength(1);
  const { issues, slack } = await outside(world, alert);
  expect(slack).toHaveLength(1);
  expect(slack[0]).toMatch(/^Resolved: /);
  expect(issues[0]?.comments.join()).not.toContain('Slack was not told');
}, 240_000);
