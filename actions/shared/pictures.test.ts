// What a job leaves for the step that keeps pictures: files for nobody else to read, and what the ledger may know of them.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handPictures } from './pictures.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pictures-test-'));
  await writeFile(join(dir, 'output'), '');
  const told = {
    GITHUB_RUN_ID: '7',
    GITHUB_REPOSITORY: 'acme/production',
    GITHUB_SERVER_URL: 'http://127.0.0.1',
  };
  for (const [name, value] of Object.entries({
    ...told,
    RUNNER_TEMP: dir,
    GITHUB_OUTPUT: join(dir, 'output'),
  }))
    vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});
const run = { id: 7, url: 'http://127.0.0.1/acme/production/actions/runs/7' };
const picture = (check: string) => ({
  check,
  at: Date.UTC(2026, 10, 3),
  outcome: 'fail' as const,
  jpeg: Buffer.from('pixels'),
});

test('they lie in one folder, which the next step is told of', async () => {
  const kept = await handPictures({ run }, { taken: ['a', 'b', 'c', 'd', 'e'].map(picture) });
  const folder = join(dir, 'vigil-pictures');
  const files = (await readdir(folder)).toSorted();
  expect(files).toEqual(['a', 'b', 'c', 'd'].map((name) => `${name}-fail-2026-11-03T00-00-00-000Z.jpg`));
  expect((await stat(join(folder, files[0] ?? ''))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(dir, 'output'), 'utf8')).toContain(folder);
  const of = ['a', 'b', 'c', 'd'].map((check) => ({ check, at: Date.UTC(2026, 10, 3), outcome: 'fail' }));
  expect(kept).toEqual({ pictures: { run, of } });
  expect(JSON.stringify(kept)).not.toContain('pixels');
});

test('without one, nothing is said of any', async () => {
  expect(await handPictures({ run }, {})).toEqual({});
  expect(await readFile(join(dir, 'output'), 'utf8')).toBe('');
});

test('one that cannot be kept ends no job, and is not spoken of', async () => {
  await writeFile(join(dir, 'vigil-pictures'), '');
  expect(await handPictures({ run }, { taken: [picture('a')] })).toEqual({});
  expect(await readFile(join(dir, 'output'), 'utf8')).toBe('');
});
