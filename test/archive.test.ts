// What a job downloads: the archive of the whole repository at its commit, seven times an incident. It holds the bundles as
// they lie here, and little else.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './support/files.ts';

const MOST = 4 * 1024 * 1024;
let dir = '';
let tar: Buffer;
const git = (...args: string[]): Buffer =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
    cwd: dir,
    maxBuffer: 1e9,
  });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'archive-'));
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
  });
  const bundles = readdirSync(join(root, 'actions')).map((name) => `actions/${name}/dist`);
  for (const path of new Set([...listed.toString().split('\0'), ...bundles])) {
    if (path === '' || !existsSync(join(root, path))) continue;
    mkdirSync(join(dir, path, '..'), { recursive: true });
    cpSync(join(root, path), join(dir, path), { recursive: true });
  }
  git('init', '--quiet');
  git('add', '--all', '--force');
  git('commit', '--quiet', '--message', 'As it lies here');
  tar = git('archive', 'HEAD');
}, 120_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test(`is at most ${MOST / 1024 / 1024} MB packed`, () => {
  const packed = gzipSync(tar).byteLength;
  process.stdout.write(`the archive has ${packed} bytes packed, ${tar.byteLength} unpacked\n`);
  expect(packed).toBeLessThanOrEqual(MOST);
});

/** Where the action's code lies, from the root of the repository. */
function mainOf(name: string): string {
  const { runs } = load(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as {
    runs: { main: string };
  };
  return join('actions', name, runs.main);
}

test('holds each action whole, and nothing that a job does not start', () => {
  const paths = execFileSync('tar', ['-t'], { input: tar }).toString().trim().split('\n');
  const files = paths.filter((path) => !path.endsWith('/'));
  const actions = readdirSync(join(root, 'actions')).filter((name) =>
    existsSync(join(root, 'actions', name, 'action.yml')),
  );
  for (const name of actions)
    expect(files).toEqual(expect.arrayContaining([`actions/${name}/action.yml`, mainOf(name)]));
  const other = files.filter(
    (path) => !/^actions\/[a-z]+\/(action\.yml|dist\/[\w.-]+)$/.test(path) && path !== 'LICENSE',
  );
  expect(other).toEqual([]);
});
