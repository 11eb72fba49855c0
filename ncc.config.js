// Builds every actions/*/index.ts into actions/<name>/dist, the app into dist/app and the command line into dist/npm/lib. ncc
// itself reads no configuration file: this is a script over its API. TypeScript is stripped by tsc first (types are `npm run types`' work), so that not every
// bundle checks the same program again. Output is byte-identical wherever it is built; CI compares it.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ncc from '@vercel/ncc';

const root = import.meta.dirname;
const build = join(root, '.build');
const wanted = process.argv.slice(2);
const actions = (await readdir(join(root, 'actions'))).filter((name) =>
  existsSync(join(root, 'actions', name, 'action.yml')),
);
// The four that look at a service share the bundle of verify: apart, they would be a third of what each job downloads.
const looking = ['load', 'measure', 'rehearse', 'verify'];
const entryOf = (name) => (looking.includes(name) ? 'actions/looks/index.js' : `actions/${name}/index.js`);
const bundles = [
  ...actions
    .filter((name) => name === 'verify' || !looking.includes(name))
    .sort()
    .map((name) => ({ name, entry: entryOf(name), out: join(root, 'actions', name, 'dist') })),
  { name: 'app', entry: 'app/server.js', out: join(root, 'dist', 'app') },
  { name: 'cli', entry: 'app/cli/bin.js', out: join(root, 'dist', 'npm', 'lib') },
].filter(({ name }) => wanted.length === 0 || wanted.includes(name));

// @actions/http-client wants undici for fetch behind a proxy alone, which no action uses, and it would be a third of a bundle.
// These need it: Sanity's client speaks by it. A bundle that needs it and stands not here ends red in test/bundles.test.ts.
const whole = ['app', 'cli', 'conclude', 'ingest', 'orient'];
const proxied = { undici: 'node:http' };
// @actions/github tells jobs what run they are in. That it could call every endpoint of GitHub's too would be a tenth of a bundle; a
// job asks GitHub for nothing but a token, and the app has endpoints of its own.
const endpoints = {
  '@octokit/plugin-rest-endpoint-methods': 'node:http',
  '@octokit/plugin-paginate-rest': 'node:http',
};
// A browser's library brings a command line of its own, which no job calls: 60 kB packed in each of four bundles.
const commandLine = { yargs: 'node:http', 'yargs/helpers': 'node:http' };

await rm(build, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  { stdio: 'inherit' },
);
// Read as a file beside the program, so ncc takes it along; tsc leaves it behind.
const wrapper = 'app/adapters/workspace/wrapper.sh';
await cp(join(root, wrapper), join(build, wrapper));
const { type, version, imports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const compiled = Object.fromEntries(
  Object.entries(imports).map(([name, path]) => [name, path.replace(/\.ts$/, '.js')]),
);
await writeFile(join(build, 'package.json'), JSON.stringify({ type, version, imports: compiled }));

for (const { name, entry, out } of bundles) {
  const { code, assets } = await ncc(join(build, entry), {
    cache: false,
    // All bundles lie in one archive that each job downloads; nobody reads them, CI builds them again and compares.
    minify: !['app', 'cli'].includes(name),
    sourceMap: false,
    license: 'licenses.txt',
    target: 'es2022',
    quiet: true,
    externals: {
      ...(whole.includes(name) ? {} : proxied),
      ...(['app', 'cli'].includes(name) ? {} : { ...endpoints, ...commandLine }),
    },
  });
  await rm(out, { recursive: true, force: true });
  for (const [file, { source }] of Object.entries({
    ...assets,
    'index.js': { source: code },
    'package.json': { source: '{"type":"module"}\n' },
  })) {
    await mkdir(dirname(join(out, file)), { recursive: true });
    await writeFile(join(out, file), source);
  }
  process.stdout.write(`${name}: ${Math.round(code.length / 1024)} kB\n`);
}
await rm(build, { recursive: true, force: true });
