// Every example of a webhook that GitHub has published, signed and delivered to the real app. All of them are of other
// repositories, of which an app hears that is installed on more than one: each is to be answered, and to have no effect.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { APP } from '../sandbox/github/test-forge.ts';
import { headersOf } from '../sandbox/github/webhooks.ts';
import { type GitHubDoor, github } from './support/outside.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from './support/quick-world.ts';

type Example = { event: string; id: string; body: string };
const published = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
const examples = (
  JSON.parse(readFileSync(published, 'utf8')) as { name: string; examples: object[] }[]
).flatMap(({ name, examples: all }) =>
  all.map((one, index): Example => {
    const action = 'action' in one ? `.${one.action}` : '';
    return { event: name, id: `${name}${action} (${index})`, body: JSON.stringify(one) };
  }),
);

let world: QuickWorld;
let app: Awaited<ReturnType<typeof startQuickApp>>;
let door: GitHubDoor;
beforeAll(async () => {
  world = await startQuickWorld();
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '3600' });
  world.github.setWebhookUrls([]); // nobody but this test delivers
  door = { api: world.github.api, owner: 'acme', repo: 'production', token: world.people['riley'] ?? '' };
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});
const ask = <T>(method: string, path: string, body?: object) =>
  github<T>(door, path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });

/** An issue 1 and a pull request 2 of the app's own repository: the numbers that the examples name. */
async function ownNumbers(): Promise<void> {
  await ask('POST', '/issues', { title: 'Spelling error in the README file' });
  const main = await ask<{ object: { sha: string } }>('GET', '/git/ref/heads/main');
  const parent = main.object.sha;
  const file = { path: 'remediations/note.txt', mode: '100644', type: 'blob', content: 'a note' };
  const tree = await ask<{ sha: string }>('POST', '/git/trees', { base_tree: parent, tree: [file] });
  const commit = { message: 'Leave a note', tree: tree.sha, parents: [parent] };
  const { sha } = await ask<{ sha: string }>('POST', '/git/commits', commit);
  await ask('POST', '/git/refs', { ref: 'refs/heads/changes', sha });
  const pull = await ask<{ number: number }>('POST', '/pulls', {
    title: 'Note',
    head: 'changes',
    base: 'main',
  });
  expect(pull.number).toBe(2);
}

/** Delivers as GitHub would; gives the answer, and what the app asked of GitHub until it answered. */
async function deliver({ event, body }: Example) {
  const before = world.github.calls.length;
  const headers = headersOf(
    { app: APP, webhook: { secret: world.secrets.webhook } },
    { event, guid: randomUUID(), body },
  );
  const answer = await fetch(`${world.app()}/api/github/webhooks`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return { status: answer.status, calls: world.github.calls.slice(before) };
}

const standing = async () => ({
  issues: await ask('GET', '/issues?state=all'),
  said: await Promise.all([1, 2].map((number) => ask('GET', `/issues/${number}/comments`))),
  branches: await ask('GET', '/git/matching-refs/heads/'),
});

test('GitHub’s published examples, which are of other repositories, are answered and have no effect', async () => {
  await ownNumbers();
  const before = await standing();
  const seen = [];
  for (const example of examples) seen.push({ ...example, ...(await deliver(example)) });

  expect(seen).toHaveLength(329);
  expect(seen.filter(({ status }) => status < 200 || status > 299).map(({ id }) => id)).toEqual([]);
  expect((await fetch(`${world.app()}/health`)).status).toBe(200);
  expect(await standing()).toEqual(before);

  expect(seen.filter(({ calls }) => calls.length > 0).map(({ id }) => id)).toEqual([]);
  expect(world.github.violations).toEqual([]);
}, 120_000);

test('an example that is not signed, or signed with another secret, is refused', async () => {
  const [example] = examples;
  if (!example) throw new Error('there are no examples');
  const guid = randomUUID();
  const signed = headersOf(
    { app: APP, webhook: { secret: 'another secret of others' } },
    { ...example, guid },
  );
  const { 'X-Hub-Signature-256': _, ...unsigned } = signed;
  for (const headers of [signed, unsigned]) {
    const answer = await fetch(`${world.app()}/api/github/webhooks`, {
      ...{ method: 'POST', headers, body: example.body },
    });
    expect(answer.status).toBe(400);
  }
});
