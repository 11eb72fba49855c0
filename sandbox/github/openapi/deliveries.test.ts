import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../listen.ts';
import { REPO, startTestForge, type TestForge } from '../test-forge.ts';
import { deliveryFault, EVENTS } from './deliveries.ts';

type Heard = { name: string; payload: { [key: string]: unknown } };
let forge: TestForge;
let hook: Listening;
let heard: Heard[];

beforeEach(async () => {
  heard = [];
  const site = new Hono().post('/', async (c) => {
    const payload = (await c.req.json()) as Heard['payload'];
    const { action } = payload;
    const event = c.req.header('x-github-event') ?? '';
    heard.push({ name: (action ? `${event}-${action}` : event).replaceAll('_', '-'), payload });
    return c.text('heard');
  });
  hook = await listen(site);
  forge = await startTestForge();
  forge.github.setWebhookUrls([`${hook.url}/`]);
});
afterEach(async () => {
  await forge.close();
  await hook.close();
});

/** Everything that the sandbox tells of, once. */
async function live(): Promise<void> {
  const { app, commit } = forge;
  const olga = forge.as('olga');
  const made = await olga.issues.create({ ...REPO, title: 'Broken', labels: ['sev1'], body: 'It is.' });
  const on = { ...REPO, issue_number: made.data.number };
  const said = await olga.issues.createComment({ ...on, body: '/vigil hold' });
  await olga.issues.updateComment({ ...REPO, comment_id: said.data.id, body: '/vigil resume' });
  await olga.issues.update({ ...on, title: 'Mended', labels: ['sev2'], state: 'closed' });
  await olga.issues.update({ ...on, state: 'open' });

  const head = await commit(app, 'fix', { fix: '1' });
  const pull = await app.pulls.create({ ...REPO, title: 'Fix', head: 'fix', base: 'main' });
  const at = { ...REPO, pull_number: pull.data.number };
  await app.pulls.update({ ...at, title: 'Fix it', body: 'Now.' });
  for (const draft of [true, false]) await forge.github.setDraft('olga', pull.data.number, draft);
  await app.pulls.update({ ...at, state: 'closed' });
  await app.pulls.update({ ...at, state: 'open' });
  await app.issues.createComment({ ...REPO, issue_number: pull.data.number, body: 'Look.' });
  await olga.pulls.createReview({ ...at, event: 'REQUEST_CHANGES', body: 'No.' });
  await olga.pulls.createReview({ ...at, event: 'APPROVE' });
  const git = await forge.clone('otto');
  await git.checkout('fix');
  await git.raw('rm', '--quiet', 'app/main.txt');
  await git.commit('Take a file away');
  await git.push('origin', 'fix');
  await git.addTag('v1');
  await git.pushTags('origin');
  await app.git.deleteRef({ ...REPO, ref: 'tags/v1' });

  const check = await app.checks.create({ ...REPO, name: 'vigil/approval', head_sha: head });
  await app.checks.update({ ...REPO, check_run_id: check.data.id, conclusion: 'success' });
  await forge.github.queue([pull.data.number], 'olga');
  const inputs = { incident: 'one' };
  await app.actions.createWorkflowDispatch({ ...REPO, workflow_id: 'respond.yml', ref: 'main', inputs });
  await forge.github.idle();
}

describe('deliveries', () => {
  it('are what GitHub’s description of each event says, and each event described is sent', async () => {
    await live();
    expect(forge.github.violations).toEqual([]);
    expect([...new Set(heard.map(({ name }) => name))].toSorted()).toEqual(EVENTS.toSorted());
  }, 60_000);

  it('are a fault of the sandbox when a field is lacking, has the wrong type or the wrong format', async () => {
    await live();
    const push = heard.find(({ name }) => name === 'push')?.payload ?? {};
    expect(deliveryFault('push', null, push)).toBeUndefined();
    const { compare: _, ...lacking } = push;
    expect(deliveryFault('push', null, lacking)).toContain("must have required property 'compare'");
    expect(deliveryFault('push', null, { ...push, forced: 'no' })).toContain('/forced must be boolean');
    const pusher = { name: 'olga', email: 'olga at home' };
    expect(deliveryFault('push', null, { ...push, pusher })).toContain('must match format "email"');
  }, 60_000);

  it('are a fault of the sandbox when nobody described their event', () => {
    expect(deliveryFault('issues', 'pondered', {})).toContain('the event issues-pondered is not in webhooks');
    expect(deliveryFault('toString', null, {})).toContain('is not in webhooks');
  });
});
