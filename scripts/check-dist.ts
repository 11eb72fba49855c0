// `npm run check:dist`: builds every bundle again and compares with what git has, byte for byte. What runs in the night
// must be what was reviewed. Must never pass a bundle that is missing, left over or not committed.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

const root = join(import.meta.dirname, '..');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
const actions = readdirSync(join(root, 'actions')).filter((name) =>
  existsSync(join(root, 'actions', name, 'action.yml')),
);
// Several actions may start the same bundle.
const mains = new Set(
  actions.map((name) => {
    const { runs } = load(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as {
      runs: { main: string };
    };
    return join('actions', name, runs.main);
  }),
);

execFileSync(process.execPath, [join(root, 'ncc.config.js')], { cwd: root, stdio: 'inherit' });
const changed = git('status', '--porcelain', '--untracked-files=all', '--', ':(glob)actions/*/dist/**');
const absent = [...mains].filter((main) => git('ls-files', '--', main) === '');
const differing = [...changed.split('\n').filter((row) => row !== ''), ...absent.map((main) => `?? ${main}`)];
for (const row of new Set(differing)) process.stdout.write(`${row}\n`);
process.stdout.write(
  differing.length === 0
    ? `${mains.size} bundles of ${actions.length} actions are reproduced exactly\n`
    : 'the bundles above are not what git has: run `npm run build` and commit actions/*/dist\n',
);
process.exitCode = differing.length === 0 && mains.size > 0 ? 0 : 1;
