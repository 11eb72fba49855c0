// The project's own files, as git knows them, for tests that look at the whole tree. It must never show a file that git
// ignores: what is not part of the project keeps no rules.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export type ProjectFile = { path: string; text: string };

/** Paths of all files, tracked or new. */
export function projectPaths(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
  if (paths.length === 0) throw new Error('git lists no file of this project');
  return paths.sort();
}

/** TypeScript and JavaScript that people write: no bundles. */
export function sourceFiles(): ProjectFile[] {
  return projectPaths()
    .filter((path) => /\.(ts|js|mjs|cjs)$/.test(path) && !/(^|\/)dist\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Files that only tests use: beside the code, or anywhere below test/. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('test/');
}
