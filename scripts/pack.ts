// `npm run pack`: the command line as a package that npm can install, in dist/: the bundle, the program that starts it, and
// nothing of this checkout. Must never publish anything.
import { execFileSync } from 'node:child_process';
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The plain name is somebody else's package. */
const NAME = '@vigil-project/vigil';
const root = join(import.meta.dirname, '..');
const folder = join(root, 'dist/npm');

await rm(folder, { recursive: true, force: true });
execFileSync(process.execPath, [join(root, 'ncc.config.js'), 'cli'], { stdio: 'inherit' });
for (const name of ['vigil.js', 'README.md']) await cp(join(root, 'deploy/npm', name), join(folder, name));
await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'));
const { version, description, license, type, optionalDependencies } = JSON.parse(
  await readFile(join(root, 'package.json'), 'utf8'),
);
const about = {
  ...{
    name: NAME,
    version,
    description,
    license,
    type,
    bin: { vigil: 'vigil.js' },
    engines: { node: '>=20' },
  },
  // The Node that it runs on, where the machine has an older one.
  optionalDependencies,
};
await writeFile(join(folder, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', join(root, 'dist')], {
  ...{ cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
});
const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
const { size } = await stat(join(root, 'dist', filename));
process.stdout.write(`dist/${filename}: ${Math.round(size / 1024)} kB\n`);
