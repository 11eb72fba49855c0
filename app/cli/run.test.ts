// What somebody sees who runs a script by hand: the verdict, the question, the script's own output and exit code, and that nothing of it
// is left, also after Ctrl-C.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../test/support/files.ts';
import { whyNoSandbox } from '../../test/support/recorder.ts';
import { spawned } from '../../test/support/spawned.ts';
import { vigil } from '../../test/support/vigil.ts';

const reason = whyNoSandbox();
if (reason !== null && process.env['CI'] !== 'true')
  process.stderr.write(`\nVIGIL RUN NOT TRIED: bubblewrap cannot be used here (${reason}).\n\n`);

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'run-test-'));
  await mkdir(join(dir, '.github'));
  await mkdir(join(dir, 'runbooks'));
  await cp(join(root, '.github/vigil.yml'), join(dir, '.github/vigil.yml'));
  for (const name of ['shop-worker-exhaustion.md', 'edge-disk.md'])
    await cp(join(root, 'runbooks', name), join(dir, 'runbooks', name));
  await writeFile(join(dir, 'look.sh'), 'echo "it is $(id -u)"\necho "and more" >&2\nexit 7\n');
  await writeFile(join(dir, 'slow.sh'), 'echo begun\nsleep 50\n');
  await writeFile(join(dir, 'level.sh'), 'echo "to $LEVEL"\n');
  await writeFile(join(dir, 'bad.sh'), `${'rm'} -rf /srv/orders\n`);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const run = (...args: string[]) => vigil(dir, ['run', ...args]);

describe('vigil run judges before it runs', () => {
  it('says with --dry-run what it would do, with the parameters of the service', async () => {
    const { out, err, code } = await run('runbooks/shop-worker-exhaustion.md', '--dry-run');
    expect(out.split('\n').slice(0, 4)).toEqual([
      'runbooks/shop-worker-exhaustion.md: allow, risk MEDIUM',
      '  workers.restart http://127.0.0.1:4601/workers/restart',
      '  SHOP_URL=http://127.0.0.1:4600',
      '  SHOP_WORKERS_RESTART_URL=http://127.0.0.1:4601/workers/restart',
    ]);
    expect(out).toMatch(
      /^It would run on this machine, closed off by bubblewrap: .* without any network; for 60 s/m,
    );
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect((await run('runbooks/edge-disk.md', '--dry-run')).code).toBe(1);
    expect((await run('bad.sh', '--dry-run')).code).toBe(2);
  });

  it('never runs what the policy refuses, also with --yes', async () => {
    const { out, err, code } = await run('bad.sh', '--yes');
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain('bad.sh: refuse, risk HIGH');
    expect(err).toMatch(
      /The policy refuses it, so it does not run\. Without --service the inventory is empty/,
    );
  });

  it('judges a parameter that is given as if vigil.yml said it', async () => {
    const other = 'SHOP_WORKERS_RESTART_URL=http://127.0.0.1:9/elsewhere';
    const { out, code } = await run('runbooks/shop-worker-exhaustion.md', '--param', other, '--dry-run');
    expect(out).toContain(`  ${other}\n`);
    expect(out).toMatch(/is not an action that the inventory offers/);
    expect(code).toBe(2);
  });

  it.each([
    [['nowhere.sh'], /^vigil run: nowhere\.sh cannot be read/],
    [[], /^vigil run: name a script or a runbook/],
    [['look.sh', 'slow.sh'], /^vigil run: name one script or runbook, not also "slow\.sh"/],
    [['look.sh', '--param', 'LEVEL'], /^vigil run: --param is NAME=VALUE, not "LEVEL"/],
    [
      ['look.sh', '--param', "LEVEL='; x"],
      /^vigil run: --param LEVEL: .*no quotes, backslashes or line breaks/,
    ],
    [['look.sh', '--param', 'level=3'], /^vigil run: --param level: /],
    [['look.sh', '--param', 'A=1', '--param', 'A=2'], /^vigil run: --param A is given twice/],
    [['runbooks/edge-disk.md', '--param', 'A=1'], /has no parameter A, only EDGE_URL, EDGE_LOG_DIR/],
    [['look.sh', '--service', 'nobody'], /no service of .* is called "nobody"/],
  ])('refuses %j with the reason and the code 2', async (args, said) => {
    const { out, err, code } = await run(...args, '--yes');
    expect(err).toMatch(said);
    expect({ out, code }).toEqual({ out: '', code: 2 });
  });
});

describe('where vigil.yml names a template for trying things out', () => {
  it('that is the place, unless --here; without a token nothing runs, and the cure is named', async () => {
    const settings = join(dir, 'tried.yml');
    const own = await readFile(join(root, '.github/vigil.yml'), 'utf8');
    const version = '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11';
    const tried = `workspace:\n  test_template: { template: try-out, version: ${version} }`;
    await writeFile(settings, own.replace(/^workspace:.*$/m, tried));
    const dry = await run('look.sh', '--settings', settings, '--dry-run');
    expect(dry.out).toMatch(
      /It would run in a workspace of try-out at https:\/\/coder\.acme\.example, which is deleted/,
    );
    const none = await run('look.sh', '--settings', settings, '--yes');
    expect(none).toMatchObject({
      out: '',
      code: 2,
      err: expect.stringMatching(/set CODER_API_TOKEN, or .* --here/),
    });
    const here = await run('look.sh', '--settings', settings, '--dry-run', '--here');
    expect(here.out).toMatch(/It would run on this machine/);
  });
});

it('bubblewrap is there where it must be', () => {
  if (process.env['CI'] === 'true') expect(reason).toBeNull();
});

describe.skipIf(reason !== null)('vigil run runs', () => {
  it('passes output, errors and the exit code on, as nobody', async () => {
    const { out, err, code } = await spawned(dir, ['run', 'look.sh', '--yes']);
    expect(out).toBe('it is 65534\n');
    expect(err).toMatch(
      /^look\.sh: allow, risk LOW\nIt would run on this machine[\s\S]*\nand more\nfailed with 7 after \d/,
    );
    expect(code).toBe(7);
  });

  it('does not run where nobody can be asked, and says how to agree', async () => {
    const { out, err, code } = await spawned(dir, ['run', 'look.sh']);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(/Nobody can be asked here, since there is no terminal: agree with --yes\.\n$/);
  });

  it.each([
    ['y\n', 7, 'it is 65534\n'],
    ['YES\n', 7, 'it is 65534\n'],
    ['n\n', 2, ''],
    ['\n', 2, ''],
    ['', 2, ''],
    ['yesterday\n', 2, ''],
  ])('asks, and takes %j', async (answer, code, out) => {
    const asked = await vigil(dir, ['run', 'look.sh'], null, answer, { person: true });
    expect(asked.err).toContain('Run it? [y/N] ');
    expect({ code: asked.code, out: asked.out }).toEqual({ code, out });
  });

  it('gives a script a parameter', async () => {
    expect(await run('level.sh', '--param', 'LEVEL=3 of 4', '--yes')).toMatchObject({
      out: 'to 3 of 4\n',
      code: 0,
    });
  });

  it('prints one object with --json, also where nothing ran', async () => {
    const ran = await run('look.sh', '--yes', '--json');
    expect(JSON.parse(ran.out)).toMatchObject({
      ...{ file: 'look.sh', verdict: 'allow', risk: 'LOW', ran: true, place: 'bubblewrap' },
      ...{ outcome: 'failed', exit: 7, output: expect.stringContaining('it is 65534'), reason: '' },
    });
    expect({ err: ran.err, code: ran.code }).toEqual({ err: '', code: 7 });
    const refused = await run('bad.sh', '--yes', '--json');
    expect(JSON.parse(refused.out)).toMatchObject({
      ran: false,
      outcome: null,
      reason: 'the policy refuses it',
    });
    expect(refused.code).toBe(2);
  });

  it('keeps what a script prints from steering the terminal', async () => {
    await writeFile(join(dir, 'red.sh'), "printf '\\033[31mred\\033[2J\\n'\n");
    expect((await run('red.sh', '--yes')).out).toBe('red\n');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'tells each line at once, and on %s takes the workspace away and ends with %i',
    async (signal, code) => {
      const cli = join(root, 'app/cli/index.ts');
      const child = spawn(process.execPath, [cli, 'run', 'slow.sh', '--yes'], { cwd: dir, timeout: 60_000 });
      const said = text(child.stderr);
      const [first] = await once(child.stdout, 'data');
      expect(String(first)).toBe('begun\n');
      child.kill(signal);
      const [ended] = await once(child, 'close');
      expect(ended).toBe(code);
      expect(await said).toMatch(/\nStopped\. What it did before is not known\.\n$/);
    },
  );
});
