// What somebody sees who types a command line: help, the version, a hint after a slip of the fingers, and never a word
// that was read by nobody.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../test/support/files.ts';
import { npmRun } from '../../test/support/spawned.ts';
import { vigil } from '../../test/support/vigil.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli test-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('the command line', () => {
  it('helps: for all, for one command, and when it is not understood', async () => {
    const all = await vigil(dir, ['--help']);
    expect(all.out).toMatch(/audit +prove[\s\S]*check +validate/);
    expect(all.code).toBe(0);
    const one = await vigil(dir, ['check', '--help']);
    expect(one.out).toContain('Usage: npm run vigil -- check [DIR] [--json]');
    expect((await vigil(dir, ['help', 'check'])).out).toBe(one.out);
    const none = await vigil(dir, []);
    expect(none).toMatchObject({ out: '', code: 2 });
    expect(none.err).toBe(all.out);
    const flag = await vigil(dir, ['check', '--jsno']);
    expect(flag.err).toMatch(/^vigil check: Unknown option '--jsno'[\s\S]*Usage: npm run vigil -- check/);
    expect(flag.code).toBe(2);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await vigil(dir, ['--version'])).toEqual({ out: `vigil ${version}\n`, err: '', code: 0 });
    expect(await vigil(dir, ['-v'])).toEqual({ out: `vigil ${version}\n`, err: '', code: 0 });
  });

  it.each([
    [['chekc'], 'vigil: there is no command "chekc". Did you mean check?'],
    [['polcy', 'fix.sh'], 'vigil: there is no command "polcy". Did you mean policy?'],
    [['EXPLAIN', '12'], 'vigil: there is no command "EXPLAIN". Did you mean explain?'],
    [['rejuge'], 'vigil: there is no command "rejuge". Did you mean rejudge?'],
    [['help', 'adit'], 'vigil: there is no command "adit". Did you mean audit?'],
    [['help', 'nosuch'], 'vigil: there is no command "nosuch"\n'],
    [['heal'], 'vigil: there is no command "heal"\n'],
    [['--verison'], 'vigil: there is no option --verison. Did you mean --version?'],
    [['--json', 'check'], 'vigil: there is no option --json\n'],
    [['constructor'], 'vigil: there is no command "constructor"\n'],
  ])('says of %j that it is unknown, and what is near', async (args, said) => {
    const { out, err, code } = await vigil(dir, args);
    expect(err.startsWith(said), err).toBe(true);
    expect(err).toContain('Usage: npm run vigil -- <command> [options]');
    expect({ out, code }).toEqual({ out: '', code: 2 });
  });

  it.each([
    [['--version', 'now'], 2, 'vigil: --version takes no further words, not "now"'],
    [['--help', 'check', 'twice'], 2, 'vigil: --help takes one command, not also "twice"'],
    [['help', 'check', '--json'], 2, 'vigil: help takes one command, not also "--json"'],
    [['audit', '1', '2'], 2, 'vigil audit: name one incident, not also "2"'],
    [['calibration', 'all'], 2, "vigil calibration: Unexpected argument 'all'"],
    [['check', '.', 'more'], 2, 'vigil check: name one directory, not also "more"'],
    [['eval', 'a', 'b'], 3, 'vigil eval: name one directory, not also "b"'],
    [['explain', '1', '2'], 2, 'vigil explain: name one incident, not also "2"'],
    [['ingest', 'a', 'b'], 2, 'vigil ingest: name one directory of runbooks, not also "b"'],
    [['match', '--runbooks', '.', 'x'], 2, "vigil match: Unexpected argument 'x'"],
    [['patterns', 'export', 'x'], 2, 'vigil patterns: export takes no files, not "x"'],
    [['patterns', 'export', '--service', 'shop'], 2, 'vigil patterns: export has no option --service'],
    [['patterns', 'import', 'x.md', '--min', '2'], 2, 'vigil patterns: import has no option --min'],
    [['policy', '--jsonl', 'x'], 3, 'vigil policy: --jsonl reads standard input, name no files'],
    [['redact', 'app.log'], 2, "vigil redact: Unexpected argument 'app.log'"],
    [['rejudge', 'x'], 2, "vigil rejudge: Unexpected argument 'x'"],
  ])('refuses what it would not read: %j', async (args, code, said) => {
    const told = await vigil(root, args);
    expect(told.err.split('\n')[0]).toContain(said);
    expect(told.err).toContain('Usage: npm run');
    expect(told).toMatchObject({ out: '', code });
  });
});

describe('a path', () => {
  const script = '#!/usr/bin/env bash\nset -euo pipefail\nrm -rf /srv\n';
  let checkout = '';
  /** As a stranger's clone: this project's package, with a folder below where somebody stands. */
  beforeAll(async () => {
    checkout = join(dir, 'a checkout');
    await mkdir(join(checkout, 'sub/deep'), { recursive: true });
    for (const name of ['app', 'node_modules', 'package.json', 'scripts'])
      await symlink(join(root, name), join(checkout, name));
    await cp(join(root, '.github/vigil.yml'), join(checkout, '.github/vigil.yml'));
    await cp(join(root, 'runbooks'), join(checkout, 'runbooks'), { recursive: true });
    await writeFile(join(checkout, 'sub/deep/fix.sh'), script);
  });

  it('is read from where the person stands, not from where npm goes', async () => {
    const told = await npmRun(join(checkout, 'sub/deep'), ['vigil', '--', 'policy', 'fix.sh', '--json']);
    expect(told.err).toBe('');
    expect(JSON.parse(told.out)).toMatchObject({ files: [{ file: 'fix.sh', verdict: 'refuse' }] });
    expect(told.code).toBe(2);
    const absent = await npmRun(checkout, ['vigil', '--', 'policy', 'fix.sh']);
    expect(absent.err).toContain('vigil policy: fix.sh cannot be read');
    expect(absent.code).toBe(3);
  });

  it('that is the default is that of the checkout, from anywhere inside', async () => {
    const told = await vigil(join(checkout, 'sub/deep'), ['check']);
    expect(told.out).toMatch(/^ok: \.github\/vigil\.yml and \d+ runbooks, no problems/m);
    expect(told.code).toBe(0);
  });
});
