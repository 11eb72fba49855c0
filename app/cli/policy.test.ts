// What somebody sees who asks what the policy thinks of a script: at a shell, from a program, for a whole list.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objects, spawned } from '../../test/support/spawned.ts';
import { vigil } from '../../test/support/vigil.ts';

const root = join(import.meta.dirname, '../..');
const SCALE = 'kubectl -n payments scale deployment/payments-api --replicas=9';
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'policy-test-'));
  await mkdir(join(dir, '.github'));
  await mkdir(join(dir, 'deep/down'), { recursive: true });
  await cp(join(root, '.github/vigil.yml'), join(dir, '.github/vigil.yml'));
  await writeFile(join(dir, 'read.sh'), 'uptime\ndf -h\n');
  await writeFile(join(dir, 'ask.sh'), 'uptime && frobnicate now\n');
  await writeFile(join(dir, 'undo.sh'), `${SCALE}\n`);
  await writeFile(join(dir, 'bad.sh'), `echo hi\n\techo 'ä \u001b[31m' && ${'rm'} -rf "$HOME/x"\n`);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const policy = (...args: string[]) => vigil(dir, ['policy', ...args]);

describe('vigil policy FILE', () => {
  it('says what a restart of the only one costs, and who sets a change back, by the inventory', async () => {
    const settings = join(dir, 'costly.yml');
    const text = await readFile(join(dir, '.github/vigil.yml'), 'utf8');
    const facts = 'replicas: 1\n    managed_by: flux\n    repository: acme/deploy';
    await writeFile(settings, text.replace('    name: payments\n', `    name: payments\n    ${facts}\n`));
    await writeFile(join(dir, 'one.sh'), 'kubectl -n payments rollout restart deployment/payments-api\n');
    const { out, code } = await policy('one.sh', '--service', 'payments', '--settings', settings);
    expect(out).toBe(
      `one.sh: allow, risk MEDIUM, one command, 0 of them only read
  service.restart deployment/payments-api in payments (restores itself)
  MEDIUM: It restarts deployment/payments-api in payments, the only one there is: nobody is served until it is back.
  deployment/payments-api in payments is managed by Flux from acme/deploy, which finds nothing to set back once this is done.
`,
    );
    expect(code).toBe(0);
  });

  it('ends with 0, 1, 2 or 3 for allow, review, refuse and what cannot be read; the worst counts', async () => {
    const codes = async (...args: string[]) => (await spawned(dir, ['policy', ...args])).code;
    expect(await codes('read.sh')).toBe(0);
    expect(await codes('read.sh', 'ask.sh')).toBe(1);
    expect(await codes('bad.sh', 'ask.sh')).toBe(2);
    expect(await codes('read.sh', 'nowhere.sh')).toBe(3);
  });

  it('puts carets under what it minds, with nothing of the script that could steer a terminal', async () => {
    const { out } = await policy('ask.sh', 'bad.sh');
    expect(out.split('\n').slice(0, 4)).toEqual([
      'ask.sh:1:11: review unknown-command: frobnicate is not described to the policy.',
      '    1 | uptime && frobnicate now',
      '      |           ^^^^^^^^^^^^^^',
      'ask.sh: review, risk HIGH, 2 commands, 1 of them only read',
    ]);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('bad.sh: refuse, risk HIGH');
  });

  it('says what an undo leaves of the fix beside it, and nothing of one elsewhere', async () => {
    const pair = async (undo: string) => {
      await writeFile(join(dir, 'deep/fix.sh'), `uptime\n${SCALE}\n`);
      await writeFile(join(dir, 'deep/undo.sh'), `${undo}\n`);
      return vigil(dir, ['policy', 'deep/fix.sh', 'deep/undo.sh', '--service', 'payments']);
    };
    expect((await pair(SCALE.replace('9', '6'))).code).toBe(0);
    const fake = await pair('echo six again');
    expect(fake.code).toBe(2);
    expect(fake.out.split('\n').slice(0, 2)).toEqual([
      `deep/fix.sh:2:1: refuse uncovered: The undo does not put back \`${SCALE}\`. What would: a scale of the same object to another number, by a command that always runs. If nothing can, say so with undo: { impossible: … }.`,
      `    2 | ${SCALE}`,
    ]);
    expect((await policy('deep/fix.sh', 'undo.sh', '--service', 'payments')).code).toBe(0);
  });

  it('knows the targets of a service, from the vigil.yml above or one that is named', async () => {
    expect((await policy('undo.sh')).out).toContain("not in the incident's inventory");
    const known = await vigil(join(dir, 'deep/down'), ['policy', '../../undo.sh', '--service', 'payments']);
    expect(known.out).toBe(
      '../../undo.sh: allow, risk MEDIUM, 1 command, 0 of them only read\n  scale deployment/payments-api in payments\n'.replace(
        '1 command',
        'one command',
      ),
    );
    const byId = await vigil(tmpdir(), [
      ...['policy', join(dir, 'undo.sh'), '--service', 'PPAYMNT'],
      ...['--settings', join(dir, '.github/vigil.yml'), '--json'],
    ]);
    expect(JSON.parse(byId.out)).toMatchObject({
      policy: expect.stringMatching(/^\d+-[0-9a-f]{12}$/),
      files: [{ kind: 'undo', verdict: 'allow', risk: 'MEDIUM', effects: [{ kind: 'scale' }], findings: [] }],
    });
  });

  it('says that bash runs what asks for sh', async () => {
    await writeFile(join(dir, 'sh.sh'), '#!/bin/sh\nuptime\n');
    const { out, code } = await policy('sh.sh');
    expect(code).toBe(0);
    expect(out).toBe(
      'sh.sh:1: note shebang: The script asks for sh. Bash runs it, and it is judged as bash reads it.\nsh.sh: allow, risk LOW, one command, 1 of them only read\n',
    );
    await writeFile(join(dir, 'zsh.sh'), '#!/bin/zsh\nuptime\n');
    expect((await policy('zsh.sh')).out).toContain(
      'Write it for bash, and begin it with `#!/usr/bin/env bash`.',
    );
  });

  it('says what is wrong with a call', async () => {
    const ask = async (...args: string[]) => {
      const { err, code } = await policy(...args);
      expect(code).toBe(3);
      return err.split('\n')[0];
    };
    expect(await ask()).toBe('vigil policy: name a script');
    expect(await ask('read.sh', '--kind', 'prod')).toBe('vigil policy: --kind is one of fix, undo, command');
    expect(await ask('read.sh', '--service', 'nobody')).toMatch(/no service of .* is called "nobody"$/);
    expect(await ask('read.sh', '--settings', 'read.sh')).toMatch(/^vigil policy: read\.sh:1: /);
    expect(await ask('--jsonl', 'read.sh')).toContain('name no files');
  });
});

describe('vigil policy --jsonl', () => {
  it('answers every line, bad ones too, and goes on', async () => {
    const lines = [
      { id: 1, script: 'uptime' },
      { id: 'two', script: 'uptime\n$(echo r)m -r /', more: 'is ignored' },
      { id: 3, script: SCALE, service: 'payments' },
      { id: 4, script: SCALE, service: 'payments', kind: 'command' },
      { id: 5, script: 'uptime', kind: 'prod' },
      { id: 6, script: 'uptime', service: 'nobody' },
    ].map((line) => JSON.stringify(line));
    const { out, code } = await spawned(dir, ['policy', '--jsonl'], `${lines.join('\n')}\n\nnonsense\n[]`);
    const answers = objects(out);
    expect(answers[0]).toEqual({ id: 1, verdict: 'allow', risk: 'LOW', effects: [], findings: [] });
    expect(answers[1]).toMatchObject({
      id: 'two',
      verdict: 'refuse',
      findings: [
        { line: 2, column: 1, level: 'review', code: 'not-plain' },
        { line: 2, column: 1, level: 'refuse', code: 'dynamic-command' },
      ],
    });
    expect(answers[2]).toMatchObject({
      id: 3,
      verdict: 'allow',
      risk: 'MEDIUM',
      effects: [{ kind: 'scale', target: 'deployment/payments-api in payments', selfRestoring: false }],
    });
    expect(answers[3]).toMatchObject({ id: 4, verdict: 'refuse' });
    expect(answers.slice(4).map(({ line, id, error }) => [line, id, typeof error])).toEqual([
      [5, 5, 'string'],
      [6, 6, 'string'],
      [8, null, 'string'],
      [9, null, 'string'],
    ]);
    expect(code).toBe(3);
  });

  it('ends with the worst verdict when every line could be read', async () => {
    const line = (script: string) => `${JSON.stringify({ id: 1, script })}\n`;
    const { code } = await vigil(dir, ['policy', '--jsonl'], null, line('frobnicate') + line('uptime'));
    expect(code).toBe(1);
  });

  it('applies the rules of vigil.yml without a service too', async () => {
    const settings = join(dir, 'strict.yml');
    const text = `v: 1\nworkspace: { template: t, version: 5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11 }\nservices: {}\npolicy: { rules: [{ name: no-uptime, verdict: refuse, because: Nobody needs it., command: uptime }] }\n`;
    await writeFile(settings, text);
    const { out, code } = await policy('read.sh', '--settings', settings);
    expect(out).toContain(
      'refuse organisation: The rule no-uptime of vigil.yml refuses this: Nobody needs it.',
    );
    expect(code).toBe(2);
  });
});
