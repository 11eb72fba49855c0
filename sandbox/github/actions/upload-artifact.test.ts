// The stand-in for actions/upload-artifact, in workflows as Vigil's are: what it keeps, for how long, and what it refuses as GitHub's does.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, ends, logOf, type World, workflow } from './host-double.ts';
import { UPLOAD } from './node-action.ts';

let world: World;
let runs = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
const upload = (given: string, more = ''): string =>
  `      - { id: up, uses: ${UPLOAD}, ${more}with: { ${given} } }\n`;
async function played(...steps: string[]) {
  await world.commit(
    workflow(
      `  a:\n    runs-on: x\n    permissions: {}\n    steps:\n      - { run: 'mkdir -p "$RUNNER_TEMP/p" && echo red > "$RUNNER_TEMP/p/home.jpg" && touch "$RUNNER_TEMP/p/.hidden"' }\n${steps.join('')}`,
    ),
  );
  runs += 1;
  const run = await world.run({ id: runs });
  const folder = join(world.artifacts, String(run.id));
  return { run, log: logOf(run), folder, kept: await readdir(folder).catch(() => []) };
}
const P = "path: '${{ runner.temp }}/p'";

test('keeps the files of a run for as many days as were asked, says that it is none of GitHub, and needs no permission', async () => {
  const after = '      - { run: \'echo "it is ${{ steps.up.outputs.artifact-url }}"\' }\n';
  const { run, log, folder, kept } = await played(upload(`name: red, ${P}, retention-days: 7`), after);
  expect(ends(run)).toMatchObject({ a: 'success' });
  expect(log).toContain(
    "This is the sandbox's stand-in for actions/upload-artifact: nothing leaves this machine.",
  );
  expect(log).toMatch(/it is http.*\/actions\/runs\/\d+\/artifacts\/1/);
  expect(kept.toSorted()).toEqual(['red', 'red.json']);
  expect(await readFile(join(folder, 'red', 'home.jpg'), 'utf8')).toBe('red\n');
  expect(JSON.parse(await readFile(join(folder, 'red.json'), 'utf8'))).toEqual({
    name: 'red',
    files: ['home.jpg'],
    days: 7,
  });
});

test.each([
  [
    'a name that is there',
    upload(`name: red, ${P}`) + upload(`name: red, ${P}`).replace('id: up, ', ''),
    '(409) Conflict',
  ],
  ['a name with a slash', upload(`name: a/b, ${P}`), 'The artifact name is not valid: a/b'],
  ['more days than there are', upload(`name: red, ${P}, retention-days: 91`), 'Invalid retention-days: 91'],
  [
    'nothing, where that is an error',
    upload('name: red, path: /nonexistent/p, if-no-files-found: error'),
    'No files were found',
  ],
  ['what is not rebuilt', upload(`name: red, ${P}, archive: false`), 'archive is not rebuilt in the sandbox'],
])('refuses %s', async (_, steps, reason) => {
  const { run, log } = await played(steps);
  expect(ends(run)).toMatchObject({ a: 'failure' });
  expect(log).toContain(reason);
});

test('is not a reason for a job to fail that forgives it', async () => {
  const { run } = await played(upload('name: a/b, path: p', 'continue-on-error: true, '));
  expect(ends(run)).toMatchObject({ a: 'success' });
});

test('stands in at this one commit, and at no other', async () => {
  const { run, log } = await played(upload(`name: red, ${P}`).replace(UPLOAD, 'actions/upload-artifact@v7'));
  expect(ends(run)).toMatchObject({ workflow: 'failure' });
  expect(log).toContain('actions/upload-artifact@v7 (only $/folder/of/an/action)');
});
