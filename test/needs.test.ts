// What a stranger's machine may lack before anything of this project runs: each is one sentence on stderr and exit code 1.
// It must never need the network: a project is copied without its packages, and empty ones are put in their place.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from './support/files.ts';

const { scripts, dependencies, devDependencies, engines } = (
  await import('../package.json', { with: { type: 'json' } })
).default;
const old = `data:text/javascript,${encodeURIComponent(
  `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });
   Object.defineProperty(process, 'version', { value: 'v20.20.2' });`,
)}`;

let project = '';
let bin = '';
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'vigil-needs-ü '));
  bin = join(project, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  for (const path of ['package.json', 'scripts/needs.js']) await cp(join(root, path), join(project, path));
});
afterEach(() => rm(project, { recursive: true, force: true }));

async function installed(packages: object): Promise<void> {
  for (const name of Object.keys(packages)) {
    await mkdir(join(project, 'node_modules', name), { recursive: true });
    await writeFile(join(project, 'node_modules', name, 'package.json'), '{}');
  }
}

/** A script of package.json, with the PATH that npm gives it: the project's own programs first. */
async function npmRun(name: keyof typeof scripts, nodeOptions = '') {
  const path = [bin, join(project, 'system'), '/usr/bin', '/bin'].join(delimiter);
  await mkdir(join(project, 'system'), { recursive: true });
  await symlink(process.execPath, join(project, 'system/node')).catch(() => undefined);
  const env = { PATH: path, NODE_OPTIONS: nodeOptions };
  const child = spawn('sh', ['-c', scripts[name]], { cwd: project, env, timeout: 20_000 });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: child.exitCode };
}
const says = (sentence: RegExp) => ({
  out: '',
  err: expect.stringMatching(new RegExp(`^[^\\n]*${sentence.source}[^\\n]*\\n$`)),
  code: 1,
});

test.each(['demo', 'sandbox', 'test', 'vigil'] as const)(
  '%s without `npm ci`: run it first, even on an old Node',
  async (name) => {
    expect(await npmRun(name, `--import=${old}`)).toEqual(
      says(/are not installed \(.* and \d+ more\): run `npm ci` in .*vigil-needs-ü \S+ first\./),
    );
  },
);

test.each(['demo', 'sandbox', 'test', 'vigil'] as const)(
  '%s on the Node of the machine, where npm brought none: which one it needs',
  async (name) => {
    await installed({ ...dependencies, ...devDependencies });
    const sentence = says(/needs Node 24 or newer and runs on v20\.20\.2: .*install Node 24\./);
    expect(await npmRun(name, `--import=${old}`)).toEqual(sentence);
    // On musl the Node of npm is there and cannot be loaded. BusyBox's shell takes the next one, and so does dash; bash does
    // not, but no system with musl has it as sh.
    const bash = execFileSync('sh', ['-c', 'echo "$BASH_VERSION"'], { encoding: 'utf8' }).trim() !== '';
    if (bash) process.stderr.write('NOT TRIED: a Node that cannot be loaded, since sh is bash here\n');
    await writeFile(join(bin, 'node'), '#!/no/such/ld-linux.so\n');
    await chmod(join(bin, 'node'), 0o755);
    if (!bash) expect(await npmRun(name, `--import=${old}`)).toEqual(sentence);
  },
);

test.each(['demo', 'sandbox', 'test'] as const)(
  '%s after `npm ci --omit=dev`: how to install again',
  async (name) => {
    await installed(dependencies);
    expect(await npmRun(name)).toEqual(says(/^Development packages .*without --omit=dev/));
  },
);

test('the command line needs no development packages', async () => {
  await installed(dependencies);
  await mkdir(join(project, 'app/cli'), { recursive: true });
  await writeFile(join(project, 'app/cli/index.ts'), 'console.log("it runs");\n');
  expect(await npmRun('vigil')).toEqual({ out: 'it runs\n', err: '', code: 0 });
});

test('engines say what the programs run on', () => expect(engines).toEqual({ node: '>=24' }));
