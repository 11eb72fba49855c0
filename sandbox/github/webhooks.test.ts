import { Hono } from 'hono';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { signedBy } from '../../app/webhooks/http.ts';
import { type Listening, listen } from '../listen.ts';
import { REPO, SECRET, startTestForge, type TestForge } from './test-forge.ts';

type Heard = {
  to: string;
  event: string;
  headers: Record<string, string>;
  payload: {
    action?: string;
    sender: { login: string };
    installation: { id: number };
    [key: string]: unknown;
  };
};
let forge: TestForge;
let heard: Heard[];
const receivers: Listening[] = [];

/** A receiver that believes signed deliveries only, and answers none before `ready`. */
async function receiver(name: string, ready: Promise<void> = Promise.resolve()): Promise<string> {
  const site = new Hono();
  site.post('/', async (c) => {
    await ready;
    const body = await c.req.text();
    const signature = c.req.header('x-hub-signature-256')?.replace('sha256=', '') ?? '';
    if (!signedBy(Buffer.from(body), [SECRET], [signature])) return c.text('forged', 400);
    const headers = c.req.header();
    heard.push({ to: name, event: headers['x-github-event'] ?? '', headers, payload: JSON.parse(body) });
    return c.text('ok');
  });
  const listening = await listen(site);
  receivers.push(listening);
  return `${listening.url}/`;
}

beforeEach(async () => {
  heard = [];
  forge = await startTestForge();
});
afterEach(async () => {
  await forge.close();
  for (const one of receivers.splice(0)) await one.close();
});
const told = () => heard.map(({ event, payload }) => (payload.action ? `${event}.${payload.action}` : event));

it('tells everything that happens to an issue and a pull request, signed and in order', async () => {
  const { promise: ready, resolve: answer } = Promise.withResolvers<void>();
  forge.github.setWebhookUrls([await receiver('app', ready)]);
  const issue = await forge.as('olga').issues.create({ ...REPO, title: 'Broken', labels: ['sev1'] });
  await forge
    .as('olga')
    .issues.createComment({ ...REPO, issue_number: issue.data.number, body: '/vigil hold' });
  answer(); // the first deliveries have waited for each other
  const head = await forge.commit(forge.app, 'fix', { fix: '1' });
  const pull = await forge.app.pulls.create({ ...REPO, title: 'Fix', head: 'fix', base: 'main' });
  const at = { ...REPO, pull_number: pull.data.number };
  await forge.app.checks.create({ ...REPO, name: 'vigil/approval', head_sha: head, conclusion: 'success' });
  await forge.as('olga').pulls.createReview({ ...at, event: 'APPROVE' });
  await forge.app.pulls.merge({ ...at, merge_method: 'squash' });
  await forge.app.issues.update({ ...REPO, issue_number: issue.data.number, state: 'closed' });
  await forge.github.idle();
  expect(told()).toEqual([
    ...['issues.opened', 'issues.labeled', 'issue_comment.created', 'push', 'pull_request.opened'],
    ...['check_run.created', 'check_run.completed', 'pull_request_review.submitted'],
    ...['pull_request.closed', 'push', 'issues.closed'],
  ]);
  expect(heard[2]?.payload).toMatchObject({
    sender: { login: 'olga' },
    installation: { id: 42 },
    repository: { full_name: 'acme/production' },
    comment: { body: '/vigil hold' },
  });
  expect(heard[7]?.payload).toMatchObject({ review: { state: 'approved', commit_id: head } });
  expect(heard[8]?.payload).toMatchObject({
    sender: { login: 'vigil[bot]' },
    pull_request: { merged: true },
  });
  expect(heard[9]?.payload).toMatchObject({ ref: 'refs/heads/main', commits: [{ added: ['fix'] }] });
});

it('tells of a push by git to the branch of a pull request', async () => {
  await forge.commit(forge.app, 'fix', { fix: '1' });
  await forge.app.pulls.create({ ...REPO, title: 'Fix', head: 'fix', base: 'main' });
  forge.github.setWebhookUrls([await receiver('app')]);
  const git = await forge.clone('otto');
  await git.checkout('fix');
  await git.commit('Nothing new', ['--allow-empty']);
  await git.push('origin', 'fix');
  await forge.github.idle();
  expect(told()).toEqual(['push', 'pull_request.synchronize']);
  const after = (await git.revparse(['HEAD'])).trim();
  expect(heard[1]?.payload).toMatchObject({
    after,
    sender: { login: 'otto' },
    pull_request: { head: { sha: after } },
  });
});

it('says in the headers what it is, whose hook it is and by whom it is signed', async () => {
  forge.github.setWebhookUrls([await receiver('app')]);
  await forge.app.issues.create({ ...REPO, title: 'Broken' });
  await forge.github.idle();
  expect(heard[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    'x-github-event': 'issues',
    'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-github-hook-id': expect.stringMatching(/^\d+$/),
    'x-github-hook-installation-target-id': '7',
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': expect.stringMatching(/^sha1=[0-9a-f]{40}$/),
  });
});

it('gives each event to one replica in turn, and none again when a replica is gone', async () => {
  const first = await receiver('first');
  const second = await receiver('second');
  forge.github.setWebhookUrls([first, second]);
  for (const title of ['1', '2', '3', '4']) await forge.app.issues.create({ ...REPO, title });
  await forge.github.idle();
  expect(heard.filter(({ to }) => to === 'first')).toHaveLength(2);
  expect(heard.filter(({ to }) => to === 'second')).toHaveLength(2);
  await receivers[0]?.close();
  for (const title of ['5', '6']) await forge.app.issues.create({ ...REPO, title });
  await forge.github.idle();
  expect(heard).toHaveLength(5);
});
