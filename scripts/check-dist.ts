// `npm run check:dist`: builds every bundle again and compares with what git has, byte for byte. What runs in the night
// must be what was reviewed. Must never pass a bundle that is missing, left over or not committed.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
const folders = readdirSync(join(root, 'actions'))
  .filter((name) => existsSync(join(root, 'actions', name, 'action.yml')))
  .map((name) => `actions/${name}/dist`);

execFileSync(process.execPath, [join(root, 'ncc.config.js')], { cwd: root, stdio: 'inherit' });
const changed = git('status', '--porcelain', '--untracked-files=all', '--', ':(glob)actions/*/dist/**');
const absent = folders.filter((folder) => git('ls-files', '--', `${folder}/index.js`) === '');
const differing = [
  ...changed.split('\n').filter((row) => row !== ''),
  ...absent.map((folder) => `?? ${folder}/index.js`),
];
for (const row of new Set(differing)) process.stdout.write(`${row}\n`);
process.stdout.write(
  differing.length === 0
    ? `${folders.length} bundles are reproduced exactly\n`
    : 'the bundles above are not what git has: run `npm run build` and commit actions/*/dist\n',
);
process.exitCode = differing.length === 0 && folders.length > 0 ? 0 : 1;
