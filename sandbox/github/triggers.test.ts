// Runs that nobody dispatched: a push that a workflow asks for, and the clock, set by hand. What GitHub would not start stays.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPO, startTestForge, type TestForge } from './test-forge.ts';
import { cronMatches } from './triggers.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
  const job =
    'jobs: { x: { runs-on: y, steps: [{ run: "echo ran for $GITHUB_EVENT_NAME at $GITHUB_REF" }] } }\n';
  await forge.commit(forge.as('admin'), 'start', {
    '.github/workflows/docs.yml': `name: docs\non: { push: { branches: ['start', 'docs/**'], paths: ['docs/**'] } }\n${job}`,
    '.github/workflows/tags.yml': `name: tags\non: { push: { tags: ['v*'] } }\n${job}`,
    '.github/workflows/ci.yml': `name: all\non: { push: { branches-ignore: [start] } }\n${job}`,
  });
  await forge.github.idle();
});
afterAll(() => forge.close());

async function runs(): Promise<string[]> {
  await forge.github.idle();
  const { data } = await forge.as('admin').actions.listWorkflowRunsForRepo({ ...REPO, event: 'push' });
  return data.workflow_runs.map(({ name, head_branch, event }) => `${event} ${name} ${head_branch}`).sort();
}
const push = async (branch: string, path: string): Promise<string[]> => {
  const client = forge.as('admin');
  const before = await runs();
  const { data: head } = await client.git.getRef({ ...REPO, ref: 'heads/start' });
  const { data: tree } = await client.git.createTree({
    ...{ ...REPO, base_tree: head.object.sha },
    tree: [{ path, content: branch, mode: '100644', type: 'blob' }],
  });
  const parents = [head.object.sha];
  const { data: made } = await client.git.createCommit({ ...REPO, message: path, tree: tree.sha, parents });
  const ref = branch.startsWith('v') ? `refs/tags/${branch}` : `refs/heads/${branch}`;
  await client.git.createRef({ ...REPO, ref, sha: head.object.sha });
  await client.git.updateRef({ ...REPO, ref: ref.slice(5), sha: made.sha });
  const after = await runs();
  for (const one of before) after.splice(after.indexOf(one), 1);
  return after;
};

describe('a push', () => {
  test('starts what asks for its branch and for a path that it changes', async () => {
    // The branch is made first, which brings every path, and then moved.
    expect(await push('docs/a', 'docs/x.md')).toEqual([
      ...['push all docs/a', 'push all docs/a', 'push docs docs/a'],
    ]);
    expect(await push('docs/b', 'app/main.txt')).toEqual(['push all docs/b', 'push all docs/b']);
    expect(await push('other', 'docs/x.md')).toEqual(['push all other', 'push all other']);
  });
  test('of a tag starts what asks for tags', async () => {
    const seen = await push('v1', 'docs/y.md');
    expect(seen).toEqual(['push tags v1', 'push tags v1']);
  });
});

test.each([
  ['7 * * * *', '2026-11-29T03:07:00Z', true],
  ['7 * * * *', '2026-11-29T03:08:00Z', false],
  ['*/15 * * * *', '2026-11-29T03:45:10Z', true],
  ['*/15 * * * *', '2026-11-29T03:46:00Z', false],
  ['0 3-5,9 * * *', '2026-11-29T04:00:00Z', true],
  ['0 3-5,9 * * *', '2026-11-29T06:00:00Z', false],
  ['0 0 * * 0', '2026-11-29T00:00:00Z', true],
  ['0 0 * * 1', '2026-11-29T00:00:00Z', false],
  ['0 0 1 * 0', '2026-11-29T00:00:00Z', true], // either day is enough
  ['0 0 1 1 *', '2026-11-01T00:00:00Z', false],
  ['nonsense', '2026-11-29T00:00:00Z', false],
])('the schedule %s at %s: %s', (cron, at, due) => expect(cronMatches(cron, new Date(at))).toBe(due));
