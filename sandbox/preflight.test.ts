// What a machine may lack, one thing at a time: each is found before any world starts, and has a cure.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedChromium } from './browser.ts';
import { told } from './preflight.ts';

let folder = '';
let own: Record<string, string> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-preflight-'));
  own = { TMPDIR: folder, CHROMIUM_PATH: await installedChromium() };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A PATH on which these programs are found, each with its text, beside the usual ones that are named. */
async function path(
  programs: Record<string, string>,
  usual: readonly string[] = ['sh', 'git'],
): Promise<string> {
  const bin = await mkdtemp(join(folder, 'bin-'));
  for (const name of usual) {
    const { stdout } = await promisify(execFile)('sh', ['-c', `command -v ${name}`]);
    if (!Object.hasOwn(programs, name)) await symlink(stdout.trim(), join(bin, name));
  }
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return bin;
}

type Found = { stopped: string[]; noted: string[]; well: string[] };
async function look(env: Record<string, string> = {}, pictures: string | null = null): Promise<Found> {
  const program = `const { preflight, told } = await import(${JSON.stringify(import.meta.resolve('./preflight.ts'))});
    const { findings } = await preflight({ pictures: ${JSON.stringify(pictures)} }, () => undefined);
    const lines = (those) => told({ findings: findings.filter(those) }, true);
    console.log(JSON.stringify({ stopped: lines((one) => one.stops), noted: lines((one) => one.cure !== null && !one.stops),
      well: findings.filter((one) => one.cure === null).map((one) => one.what) }));`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program],
    { env: { PATH: process.env['PATH'] ?? '', ...own, ...env } },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Found;
}
const line = (pattern: RegExp) => expect.stringMatching(pattern);

test('a machine that has everything', async () => {
  const pictures = join(folder, 'pictures');
  const bwrap = await path({ bwrap: 'exit 0' });
  expect(await look({ PATH: bwrap }, pictures)).toEqual({
    stopped: [],
    noted: [],
    well: ['node', 'git', 'bash', 'temp', 'scripts', 'browser', 'pictures', 'memory'],
  });
  expect([
    await readdir(pictures),
    (await readdir(folder)).filter((name) => !/^(bin-|pictures)/.test(name)),
  ]).toEqual([[], []]);
});

describe('nothing can run', () => {
  test.each([
    ['no git', {}, ['sh'], /^git: not found\. Install it/],
    [
      'an old git',
      { git: 'echo git version 2.30.2' },
      ['sh'],
      /^git: 2\.30\.2 is too old\. Install git 2\.34/,
    ],
    ['a git of the last century', { git: 'echo git version 1.9.1' }, ['sh'], /^git: 1\.9\.1 is too old/],
    ['a git that does not say', { git: 'echo hello' }, ['sh'], /^git: says hello\. Put a git on PATH/],
    ['a git that fails', { git: 'exit 1' }, ['sh'], /^git: not found\. Install it/],
  ] as const)('with %s', async (_, programs, usual, said) => {
    expect((await look({ PATH: await path(programs, usual) })).stopped).toEqual([line(said)]);
  });

  test.each([
    [
      'that does not exist',
      () => join(folder, 'no/such'),
      /no\/such may not be written to: it does not exist\. Set/,
    ],
    [
      'that is a file',
      () => join(folder, 'file'),
      /file may not be written to: it is no folder\. Set TMPDIR/,
    ],
  ])('with a temporary folder %s', async (_, where, said) => {
    await writeFile(join(folder, 'file'), '');
    const { stopped } = await look({ TMPDIR: where() });
    expect(stopped.join(' ')).toMatch(said);
    await rm(join(folder, 'file'));
  });

  test('with a browser that does not start', async () => {
    const { stopped } = await look({ CHROMIUM_PATH: '/bin/false' });
    expect(stopped.join(' ')).toMatch(
      /^browser: Chromium at \/bin\/false did not start.*Install Chromium, or set/,
    );
  });
});

describe('the demo goes on', () => {
  test.each([
    ['2.34.1, as Ubuntu 22.04 has it', 'git version 2.34.1'],
    ['one of Apple’s', 'git version 2.39.5 (Apple Git-154)'],
    ['a much newer one', 'git version 3.0.0'],
  ])('with git %s', async (_, says) => {
    expect((await look({ PATH: await path({ git: `echo '${says}'` }) })).stopped).toEqual([]);
  });

  test.each([
    ['no bubblewrap', {}, /^scripts: no bubblewrap here.*apt-get install bubblewrap/],
    [
      'a bubblewrap that may not make namespaces',
      { bwrap: 'test "$1" = --version' },
      /^scripts: bubblewrap may not make namespaces here/,
    ],
  ])('with %s, and says what that means', async (_, programs, said) => {
    const { stopped, noted } = await look({ PATH: await path(programs) });
    expect([stopped, noted.join(' ')]).toEqual([[], line(said)]);
  });

  test('without pictures where none can be written', async () => {
    await writeFile(join(folder, 'plain'), '');
    const { stopped, noted } = await look({}, join(folder, 'plain/demo'));
    expect([stopped, noted.join(' ')]).toEqual([
      [],
      line(/pictures: none are kept.*it is no folder\. --screenshots/),
    ]);
  });
});

test('what is told fits a narrow terminal: what is well on one line, what is amiss with its cure', () => {
  const fine = (what: string, brief: string) => ({ what, found: brief, cure: null, stops: false, brief });
  const lines = told(
    {
      findings: [
        fine('node', 'node 24.21.0'),
        fine('git', 'git 2.39.5'),
        {
          what: 'pictures',
          found: 'none are kept, for the folder may not be written to',
          cure: 'Name another folder.',
          stops: false,
        },
      ],
    },
    false,
  );
  expect(lines).toEqual([
    'node 24.21.0 · git 2.39.5',
    'pictures: none are kept, for the folder may not be written to. Name another',
    'folder.',
  ]);
});
