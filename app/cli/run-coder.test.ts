// What somebody sees who runs a script in Coder's template for trying things out: each line as it comes, the script's own exit code, and
// that no workspace is left, on the stand-in with the live server's lag. Must never run without walls.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Coder, startCoder } from '../../sandbox/coder/server.ts';
import { root } from '../../test/support/files.ts';
import { vigil } from '../../test/support/vigil.ts';

const version = 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c02';
const template = { name: 'try-out', id: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c01', versionId: version };
let dir = '';
let coder: Coder;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'run-coder-'));
  coder = await startCoder({ dir: join(dir, 'coder'), token: 'test-token', organization: 'acme', template });
  await mkdir(join(dir, '.github'));
  await cp(join(root, 'runbooks'), join(dir, 'runbooks'), { recursive: true });
  await settings(version);
  await writeFile(join(dir, 'look.sh'), 'echo "it runs"\necho "and more" >&2\nexit 7\n');
  await writeFile(join(dir, 'many.sh'), 'for n in $(seq 1 9000); do echo "$n"; done\n');
  await writeFile(join(dir, 'slow.sh'), 'echo begun\nsleep 50\n');
  if (coder.isolation === 'none') {
    expect(process.env['CI']).not.toBe('true');
    process.stderr.write('\nVIGIL RUN IN CODER NOT TRIED: bubblewrap cannot be used here.\n\n');
  }
});
afterEach(() => expect(coder.workspaces().filter(({ status }) => status !== 'deleted')).toEqual([]));
afterAll(async () => {
  await coder.close();
  await rm(dir, { recursive: true, force: true });
});

async function settings(of: string): Promise<void> {
  const own = await readFile(join(root, '.github/vigil.yml'), 'utf8');
  const tried = `workspace:\n  test_template: { template: try-out, version: ${of} }`;
  const text = own.replace(/^workspace:.*$/m, tried).replace('https://coder.acme.example', coder.api);
  await writeFile(join(dir, '.github/vigil.yml'), text);
}

type More = Parameters<typeof vigil>[4];
function run(args: readonly string[], more: More = {}, coderToken = 'test-token') {
  const config = { colour: false, token: null, server: 'https://github.com', coderToken };
  return vigil(dir, ['run', ...args, '--yes'], null, '', { config, ...more });
}

describe('vigil run in Coder', () => {
  it('passes output and exit code on, says what is waited for, and leaves nothing', async ({ skip }) => {
    skip(coder.isolation === 'none');
    const { out, err, code } = await run(['look.sh']);
    // Coder's log does not tell errors from the rest, and their order is its own.
    expect(out.split('\n').toSorted()).toEqual(['', 'and more', 'it runs']);
    expect(err).toMatch(
      /^look\.sh: allow, risk LOW\nIt would run in a workspace of try-out at http:\S+, which is deleted afterwards; for 60 s at most\.\n[\s\S]*\nfailed with 7 after \d+\.\d s\n$/,
    );
    expect(err).toMatch(/^(It waits in Coder’s queue|It runs|It has ended|Its workspace is being built)/m);
    expect(code).toBe(7);
  });

  it('prints what the workspace keeps of 9,000 lines, in order', async ({ skip }) => {
    skip(coder.isolation === 'none');
    const { out, err, code } = await run(['many.sh']);
    expect(err).toMatch(/succeeded after/);
    expect(out).toMatch(
      /^1\n2\n3\n[\s\S]*\n4000\n\nvigil: \d+ bytes of this stream are left out here\n[\s\S]*\n8999\n9000\n$/,
    );
    expect(code).toBe(0);
  });

  it('tells a line long before the end; stopped, it takes the workspace away', async ({ skip }) => {
    skip(coder.isolation === 'none');
    let stop: (code: number) => void = () => undefined;
    let out = '';
    const { err, code } = await run(['slow.sh'], {
      onStop: (heard) => {
        stop = heard;
        return () => undefined;
      },
      out: (text) => {
        out += text;
        stop(130);
      },
    });
    expect({ out, code }).toEqual({ out: 'begun\n', code: 130 });
    expect(err).toMatch(/\nStopped\. What it did before is not known\.\n$/);
  });

  it('says what Coder said when nothing ran', async () => {
    const refused = await run(['look.sh'], {}, 'another-token');
    expect(refused).toMatchObject({ out: '', code: 2 });
    expect(refused.err).toMatch(/\nThere is no place to run it: .*401/s);
    await settings('00000000-0000-4000-8000-000000000000');
    const other = await run(['look.sh', '--json']);
    await settings(version);
    expect(JSON.parse(other.out)).toMatchObject({ place: 'coder', ran: false });
    expect(other.code).toBe(2);
  });
});
