import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GRANTED } from './auth.ts';
import { EVENTS } from './people.ts';
import { REPO, startTestForge, type TestForge } from './test-forge.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

/** What an operator is told to tick when he registers the app, in the words of GitHub's own form. */
function told(): { permissions: string[]; events: string[] } {
  const text = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const step = /Create a GitHub App with read and write on ([^(]+)\(never[^)]*\);\s+events: ([^.]+)\./.exec(
    text,
  );
  const names = (list = '') => list.split(/,|\band\b/).map((name) => name.trim().replaceAll(' ', '_'));
  return { permissions: names(step?.[1]).toSorted(), events: names(step?.[2]).toSorted() };
}

it('grants the app what docs/operations.md tells an operator to grant, and nothing else', () => {
  const { metadata, merge_queues, ...chosen } = GRANTED; // metadata cannot be refused
  expect(metadata).toBe('read');
  // Without it the event cannot be chosen: https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
  expect(merge_queues).toBe('read');
  expect(readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')).toMatch(
    /event merge group can only be\s+chosen with read on merge queues/,
  );
  expect(Object.values(chosen)).toEqual(Object.keys(chosen).map(() => 'write'));
  expect(Object.keys(chosen).toSorted()).toEqual(told().permissions);
});

it('sends the app the events that docs/operations.md tells an operator to subscribe to', () => {
  expect(EVENTS.toSorted()).toEqual(told().events);
});

it('shows both with the installation', async () => {
  const { data } = await (await forge.octokit()).auth({ type: 'app' }).then((app) =>
    forge.request('GET /repos/{owner}/{repo}/installation', {
      ...REPO,
      headers: { authorization: `bearer ${(app as { token: string }).token}` },
    }),
  );
  expect(data.permissions).toEqual(GRANTED);
  expect(data.events).toEqual(EVENTS);
});

it('refuses a commit status to the app: nobody is told to grant it', async () => {
  const { data } = await forge.app.git.getRef({ ...REPO, ref: 'heads/main' });
  const status = { ...REPO, sha: data.object.sha, state: 'success', context: 'vigil/approval' } as const;
  await expect(forge.app.repos.createCommitStatus(status)).rejects.toMatchObject({ status: 403 });
});
