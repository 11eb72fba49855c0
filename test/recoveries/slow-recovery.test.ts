// A fix that helps only after a while, with jobs that really run: one of them looks, ends, and the app has another one look again.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import { followUntil, settled } from '../../sandbox/follow.ts';
import { asPerson, breakShop } from '../../sandbox/people.ts';
import { checkoutErrors } from '../../sandbox/scenarios/checkout-errors.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type ChangedRoot, changedRoot } from '../support/changed-root.ts';

let world: World;
let incident: Incident;
let folder: ChangedRoot;

/** What the shop's runbook and vigil.yml say of the time to settle. */
const patient = () =>
  changedRoot({
    '.github/vigil.yml': (text) => text.replace(/^ {2}verify_seconds: \d+$/m, '  verify_seconds: 5'),
    'runbooks/shop-checkout-errors.md': (text) =>
      text.replace(/^symptom:$/m, 'settle: { within: 1m }\nsymptom:'),
  });

beforeAll(async () => {
  folder = await patient();
  world = await startWorld({ root: folder.path, ...checkoutErrors.world });
  await checkoutErrors.begin(world);
  const acts: Promise<unknown>[] = [];
  const onRecord = ({ type }: LedgerRecord): void => {
    // The cache is poisoned once more as soon as it was purged, until a job has seen that.
    if (type === 'remediation.finished') acts.push(breakShop(world, 'cache'));
    if (type === 'recovery.watched') acts.push(fetch(`${world.shop.admin}/cache/purge`, { method: 'POST' }));
  };
  const ended = await followUntil(world, { deadlineMs: 280_000, done: settled, onRecord });
  await Promise.all(acts);
  if (!ended)
    throw new Error(`the incident did not end:\n${(await readFile(world.log, 'utf8')).slice(-3000)}`);
  incident = ended;
  await world.github.idle();
});
afterAll(async () => {
  await world?.close();
  await folder?.remove();
  expect(world?.github.violations ?? []).toEqual([]);
});

test('a job that saw it red ends, the app dispatches another one, and that one sees it well', () => {
  const since = incident.records.findIndex(({ type }) => type === 'remediation.finished');
  const facts = incident.records
    .slice(since)
    .filter(({ type }) => /^(?:remediation|recovery|look|undo)\./.test(type))
    .map(({ type, actor }) => `${type} ${actor.kind === 'job' ? actor.job : actor.kind}`);
  expect(facts).toEqual([
    'remediation.finished execute',
    'recovery.watched verify',
    'look.asked app',
    'recovery.confirmed verify',
  ]);
  expect(incident.stage).toBe('RESOLVED');
});

test('the runs are two, and the script ran in the first alone', async () => {
  const { workflow_runs: runs } = (await asPerson(world, 'riley', 'GET', '/actions/runs')) as {
    workflow_runs: { display_title: string; conclusion: string }[];
  };
  const asked = incident.latest['look.asked']?.seq;
  expect(
    runs
      .filter(({ display_title }) => display_title.startsWith('remediate'))
      .map(({ display_title, conclusion }) => `${display_title} ${conclusion}`)
      .sort(),
  ).toEqual([
    `remediate ${incident.key} attempt 1 look ${asked} success`,
    `remediate ${incident.key} attempt 1 success`,
  ]);
  expect(world.coder.workspaces()).toEqual([{ name: `vigil-${incident.key}-1`, status: 'deleted' }]);
});

test('the page says that it was not well at once, and that it is now', () => {
  const page = world.pagerduty.incidents().find(({ id }) => id === incident.opened.pagerduty.id);
  const notes = page?.notes.map(({ content }) => content.split('\n')[0]) ?? [];
  expect(notes.filter((note) => note?.startsWith('Vigil:'))).toEqual([
    expect.stringMatching(
      /^Vigil: VERIFYING\. Not better yet: .* Looked again at \d\d:\d\d UTC; it has until \d\d:\d\d\.$/,
    ),
    expect.stringMatching(/^Vigil: RESOLVED\. The fix ran and the service works again: /),
  ]);
});
