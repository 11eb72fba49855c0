// What somebody sees who looks with commands by hand: in Coder's template that reads, on this machine where that is said, and nowhere else.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Coder, startCoder } from '../../sandbox/coder/server.ts';
import { root } from '../../test/support/files.ts';
import { vigil } from '../../test/support/vigil.ts';

const version = 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c02';
const template = { name: 'reads', id: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c01', versionId: version };
let dir = '';
let coder: Coder;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'verify-commands-'));
  coder = await startCoder({ dir: join(dir, 'coder'), token: 'test-token', organization: 'acme', template });
  await mkdir(join(dir, '.github'));
  await cp(join(root, 'runbooks'), join(dir, 'runbooks'), { recursive: true });
  await settings(`measure_template: { template: reads, version: ${version} }`);
  await writeFile(join(dir, 'verify.yml'), plan("run: 'seq 3 | wc -l', expect: { number: { below: 4 } }"));
  await writeFile(join(dir, 'red.yml'), plan("run: 'seq 5 | wc -l', expect: { number: { below: 4 } }"));
  if (coder.isolation === 'none') {
    expect(process.env['CI']).not.toBe('true');
    process.stderr.write('\nCOMMANDS IN CODER NOT TRIED: bubblewrap cannot be used here.\n\n');
  }
});
afterEach(() => expect(coder.workspaces().filter(({ status }) => status !== 'deleted')).toEqual([]));
afterAll(async () => {
  await coder.close();
  await rm(dir, { recursive: true, force: true });
});

const plan = (command: string): string => `v: 1
checks:
  - { id: queue, kind: command, timeout_s: 5, ${command} }
symptom: { checks: [queue], red: { need: 2, of: 2, over_s: 2 } }
`;

async function settings(more: string): Promise<void> {
  const own = await readFile(join(root, '.github/vigil.yml'), 'utf8');
  const text = own
    .replace(/ {2}measure_template:[\s\S]*?(?=\n\n)/, '')
    .replace(/^workspace:.*$/m, `workspace:\n  ${more}`)
    .replace('https://coder.acme.example', coder.api);
  await writeFile(join(dir, '.github/vigil.yml'), text);
}

function verify(args: readonly string[], coderToken: string | null = 'test-token') {
  const config = {
    colour: false,
    token: null,
    server: 'https://github.com',
    ...(coderToken ? { coderToken } : {}),
  };
  return vigil(dir, ['verify', ...args, '--service', 'shop'], null, '', { config });
}

describe('vigil verify with a command', () => {
  it('runs it in a workspace of the template that reads, and leaves nothing', async ({ skip }) => {
    skip(coder.isolation === 'none');
    const { out, err, code } = await verify(['verify.yml']);
    expect(out).toMatch(/^ {2}pass {10}queue {2}Workspace +\d+ ms\npassed: one look/m);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(coder.workspaces().map(({ name }) => name)).toEqual([
      expect.stringMatching(/^vigil-look-[0-9a-f]{10}$/),
    ]);
  });

  it('looks as often as a rule says in one workspace', async ({ skip }) => {
    skip(coder.isolation === 'none');
    const before = coder.workspaces().length;
    const { out, code } = await verify(['red.yml', '--rule', 'red']);
    expect(out).toMatch(
      /^ {2}fail {10}queue {2}Workspace +\d+ ms\n +printed 5, expected below 4\n {2}fail /m,
    );
    expect(out).toMatch(/\nred: the symptom is there .*2 looks/);
    expect([code, coder.workspaces().length - before]).toEqual([0, 1]);
  });

  it.each([
    [
      'no token',
      null,
      'there is no token of Coder here: docs/checks.md#command; set it and CODER_API_TOKEN, or run commands on this machine with --here',
    ],
    ['a token that Coder refuses', 'another', 'no workspace can be had: Coder answered 401'],
  ])('sees nothing with %s, and says why', async (_, token, why) => {
    const { out, code } = await verify(['verify.yml'], token);
    expect(out).toMatch(/^ {2}inconclusive {2}queue {2}Workspace /m);
    expect(out).toContain(why);
    expect(code).toBe(3);
  });

  it('refuses what does more than read before anything is looked at, at its line', async () => {
    await writeFile(join(dir, 'writes.yml'), plan("run: 'rm /tmp/x'"));
    const before = coder.workspaces().length;
    const { out, err, code } = await verify(['writes.yml']);
    expect(err).toMatch(/^vigil verify: writes\.yml:3: the verify plan does not bind: queue may only read: /);
    expect({ out, code, made: coder.workspaces().length - before }).toEqual({ out: '', code: 2, made: 0 });
  });

  it('sees nothing where vigil.yml names no template for it, and runs it on this machine when told so', async ({
    skip,
  }) => {
    await settings('# no other template');
    const { out, code } = await verify(['verify.yml']);
    expect(out).toContain('vigil.yml names no workspace.measure_template, in which commands may run; set it');
    expect(code).toBe(3);
    expect((await verify(['verify.yml', '--network'])).err).toContain(
      '--network is of this machine: say --here as well',
    );
    skip(coder.isolation === 'none');
    const here = await verify(['verify.yml', '--here']);
    expect(here.out).toMatch(/^ {2}pass {10}queue {2}Workspace /m);
    expect(here.code).toBe(0);
  });
});
