// A person stops a script that runs in a real workspace, and has it undone; and all that came in on the way, from monitors,
// logs, pages, scripts and people, was full of secrets, personal data and attacks. Then everything that left is searched.
// It must never look at a place a person or a vendor could not see.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerRecord } from '#core/ledger/record';
import { type Incident, latestOf } from '#core/ledger/replay';
import { followUntil, settled } from '../../sandbox/follow.ts';
import { asPerson, breakShop, comment, review, ring, rootCauseNote } from '../../sandbox/people.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { canaries, planted, plantedLine, singing } from '../support/canaries.ts';
import { active, attack, traps } from '../support/hostile.ts';
import { type LeakyShop, startLeakyShop } from '../support/leaky-shop.ts';

const line = plantedLine();
const commands = [
  '::error::carried out',
  '##[add-mask]undo.sh',
  '::add-mask::undo.sh',
  '::save-state name=workspace::other',
  '::set-output name=due::false',
  '::stop-commands::quiet',
].join('\n');
const spill = `${planted()}\n${attack}\n${commands}`;
const address = `${canaries['e-mail']}/${canaries['GitHub token']}`;

let world: World;
let shop: LeakyShop;
let incident: Incident;
let stoppedAt = 0;

async function act(record: LedgerRecord, seen: Incident, stalled: Promise<void>): Promise<void> {
  const issue = seen.issue?.number ?? 0;
  if (record.type === 'pull.opened') await review(world, 'riley', record.data.number, 'APPROVE');
  if (record.type === 'remediation.started') {
    await stalled;
    stoppedAt = Date.now();
    await comment(world, 'sam', issue, `/vigil stop this is the wrong flag ${line}`);
  }
  // The workspace of the fix is gone; whatever else there is to undo, nobody asked for yet.
  if (record.type === 'workspace.deleted' && !latestOf(seen, 'undo.started'))
    await comment(world, 'riley', issue, `/vigil undo ${line}`);
}

beforeAll(async () => {
  world = await startWorld({
    root: join(import.meta.dirname, '../..'),
    rcaWaitSeconds: 30,
    history: 0,
    shop: async () => {
      shop = await startLeakyShop({ spill, address });
      return shop;
    },
  });
  await breakShop(world, 'flag');
  const stalled = shop.stall('/flags/new-pricing/off');
  await ring(world, 'trigger', 'Checkout fails after a flag change', {
    flag: 'new-pricing',
    monitor: world.datadog.monitor.url,
    customer: line,
    dump: spill,
  });
  const finding = {
    schema: 1,
    summary: `Flag was switched on for ${line}`,
    root_cause: `The new pricing ${line} ${attack}`,
  };
  const known = { confidence: 0.8, evidence: [{ claim: line }], recommended_actions: [line] };
  const block = JSON.stringify({ ...finding, ...known, affected_services: ['shop'] });
  await rootCauseNote(world, `${spill}\n\n\`\`\`vigil-rca\n${block}\n\`\`\``);
  const acts: Promise<void>[] = [];
  const ended = await followUntil(world, {
    deadlineMs: 280_000,
    done: (seen) => seen.latest['undo.finished'] !== undefined && settled(seen),
    onRecord: (record, seen) => void acts.push(act(record, seen, stalled)),
  });
  await Promise.all(acts);
  if (!ended) throw new Error(`it did not end:\n${(await readFile(world.log, 'utf8')).slice(-3000)}`);
  await world.github.idle();
  incident = ended;
});
afterAll(async () => {
  await world?.close();
  expect(world?.github.violations ?? []).toEqual([]);
});

const ask = <T>(path: string) => asPerson(world, 'riley', 'GET', path) as Promise<T>;
const times = (type: LedgerRecord['type']) =>
  incident.records.filter((record) => record.type === type).map(({ at }) => Date.parse(at));

test('the stop kills the workspace within seconds, and the incident says who stopped it', () => {
  expect(latestOf(incident, 'remediation.lost')?.reason).toMatch(/^@sam stopped it: this is the wrong flag/);
  const [deleted = 0] = times('workspace.deleted');
  expect(deleted - stoppedAt).toBeLessThan(8000);
  expect(incident.stage).toBe('ESCALATED');
  expect(latestOf(incident, 'remediation.finished')).toBeNull();
});

test('nothing ran after it but the undo a person asked for, once, and the flag is as it was', () => {
  expect(shop.asked).toEqual([
    'POST /break/flag',
    'POST /flags/new-pricing/off',
    'POST /flags/new-pricing/on',
  ]);
  const name = `vigil-${incident.key}-1`;
  expect(world.coder.workspaces()).toEqual([
    { name, status: 'deleted' },
    { name: `${name}-undo`, status: 'deleted' },
  ]);
  expect(latestOf(incident, 'undo.requested')?.by).toBe('riley');
  expect(latestOf(incident, 'undo.finished')).toMatchObject({ ok: true, snapshot: 'equal' });
});

test('every source was heard: alert, note, page, log, script and people', () => {
  expect(singing(spill)).toEqual(Object.keys(canaries));
  const items = latestOf(incident, 'evidence.gathered')?.items.map(({ id }) => id);
  expect(items).toEqual(expect.arrayContaining(['alert-1', 'note-1', 'monitor-1', 'logs-1']));
  expect(latestOf(incident, 'hypothesis.received')?.source).toBe('cleric');
  expect(latestOf(incident, 'remediation.rehearsed')?.samples[0]?.reason).toContain('REDACTED');
  expect(latestOf(incident, 'remediation.started')?.snapshot[0]).toMatchObject({ ok: true });
  expect(latestOf(incident, 'undo.finished')?.output).toContain('REDACTED');
});

async function logs(): Promise<string[]> {
  const { workflow_runs: runs } = await ask<{ workflow_runs: { id: number }[] }>('/actions/runs');
  const texts = runs.map(async ({ id }) => {
    const url = `${world.github.api}/repos/${world.owner}/${world.repo}/actions/runs/${id}/logs`;
    const answer = await fetch(url, { headers: { authorization: `token ${world.reviewer.token}` } });
    return answer.text();
  });
  return Promise.all(texts);
}

/** What Vigil wrote where people read; what people wrote themselves is theirs. */
async function written(): Promise<string[]> {
  type Said = { body: string | null; user: { login: string } };
  const issues = await ask<(Said & { number: number; title: string })[]>('/issues?state=all');
  const comments = await Promise.all(issues.map(({ number }) => ask<Said[]>(`/issues/${number}/comments`)));
  return [...issues, ...comments.flat()]
    .filter(({ user }) => user.login === 'vigil[bot]')
    .map((said) => `${'title' in said ? said.title : ''}\n\n${said.body ?? ''}`);
}

async function checks(): Promise<object[]> {
  const pulls = await ask<{ number: number; head: { sha: string } }[]>('/pulls?state=all');
  return Promise.all(
    pulls.map(async ({ number, head }) => ({
      files: await ask(`/pulls/${number}/files`),
      checks: await ask(`/commits/${head.sha}/check-runs`),
    })),
  );
}

test('no canary is in anything that left', async () => {
  const bare = world.github.bareRepository;
  const git = execFileSync('git', ['-C', bare, 'log', '--all', '-p', '--format=%B%an%ae'], {
    ...{ encoding: 'utf8', maxBuffer: 1e8 },
  });
  const runs = await logs();
  const pages = world.pagerduty.incidents().flatMap(({ notes }) => notes);
  const own = pages.filter(({ user }) => user.summary === 'vigil@acme.example');
  const places: [string, string[]][] = [
    ['every branch: main, ledger, evidence, proposal', [git]],
    ['log of a run', runs],
    ['issue, pull request or comment', await written()],
    ['files or checks of a pull request', [JSON.stringify(await checks())]],
    ['Slack', [JSON.stringify(world.slack.messages())]],
    ['PagerDuty notes', own.map(({ content }) => content)],
    ['log of the app', [await readFile(world.log, 'utf8')]],
  ];
  expect([runs.length, own.length > 0, git.includes('[REDACTED:')]).toEqual([3, true, true]);
  const found = places.flatMap(([place, texts]) =>
    texts.flatMap((text) => singing(text).map((name) => `${name} in ${place}`)),
  );
  expect(found).toEqual([]);
});

test('no job obeyed a command that stood in a text', async () => {
  const all = (await logs()).join('\n');
  // It arrived, as text; had it been obeyed, the runner would show it as an error of its own and hide the masked word.
  expect(all).toContain('::error::carried out');
  expect(all).not.toMatch(/^##\[error\]/m);
  expect(all).toContain('undo.sh: succeeded');
});

test('nothing of the hostile Markdown is alive where people read', async () => {
  const texts = await written();
  expect(texts.length).toBeGreaterThanOrEqual(3);
  expect(texts.join()).toContain('Heading');
  for (const text of texts) {
    // Vigil's own links lead to this machine's stand-ins.
    const markdown = text.replace(/\]\(http:\/\/127\.0\.0\.1:\d+\/[^\s()]*\)/g, ']');
    expect(
      traps.filter((trap) => active(markdown).includes(trap)),
      markdown.slice(0, 3000),
    ).toEqual([]);
  }
  for (const { text, blocks } of world.slack.messages())
    expect(`${text}${JSON.stringify(blocks)}`).not.toMatch(/<!channel|<@U1|@here/);
});
