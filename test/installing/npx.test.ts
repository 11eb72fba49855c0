// The command line as npm gives it to somebody who has nothing but the packed file: an empty folder, npx, and whatever Node the
// machine has. Packed anew; npm fetches the Node that it brings from its registry.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderInstallation } from '../../app/installation/render.ts';
import { readTemplate } from '../../app/installation/template.ts';
import { root } from '../support/files.ts';
import { type TestLedger, writeLedger } from '../support/ledger.ts';
import { whyNoSandbox } from '../support/recorder.ts';

let dir = '';
let ledger: TestLedger;
let tarball = '';

/** The folders that npm put in front of PATH bring this project's own Node: without them it is the machine's. */
const machinePath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !/node_modules|node-gyp-bin/.test(folder))
  .join(delimiter);
const versionOf = (path: string): string =>
  execFileSync('node', ['--version'], { env: { PATH: path }, encoding: 'utf8' }).trim();
const older = Number.parseInt(versionOf(machinePath).slice(1), 10) < 24;
const machines: [string, string][] = [
  [versionOf(machinePath), machinePath],
  ...(older
    ? [[process.version, [dirname(process.execPath), machinePath].join(delimiter)] as [string, string]]
    : []),
];

async function npx(path: string, args: readonly string[], input = '', ...options: string[]) {
  const env = {
    PATH: path,
    HOME: join(dir, 'home'),
    npm_config_update_notifier: 'false',
    npm_config_loglevel: 'error',
  };
  const child = spawn('npx', ['--yes', ...options, '--package', tarball, '--', 'vigil', ...args], {
    ...{ cwd: join(dir, 'empty'), env },
  });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: child.exitCode };
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-package ü-'));
  for (const name of ['empty', 'home']) await mkdir(join(dir, name));
  const said = execFileSync(process.execPath, [join(root, 'scripts/pack.ts')], { encoding: 'utf8' });
  const [, file = ''] = /^(dist\/.*\.tgz): \d+ kB$/m.exec(said) ?? [];
  tarball = join(dir, 'vigil.tgz');
  await cp(join(root, file), tarball);
  ledger = await writeLedger();
  const made = renderInstallation(await readTemplate(join(root, 'deploy/installation')), {
    product: { repository: 'vigil-project/vigil', sha: 'a'.repeat(40), version: 'v0.1.0' },
    ...{ runner: 'ubuntu-24.04', defaultBranch: 'main', appId: 4711, owners: '@acme/platform' },
    environment: { VIGIL_URL: 'https://vigil.acme.example', CODER_API_URL: 'https://coder.acme.example' },
    settings: { workspace: { template: 'x', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11' }, services: {} },
  });
  if (!made.ok) throw new Error(made.problems.join('; '));
  for (const [path, content] of Object.entries(made.files)) {
    await mkdir(dirname(join(dir, 'installation', path)), { recursive: true });
    await writeFile(join(dir, 'installation', path), content);
  }
});
afterAll(async () => {
  await ledger?.remove();
  await rm(dir, { recursive: true, force: true });
});

describe.each(machines)('on Node %s', (_, path) => {
  test('tells its version and its own name', async () => {
    const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;
    expect(await npx(path, ['--version'])).toEqual({ out: `vigil ${version}\n`, err: '', code: 0 });
    const { out } = await npx(path, ['help', 'ingest']);
    expect(out).toMatch(/^Usage: vigil ingest DIR/);
    expect(out).not.toContain('npm run');
  });

  test('judges a script from standard input', async () => {
    const judged = await npx(path, ['policy', '-'], 'rm -rf /srv/orders\n');
    expect(judged.out).toMatch(/rm -rf \/srv\/orders\n +\| \^+/);
    expect(judged).toMatchObject({ err: '', code: 2 });
  });

  // Bubblewrap needs the wrapper, which is no JavaScript and must have come along.
  test('runs a script, or says what it lacks for that', async () => {
    await writeFile(join(dir, 'empty', 'id.sh'), 'echo "it is $(id -u)"\nexit 7\n');
    const { out, err, code } = await npx(path, ['run', 'id.sh', '--yes']);
    const reason = whyNoSandbox();
    if (reason === null) expect({ out, code }, err).toEqual({ out: 'it is 65534\n', code: 7 });
    else
      expect({ out, err, code }).toEqual({
        out: '',
        err: expect.stringMatching(/There is no place to run it: /),
        code: 2,
      });
  });

  test('redacts', async () => {
    const { out, code } = await npx(path, ['redact'], 'ada@example.com came with password=hunter2\n');
    expect(out).toMatch(/^\[EMAIL_\d+\] came with password=\[REDACTED:password\]$/m);
    expect(code).toBe(0);
  });

  test('checks an installation, and says what is wrong where there is none', async () => {
    const good = await npx(path, ['check', '../installation']);
    expect(good).toEqual({ out: expect.stringMatching(/^ok: /m), err: '', code: 0 });
    const none = await npx(path, ['check']);
    expect(none.out + none.err).toMatch(/\.github\/vigil\.yml:1: there is no such file/);
    expect(none.code).toBe(1);
  });

  test('proves an incident from git alone', async () => {
    const proved = await npx(path, ['audit', '12', '--repository', ledger.bare]);
    expect(proved.out).toMatch(/^proved: 5 records of pd-q1abcd/m);
    expect(proved).toMatchObject({ err: '', code: 0 });
  });
});

test('on an old Node, with the one that npm brings left out: which one it needs', async () => {
  if (!older) {
    process.stderr.write(`NOT TRIED: an old Node, since this machine has ${versionOf(machinePath)}\n`);
    return;
  }
  const told = await npx(machinePath, ['--version'], '', '--omit=optional', `--cache=${join(dir, 'cache')}`);
  expect(told).toEqual({
    out: '',
    err: expect.stringMatching(
      /^vigil needs Node 24 or newer and runs on v\d+\.\d+\.\d+: .*install Node 24\.\n$/,
    ),
    code: 1,
  });
});
