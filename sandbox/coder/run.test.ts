import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startScript } from './template.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vigil-run-'));
  await mkdir(join(home, 'data'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const run = (script: string) => {
  const text = startScript({
    script_gz_b64: gzipSync(script).toString('base64'),
    script_sha256: createHash('sha256').update(script).digest('hex'),
    nonce: 'abc',
    timeout_seconds: '5',
  });
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    CODER_SCRIPT_DATA_DIR: join(home, 'data'),
    CODER_AGENT_TOKEN: 'secret',
    GIT_SSH_COMMAND: 'x',
  };
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile('bash', ['-c', text], { env }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
};

it('runs a script once, in a home without the secrets of the agent, and never again', async () => {
  expect(await run('pwd; env | grep -cE "CODER|GIT"; cat; exit 9')).toEqual({
    code: 9,
    out: `${home}\n0\n\nVIGIL_RESULT {"nonce":"abc","rc":9,"out":${home.length + 3},"err":0}\n`,
    err: '',
  });
  expect(await run('echo again')).toEqual({
    code: 97,
    out: '',
    err: 'vigil: this workspace has already run its script\n',
  });
});

it('reports a script that was killed', async () => {
  const { code, out } = await run('kill -9 $$');
  expect(code).toBe(137);
  expect(out).toContain('"rc":137');
});

it('stops a script that floods its output before the disk is full', async () => {
  const { code, out } = await run('exec yes');
  expect(code).toBe(153);
  expect(out).toContain(`"out":${64 * 1024 * 1024},`);
  expect(out.length).toBeLessThan(401_000);
});

it('is a Terraform template with exactly four values', async () => {
  const text = await readFile(new URL('run.sh', import.meta.url), 'utf8');
  expect(text.match(/\$\{[^}]*\}/g)).toEqual([
    '${script_gz_b64}',
    '${script_sha256}',
    '${nonce}',
    '${timeout_seconds}',
  ]);
  expect(text).not.toContain('%{');
});
