// What is told at start and once a day, before an alert finds it out.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { APP, REPO, startTestForge, type TestForge } from '../../sandbox/github/test-forge.ts';
import { troublesAhead } from './foresee.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge?.close());

const ahead = () => troublesAhead({ octokit: forge.octokit, ...REPO, branch: 'main', appSlug: APP.slug });

test('a workflow that is not on the default branch is named', async () =>
  expect(await ahead()).toEqual([
    'GitHub shows no workflow remediate.yml on the default branch: no incident can be worked on without it',
    'GitHub shows no workflow watch.yml on the default branch: workspaces that are left behind stay without it',
  ]));

test('a workflow that somebody disabled is named with the cure, and is told no longer when it is enabled', async () => {
  forge.github.setDisabled('respond.yml', true);
  expect((await ahead())[0]).toBe(
    'the workflow respond.yml is disabled manually: enable it on its page under Actions, since no incident can be worked on without it',
  );
  forge.github.setDisabled('respond.yml', false);
  expect(await ahead()).toHaveLength(2);
});

test.each([
  [['merge'], /squash merging is switched off .*: approved pull requests are merged in another way/],
  [[], /allow no way of merging/],
] as const)('ways of merging that the settings allow: %j', async (methods, told) => {
  forge.github.setMergeMethods(...methods);
  expect((await ahead()).at(-1)).toMatch(told);
  forge.github.setMergeMethods('merge', 'squash');
});
