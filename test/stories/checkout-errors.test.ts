// One real incident from alert to recovery, through the front door, with the app as a process of its own.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { followUntil, settled } from '../../sandbox/follow.ts';
import { checkoutErrors } from '../../sandbox/scenarios/checkout-errors.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type GitHubDoor, github } from '../support/outside.ts';

const root = join(import.meta.dirname, '../..');
let world: World;
let incident: Incident;
let door: GitHubDoor;

beforeAll(async () => {
  world = await startWorld({ root, ...checkoutErrors.world });
  door = { api: world.github.api, owner: world.owner, repo: world.repo, token: world.reviewer.token };
  await checkoutErrors.begin(world);
  const ended = await followUntil(world, { deadlineMs: 280_000, done: settled, onRecord: () => undefined });
  if (!ended)
    throw new Error(`the incident did not end:\n${(await readFile(world.log, 'utf8')).slice(-3000)}`);
  incident = ended;
  await world.github.idle();
});
afterAll(() => world?.close());

test('every stage is passed, in order', () => {
  expect(incident.history.map(({ stage }) => stage)).toEqual([
    'TRIGGERED',
    'INVESTIGATING',
    'HYPOTHESIS_RECEIVED',
    'CONTEXT_RETRIEVED',
    'SYNTHESIZING',
    'EXECUTING',
    'VERIFYING',
    'RESOLVED',
  ]);
});

test('each fact stands once in the ledger, said by whoever may say it', () => {
  // The shop's own monitor takes its alert back at some moment after the fix; when, is not Vigil's to say.
  const facts = incident.records.filter(
    ({ type }) => !type.startsWith('effect.') && type !== 'alert.resolved',
  );
  expect(facts.map(({ type, actor }) => `${type} ${actor.kind === 'job' ? actor.job : actor.kind}`)).toEqual([
    'incident.opened app',
    'issue.opened app',
    'investigation.started app',
    'evidence.gathered orient',
    'hypothesis.received orient',
    'context.retrieved orient',
    'synthesis.started orient',
    'remediation.proposed decide',
    'remediation.rehearsed rehearse',
    'remediation.judged app',
    'pull.opened app',
    'remediation.approved app',
    'pull.merged app',
    'remediation.started execute',
    'remediation.finished execute',
    'workspace.deleted execute',
    'recovery.confirmed verify',
    'incident.learned conclude',
  ]);
});

test('the outside is as it should be', async () => {
  for (const { what, ok } of await checkoutErrors.verdicts(world, incident)) expect.soft(ok, what).toBe(true);
});

test('the script that ran is byte for byte what was merged, and it ran once', async () => {
  const merged = incident.latest['pull.merged']?.data.sha ?? '';
  const { stdout } = await promisify(execFile)('git', [
    '-C',
    world.github.bareRepository,
    'show',
    `${merged}:remediations/${incident.key}/fix.sh`,
  ]);
  expect(stdout).toBe(`#!/usr/bin/env bash
set -euo pipefail
readonly SHOP_CACHE_PURGE_URL='${world.shop.admin}/cache/purge'
readonly SHOP_URL='${world.shop.url}'
echo "Purging the price cache"
curl --fail --silent --show-error --max-time 10 -X POST "$SHOP_CACHE_PURGE_URL"
`);
  expect(world.coder.workspaces()).toEqual([{ name: `vigil-${incident.key}-1`, status: 'deleted' }]);
});

test('one issue, one pull request, and at most ten writes that people are notified of', async () => {
  const issues = await github<{ number: number; pull_request?: object; title: string }[]>(
    door,
    '/issues?state=all',
  );
  expect(
    issues.map(({ number, pull_request }) => `${number} ${pull_request ? 'pull request' : 'issue'}`).sort(),
  ).toEqual(['1 issue', '2 pull request']);
  const writes = world.github.calls.filter(
    ({ method, path }) => method !== 'GET' && /\/(issues|pulls|check-runs)/.test(path),
  );
  expect(writes.length).toBeLessThanOrEqual(10);
});

test('no secret of this world stands in the ledger, an issue, a pull request, a message, a log of a run or of the app', async () => {
  const ledger = await promisify(execFile)(
    'git',
    ['-C', world.github.bareRepository, 'log', '--all', '-p', '--format=%B'],
    { maxBuffer: 1e9 },
  );
  const runs = await github<{ workflow_runs: { id: number }[] }>(door, '/actions/runs');
  const logs = await Promise.all(
    runs.workflow_runs.map(async ({ id }) =>
      (
        await fetch(`${door.api}/repos/${door.owner}/${door.repo}/actions/runs/${id}/logs`, {
          headers: { authorization: `token ${door.token}` },
        })
      ).text(),
    ),
  );
  const issues = JSON.stringify(await github(door, '/issues?state=all'));
  const comments = JSON.stringify(await github(door, '/issues/1/comments'));
  const everything = [
    ledger.stdout,
    ...logs,
    issues,
    comments,
    JSON.stringify(world.slack.messages()),
    JSON.stringify(world.pagerduty.incidents()),
    await readFile(world.log, 'utf8'),
  ].join('\n');
  for (const [name, secret] of Object.entries(world.secrets))
    expect.soft(everything.includes(secret), `${name} leaked`).toBe(false);
  expect(Object.keys(world.secrets).length).toBeGreaterThan(4);
});

test('every answer of the GitHub stand-in was one that GitHub’s own description allows', () => {
  expect(world.github.violations).toEqual([]);
});
