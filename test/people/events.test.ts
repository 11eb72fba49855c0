// What people, bots and a merge queue do to pull requests and issues, through the front door: each has a meaning and an answer,
// nobody but a person with write access ends anything, and what came while the app was away is found.
// Over 250 lines: the stories share one world.
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { APP } from '../../sandbox/github/test-forge.ts';
import { TITLE } from '../support/endings.ts';
import { eventually } from '../support/outside.ts';
import { playRespond } from '../support/quick-jobs.ts';
import { type Alert, as, incidentThat, ring, settled } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld('shop-bad-flag', undefined, 60_000);
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '2' });
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

type Comment = { id: number; body: string; user: { login: string }; reactions: { eyes: number } };
const comments = (number: number) => as<Comment[]>(world, 'riley', `/issues/${number}/comments?per_page=100`);
const hears = (number: number, words: RegExp) =>
  eventually(
    `${words} on #${number}`,
    async () =>
      (await comments(number)).filter(({ body, user }) => user.login === 'vigil[bot]' && words.test(body))
        .length,
    60_000,
  );
const stateOf = async (path: string) => (await as<{ state: string }>(world, 'riley', path)).state;
const say = (login: string, number: number, body: string) =>
  as<Comment>(world, login, `/issues/${number}/comments`, 'POST', { body });

type Check = { conclusion: string; output: { title: string; summary: string } };
const checks = async (sha: string) =>
  (
    await as<{ check_runs: Check[] }>(
      world,
      'riley',
      `/commits/${sha}/check-runs?check_name=vigil%2Fapproval`,
    )
  ).check_runs;
const checkOf = (sha: string) =>
  eventually(`a check of ${sha.slice(0, 7)}`, async () => (await checks(sha))[0], 60_000);

/** A branch of somebody's with one file more, by the API. */
async function branch(login: string, name: string, path: string, content = 'x\n'): Promise<string> {
  const send = <T>(to: string, body: object) => as<T>(world, login, to, 'POST', body);
  const main = await as<{ object: { sha: string } }>(world, login, '/git/ref/heads/main');
  const base = main.object.sha;
  const tree = await send<{ sha: string }>('/git/trees', {
    base_tree: base,
    tree: [{ path, mode: '100644', type: 'blob', content }],
  });
  const made = await send<{ sha: string }>('/git/commits', {
    message: name,
    tree: tree.sha,
    parents: [base],
  });
  await send('/git/refs', { ref: `refs/heads/${name}`, sha: made.sha });
  return made.sha;
}
const open = (login: string, head: string, base = 'main') =>
  as<{ number: number }>(world, login, '/pulls', 'POST', { title: head, head, base });

/** A token of the app itself, as GitHub mints one. */
async function installation(): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iat: now - 5, exp: now + 300, iss: String(APP.id) };
  const jwt = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256' })
    .sign(createPrivateKey(APP.privateKey));
  const answer = await fetch(`${world.github.api}/app/installations/${APP.installationId}/access_tokens`, {
    method: 'POST',
    headers: { authorization: `bearer ${jwt}` },
  });
  return ((await answer.json()) as { token: string }).token;
}

async function proposed(): Promise<{ alert: Alert; number: number; head: string; issue: number }> {
  const alert = await ring(world, TITLE);
  await playRespond(world, alert.key);
  const seen = await that(
    alert,
    'is under review',
    ({ effects }) => effects.get('issue.propose#1')?.status === 'done',
  );
  const { number = 0, head = '' } = latestOf(seen, 'pull.opened') ?? {};
  return { alert, number, head, issue: seen.issue?.number ?? 0 };
}
const that = (alert: Alert, what: string, holds: (incident: Incident) => boolean) =>
  incidentThat(world, alert.key, what, holds);

describe.concurrent('on the pull request', () => {
  test('a reader’s approval and “LGTM” count for nothing: the check says why, and each is told once', async () => {
    const { number, head } = await proposed();
    await as(world, 'robin', `/pulls/${number}/reviews`, 'POST', { event: 'APPROVE' });
    await hears(number, /^@robin: your word .* has no effect, since .*permission read/);
    expect((await checkOf(head)).output.summary).toContain(
      '✗ by someone who may write: @robin has permission read',
    );
    await say('robin', number, 'LGTM');
    await say('riley', number, 'lgtm 👍');
    await hears(number, /^@riley: your word .*a comment does not approve/);
    await as(world, 'robin', `/pulls/${number}/reviews`, 'POST', { event: 'APPROVE' });
    await as(world, 'review-bot[bot]', `/pulls/${number}/reviews`, 'POST', { event: 'APPROVE' });
    await hears(number, /review-bot\[bot\]`: your word .*is a bot/);
    expect((await comments(number)).filter(({ body }) => body.includes('@robin: your word'))).toHaveLength(1);
    expect((await checks(head)).map(({ conclusion }) => conclusion)).toEqual(['action_required']);
  });

  test('a bot that closes it ends nothing: it is open again, and says so', async () => {
    const { alert, number } = await proposed();
    await as(world, 'review-bot[bot]', `/pulls/${number}`, 'PATCH', { state: 'closed' });
    await hears(number, /`review-bot\[bot\]` closed this, but only a person with write access rejects/);
    expect(await stateOf(`/pulls/${number}`)).toBe('open');
    await as(world, 'riley', `/pulls/${number}/reviews`, 'POST', { event: 'APPROVE' });
    await that(alert, 'is merged', (seen) => latestOf(seen, 'pull.merged') !== null);
  });

  test('closed by a person it is rejected; opened again it is closed, with the reason and the way on', async () => {
    const { alert, number, issue } = await proposed();
    await as(world, 'sam', `/pulls/${number}`, 'PATCH', { state: 'closed' });
    const seen = await settled(world, alert.key);
    expect(seen.stage).toBe('ESCALATED');
    await hears(
      number,
      /^Closed: The pull request was closed before anything ran\.[\s\S]*`\/vigil retry` on #/,
    );
    await as(world, 'sam', `/pulls/${number}`, 'PATCH', { state: 'open' });
    await hears(number, /^Opening this again brings nothing back, so it is closed\..*`\/vigil retry` on #/);
    await eventually('it is closed', async () => (await stateOf(`/pulls/${number}`)) === 'closed', 60_000);
    await say('sam', issue, '/vigil hold');
    await hears(issue, /^That cannot be done now: it is over, so there is nothing to hold/);
  });
});

describe.concurrent('on the issue', () => {
  test('closing it while the incident goes on decides nothing: it is open again, and says how to end it', async () => {
    const { alert, issue } = await proposed();
    await as(world, 'sam', `/issues/${issue}`, 'PATCH', { state: 'closed' });
    await hears(
      issue,
      /\n@sam closed this issue while the incident was going on, so it was opened again\..*`\/vigil reject`.*`\/vigil hold`/,
    );
    await eventually('it is open', async () => (await stateOf(`/issues/${issue}`)) === 'open', 60_000);
    await say('sam', issue, '/vigil reject by hand');
    await settled(world, alert.key);
    expect(await stateOf(`/issues/${issue}`)).toBe('open');
    // Handed to people, it is theirs: what they close stays closed.
    await as(world, 'sam', `/issues/${issue}`, 'PATCH', { state: 'closed' });
    await say('sam', issue, '/vigil hold all a release');
    await that(alert, 'told of it', ({ effects, records }) => {
      const held = records.findLast(({ type }) => type === 'hold.set')?.seq;
      return held !== undefined && effects.get(`issue.tell#1.${held}`)?.status === 'done';
    });
    await say('sam', issue, '/vigil release all');
    expect(await stateOf(`/issues/${issue}`)).toBe('closed');
  });

  test('a command gets a sign, a near miss an answer, and what is quoted none', async () => {
    const { alert, issue } = await proposed();
    for (const near of ['/Vigil hold', '@vigil hold', 'Thanks!\n/vigil hold'])
      await say('riley', issue, near);
    await say('riley', issue, '> /vigil hold\n\nwhat does that do?');
    await say('robin', issue, '@vigil hold');
    await eventually(
      'three answers',
      async () =>
        (await comments(issue)).filter(({ body }) =>
          body.startsWith('Nothing was done. A command is heard when `/vigil hold`'),
        ).length === 3,
      60_000,
    );
    const { id } = await say('riley', issue, '/vigil hold');
    await eventually(
      'a sign',
      async () => (await comments(issue)).find((one) => one.id === id)?.reactions.eyes === 1,
      60_000,
    );
    const seen = await that(alert, 'is held', ({ records }) =>
      records.some(({ type }) => type === 'hold.set'),
    );
    expect(seen.records.filter(({ type }) => type === 'hold.set')).toHaveLength(1);
    await say('riley', issue, '/vigil release');
  });
});

describe.concurrent('other people’s pull requests', () => {
  test('a branch that is named like Vigil’s is judged like any other', async () => {
    const head = await branch('riley', 'vigil/pd-abcde12345678/1', 'app/named.txt');
    await open('riley', 'vigil/pd-abcde12345678/1');
    expect(await checkOf(head)).toMatchObject({
      conclusion: 'success',
      output: { title: 'Not a remediation' },
    });
    const bad = await branch('riley', 'vigil/pd-abcde12345679/1', 'remediations/pd-abcde12345679/fix.sh');
    await open('riley', 'vigil/pd-abcde12345679/1');
    expect(await checkOf(bad)).toMatchObject({ conclusion: 'failure' });
  });

  test('what Vigil opens for its runbooks is judged like any other', async () => {
    const token = await installation();
    const name = 'vigil/runbook-x';
    const head = await branch('riley', name, 'runbooks/more.md');
    const answer = await fetch(`${world.github.api}/repos/acme/production/pulls`, {
      method: 'POST',
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title: name, head: name, base: 'main' }),
    });
    expect(answer.status).toBe(201);
    expect(await checkOf(head)).toMatchObject({ conclusion: 'success' });
  });

  test('a remediation that is offered to another branch, where it changes nothing, passes no check', async () => {
    const head = await branch('riley', 'sly', 'remediations/pd-sly/fix.sh');
    await as(world, 'riley', '/git/refs', 'POST', { ref: 'refs/heads/other', sha: head });
    await branch('riley', 'sly-2', 'remediations/pd-sly/fix.sh');
    const tree = await as<{ tree: { sha: string } }>(world, 'riley', `/git/commits/${head}`);
    const more = await as<{ sha: string }>(world, 'riley', '/git/commits', 'POST', {
      message: 'More',
      tree: tree.tree.sha,
      parents: [head],
    });
    await as(world, 'riley', '/git/refs', 'POST', { ref: 'refs/heads/sly-3', sha: more.sha });
    await open('riley', 'sly-3', 'other');
    expect(await checkOf(more.sha)).toMatchObject({ conclusion: 'failure' });
  });

  test('a merge queue’s group gets its check: success, but not with a remediation that nobody approved', async () => {
    await branch('riley', 'queued', 'app/queued.txt');
    const fine = await open('riley', 'queued');
    const group = await world.github.queue([fine.number], 'riley');
    expect(await checkOf(group.head_sha)).toMatchObject({ conclusion: 'success' });
    const { number } = await proposed();
    const mixed = await world.github.queue([fine.number, number], 'riley');
    expect(await checkOf(mixed.head_sha)).toMatchObject({
      conclusion: 'failure',
      output: { title: 'The group holds a remediation that nobody approved' },
    });
  });
});

test('what came while the app was away is found at its start: a pull request, a group, a closed issue, one opened again, reviews', async () => {
  const [ended, going, reviewed] = await Promise.all([proposed(), proposed(), proposed()]);
  await as(world, 'sam', `/pulls/${ended.number}`, 'PATCH', { state: 'closed' });
  await settled(world, ended.alert.key);
  await app.close();
  const head = await branch('riley', 'missed', 'app/missed.txt');
  const { number } = await open('riley', 'missed');
  const group = await world.github.queue([number], 'riley');
  await as(world, 'sam', `/issues/${going.issue}`, 'PATCH', { state: 'closed' });
  await as(world, 'sam', `/pulls/${ended.number}`, 'PATCH', { state: 'open' });
  const review = (event: string) =>
    as(world, 'riley', `/pulls/${reviewed.number}/reviews`, 'POST', { event, body: 'Hm.' });
  await review('REQUEST_CHANGES');
  await review('APPROVE');
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '2' });
  expect(await checkOf(head)).toMatchObject({ conclusion: 'success' });
  expect(await checkOf(group.head_sha)).toMatchObject({ conclusion: 'success' });
  // Whoever takes an objection back by approving objects no more.
  await that(reviewed.alert, 'is merged', (seen) => latestOf(seen, 'pull.merged') !== null);
  await hears(ended.number, /^Opening this again brings nothing back/);
  await hears(going.issue, /\n@sam closed this issue/);
  await eventually('it is open', async () => (await stateOf(`/issues/${going.issue}`)) === 'open', 60_000);
});
