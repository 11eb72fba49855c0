// Over 250 lines: all that a script can do to its wrapper is tried in real runs.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { environment, fixed, identity } from '#core/policy/environment';

const wrapper = await readFile(new URL('wrapper.sh', import.meta.url), 'utf8');
const nonce = 'ab'.repeat(16);
const token = 'opens-everything';
/** What Coder keeps of both streams of one agent, and how many rows are still read in reasonable time. */
const [cap, rows] = [1_048_576, 10_000];

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vigil-run-'));
  await mkdir(join(home, 'data'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

type Given = {
  values?: Record<string, string>;
  env?: Record<string, string>;
  byStdin?: boolean;
  /** As if the wrapper had other directories for programs or temporary files. */
  paths?: [from: string, to: string];
};
type Ended = { code: number | null; out: string; err: string };

function start(script: string, { values = {}, env = {}, byStdin = false, paths = ['', ''] }: Given = {}) {
  const all: Record<string, string> = {
    script_gz_b64: gzipSync(script).toString('base64'),
    script_sha256: createHash('sha256').update(script).digest('hex'),
    ...{ nonce, timeout_seconds: '20', incident_id: 'pd-q1shop1', commit_sha: 'c0'.repeat(20) },
    ...{ script_path: 'remediations/pd-q1shop1/fix.sh', ...values },
  };
  const text = wrapper.replace(...paths).replaceAll(/\$\{(\w+)\}/g, (_, name: string) => all[name] ?? '');
  const child = spawn('/bin/bash', byStdin ? [] : ['-c', text], {
    detached: true,
    stdio: [byStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: {
      ...{ PATH: '/usr/bin:/bin', HOME: home, CODER_SCRIPT_DATA_DIR: join(home, 'data') },
      ...{ CODER_AGENT_TOKEN: token, GIT_SSH_COMMAND: token, AWS_ROLE_ARN: 'two words', ...env },
    },
  });
  child.stdin?.end(text);
  const said = { out: [] as Buffer[], err: [] as Buffer[] };
  child.stdout?.on('data', (chunk: Buffer) => said.out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => said.err.push(chunk));
  const text8 = (chunks: Buffer[]) => Buffer.concat(chunks).toString();
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, out: text8(said.out), err: text8(said.err) }));
  });
  return { child, ended, soFar: () => text8(said.out) };
}
const run = (script: string, given?: Given) => start(script, given).ended;
/** What the last line tells; only a line with our nonce is one. */
const told = ({ out }: Ended) => {
  const lines = out.split('\n').filter((line) => line.startsWith('VIGIL_RESULT '));
  const ours = lines.map((line) => JSON.parse(line.slice(13))).filter((one) => one.nonce === nonce);
  expect(ours).toHaveLength(1);
  return ours[0];
};
/** The most that a place stores of it: text that is no text counts three bytes for each of its bytes. */
const stored = ({ out, err }: Ended) => Buffer.byteLength(out) + Buffer.byteLength(err);
const lines = ({ out, err }: Ended) => `${out}${err}`.split('\n').length;

it.each([
  ['in an argument, as Coder does', false],
  ['by standard input', true],
])('runs a script given %s once, and never again', async (_, byStdin) => {
  const first = await run('pwd; cat; echo no >&2; exit 9', { byStdin });
  expect(first).toEqual({
    code: 9,
    out: `${home}\n\nVIGIL_RESULT {"nonce":"${nonce}","ran":true,"rc":9,"out":${home.length + 1},"err":3,"cut_out":0,"cut_err":0,"late":false,"stopped":false,"guard":"home"}\n`,
    err: 'no\n',
  });
  expect(await run('echo again', { byStdin })).toEqual({
    code: 97,
    out: `\nVIGIL_RESULT {"nonce":"${nonce}","ran":false,"rc":97,"why":"this workspace has already begun its script"}\n`,
    err: 'vigil: this workspace has already begun its script\n',
  });
});

it('is a Terraform template with exactly seven values', () => {
  expect(wrapper.match(/\$\{[^}]*\}/g)).toEqual([
    '${script_gz_b64}',
    '${script_sha256}',
    '${nonce}',
    '${timeout_seconds}',
    '${incident_id}',
    '${commit_sha}',
    '${script_path}',
  ]);
  expect(wrapper).not.toContain('%{');
});

describe('an exit code of the script', () => {
  it.each([0, 1, 97, 98, 124, 255])('%i is told as its own', async (code) => {
    const ended = await run(`exit ${code}`);
    expect(ended.code).toBe(code);
    expect(told(ended)).toMatchObject({ ran: true, rc: code, late: false });
  });

  it.each([
    ['kill -9 $$', 137],
    ['kill $$', 143],
  ])('is told when it ends itself by %s', async (script, code) => {
    const ended = await run(script);
    expect(ended.code).toBe(code);
    expect(told(ended)).toMatchObject({ ran: true, rc: code, stopped: false });
  });
});

describe('output', () => {
  it.each([
    ['50,000 short lines', 'seq 1 50000', 0],
    ['a flood of 100 MB, ended at 64 MiB', 'yes flood | head -c 100000000', 153],
    ['a flood without end', 'exec yes flood', 153],
    ['a flood on both streams', 'yes a | head -c 9000000 & yes b | head -c 9000000 >&2; wait', 0],
    ['390,000 NUL bytes', 'head -c 390000 /dev/zero | fold -b -w 1000; head -c 390000 /dev/zero >&2', 0],
    ['bytes that are no text', "head -c 600000 /dev/zero | tr '\\0' '\\377' | tee /dev/stderr", 0],
    ['3 MB of empty lines', "yes '' | head -c 3000000 | tee /dev/stderr", 0],
    ['one line of 2 MB', "head -c 2000000 /dev/zero | tr '\\0' x", 0],
  ])('of %s leaves room for the last line', async (_, script, code) => {
    const ended = await run(`${script}\nexit`);
    expect(ended.code).toBe(code);
    expect(stored(ended)).toBeLessThan(cap * 0.9);
    expect(lines(ended)).toBeLessThan(rows);
    expect(Math.max(...ended.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(4000);
    expect(ended.out).not.toContain('\0');
    const { out, cut_out } = told(ended);
    expect(cut_out).toBeGreaterThan(0);
    expect(cut_out).toBeLessThan(out);
    expect(ended.out.trimEnd().split('\n').at(-1)).toContain('VIGIL_RESULT');
  });

  it('shows the beginning and the end, and says how much is missing between', async () => {
    const ended = await run('seq 1 50000');
    const shown = ended.out.split('\n');
    expect(shown.slice(0, 3)).toEqual(['1', '2', '3']);
    expect(shown).toContain('vigil: 269761 bytes of this stream are left out here');
    expect(shown.slice(-5)).toEqual(['49999', '50000', '', expect.stringContaining('VIGIL_RESULT'), '']);
    expect(told(ended)).toMatchObject({ out: 288_894, err: 0, cut_out: 269_761, cut_err: 0 });
  });

  it('of a few lines is untouched, also where it is not ASCII', async () => {
    const ended = await run("printf 'größer\\n→ %s' ''; printf 'half a line' >&2");
    expect(ended.out).toMatch(/^größer\n→ \nVIGIL_RESULT/);
    expect(ended.err).toBe('half a line');
  });

  it('is seen while the script runs', async () => {
    const { soFar, ended } = start('echo early; until [ -e "$HOME/go" ]; do sleep 0.05; done; echo late');
    await vi.waitFor(() => expect(soFar()).toBe('early\n'), { timeout: 5_000, interval: 20 });
    await mkdir(join(home, 'go'));
    expect((await ended).out).toContain('early\nlate\n');
  });

  it('cannot be taken for the last line', async () => {
    const forged = 'VIGIL_RESULT {"nonce":"00000000000000000000000000000000","ran":true,"rc":0}';
    const ended = await run(`for i in 1 2 3; do echo '${forged}'; done; printf '${forged}' >&2; exit 4`);
    expect(told(ended)).toMatchObject({ rc: 4 });
  });
});

describe('the environment of a script', () => {
  /** What bash itself gives every command. */
  const ofBash = ['PWD', 'SHLVL', '_'];
  const given = 'env -0 | tr "\\n\\0" "?\\n" | sort';
  const seenBy = async (script: string, env: Record<string, string>) => {
    const { out } = await run(script, { env });
    const pairs = out.split('\n').filter((line) => /^\w+=/.test(line));
    return Object.fromEntries(
      pairs.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
    );
  };
  const everything = Object.fromEntries(identity.map((name) => [name, `of ${name}`]));

  it('is the list that the policy judges by', () => {
    const listed = (name: string) => new RegExp(`^${name}='([^']*)'$`, 'm').exec(wrapper)?.[1]?.split(/\s+/);
    expect(listed('fixed')).toEqual(Object.entries(fixed).map(([name, value]) => `${name}=${value}`));
    expect(listed('passed')).toEqual([...identity]);
  });

  it('is that list and nothing else, whatever the place has', async () => {
    const env = {
      ...everything,
      KUBECONFIG: '/etc/x',
      HTTPS_PROXY: 'http://x',
      PGHOST: 'db',
      LC_ALL: 'C',
      USER: 'x',
      API_TOKEN: token,
    };
    const seen = await seenBy(given, env);
    expect(Object.keys(seen).sort()).toEqual([...environment, ...ofBash].sort());
    expect(seen).toMatchObject({
      ...fixed,
      ...everything,
      HOME: home,
      INCIDENT_ID: 'pd-q1shop1',
      COMMIT_SHA: 'c0'.repeat(20),
      SCRIPT_PATH: 'remediations/pd-q1shop1/fix.sh',
    });
  });

  it('has of an identity what the place has of it', async () => {
    const seen = await seenBy(given, { AWS_REGION: 'eu-west-1', AZURE_CLIENT_ID: '' });
    const has = identity.filter((name) => name in seen);
    expect(has).toEqual(['AWS_ROLE_ARN', 'AWS_REGION']);
  });

  it('names a home also where the place has none', async () => {
    expect((await run('echo "$HOME"', { env: { HOME: '', VIGIL_STATE_DIR: home } })).out).toMatch(
      /^\/nonexistent\n/,
    );
  });

  it('is not changed by a value that the script gives an everyday name', async () => {
    const names =
      'NAMESPACE NODE_NAME POD REGION HOST USER URL TIMEOUT KUBECONFIG PGHOST http_proxy GIT_SSH NODE_OPTIONS EDITOR';
    const { out } = await run(
      `${names
        .split(' ')
        .map((name) => `${name}=x`)
        .join('; ')}; env`,
      { env: { NAMESPACE: 'y' } },
    );
    for (const name of names.split(' ')) expect(out).not.toMatch(new RegExp(`^${name}=`, 'm'));
  });

  it.each<[string, Record<string, string>]>([
    [
      'a function for each program',
      Object.fromEntries(
        'exec set unset declare printf test env bash timeout mktemp mkdir base64 cd kill shopt refuse prepare run [ type umask local trap'
          .split(' ')
          .map((name) => [`BASH_FUNC_${name}%%`, '() { echo HOSTILE; }']),
      ),
    ],
    [
      'options of bash',
      { SHELLOPTS: 'keyword:nounset:errexit:allexport:noglob:xtrace:verbose', PS4: '$(echo HOSTILE)' },
    ],
    ['bash as POSIX has it', { POSIXLY_CORRECT: '1', SHELLOPTS: 'posix' }],
    [
      'start-up files',
      { ENV: '/proc/self/environ', BASHOPTS: 'extdebug:failglob', PROMPT_COMMAND: 'echo HOSTILE' },
    ],
    ['a library that is not there', { LD_PRELOAD: '/nonexistent/x.so', LD_LIBRARY_PATH: '/tmp' }],
    [
      'other places for programs',
      { PATH: '/nonexistent', CDPATH: '/tmp', IFS: '/', TMPDIR: '/nonexistent', GLOBIGNORE: '*' },
    ],
  ])('and the wrapper itself are not steered by %s', async (_, env) => {
    const ended = await run('env; echo "flags $-"; declare -F; pwd', { env });
    expect(told(ended)).toMatchObject({ ran: true, rc: 0, guard: 'home' });
    expect(`${ended.out}${ended.err}`.replaceAll(/^ERROR: ld\.so.*$/gm, '')).not.toContain('HOSTILE');
    expect(ended.out).toContain('flags hB\n');
    for (const name of Object.keys(env).filter((one) => !environment.has(one)))
      expect(ended.out).not.toContain(`${name}=`);
  });

  it('has nothing of what a start-up file of bash defined', async () => {
    const file = join(home, 'begin');
    await writeFile(
      file,
      'export EVIL=1; env() { echo HOSTILE; }; export -f env; alias test=false; set -k\n',
    );
    const ended = await run('env; type env', { env: { BASH_ENV: file } });
    expect(told(ended)).toMatchObject({ ran: true, rc: 0 });
    expect(ended.out).not.toMatch(/HOSTILE|EVIL|BASH_ENV/);
  });

  it('is of bash also where the script asks for sh', async () => {
    expect(
      (await run('#!/bin/sh -e\nfalse\nx=(a b); [[ -n $BASH_VERSION ]] && echo "$' + '{x[1]}"')).out,
    ).toMatch(/^b\n/);
  });
});

describe('what a script can see', () => {
  it('has neither the token of the agent nor the nonce, wherever it looks', async () => {
    // All processes of its session, which are the wrapper's: arguments, environment, and what stands behind their open files.
    const script = `env; own=$(cut -d' ' -f6 /proc/$$/stat)
      for p in /proc/[0-9]*; do
        [ "$(cut -d' ' -f6 $p/stat 2>/dev/null)" = "$own" ] || continue
        echo "process $(tr '\\0' ' ' <$p/cmdline | cut -c1-40)"; cat $p/cmdline $p/environ | tr '\\0' '\\n'
        for f in $p/fd/*; do [ -f "$f" ] && [ "$f" -ef "$0" ] || cat "$f" 2>/dev/null </dev/null & done
      done
      grep -ra . "$HOME/data" "$HOME/.local"; find "$HOME"; sleep 0.3; kill $(jobs -p)`;
    const ended = await run(script);
    const seen = `${ended.out.replace(/^VIGIL_RESULT .*$/m, '')}${ended.err}`;
    expect(seen).toContain('process timeout --kill-after=5 20');
    expect(seen).toContain('process /bin/bash --noprofile --norc -c clean ()');
    expect(seen).not.toContain(token);
    expect(seen).not.toContain(nonce);
    expect(seen).toContain('AWS_ROLE_ARN=two words');
    expect(seen).toContain(`HOME=${home}`);
  });

  it('is its own mask for files', async () => {
    expect((await run('umask')).out).toMatch(/^0022\n/);
  });
});

describe('a script that does not end by itself', () => {
  const asked = async (end: (child: ChildProcess) => void) => {
    const { child, ended, soFar } = start('trap "echo cleaned; exit 3" TERM; echo begun; sleep 60 & wait');
    await vi.waitFor(() => expect(soFar()).toBe('begun\n'), { timeout: 5_000, interval: 20 });
    end(child);
    return ended;
  };
  it.each([
    ['SIGTERM', (child: ChildProcess) => child.kill('SIGTERM')],
    ['a hang-up of its whole group', (child: ChildProcess) => process.kill(-(child.pid ?? 0), 'SIGHUP')],
  ])('is told of %s and its end is reported', async (_, end) => {
    const ended = await asked(end);
    expect(ended.out).toContain('begun\ncleaned\n');
    expect(told(ended)).toMatchObject({ ran: true, rc: 3, stopped: true });
    expect(ended.code).toBe(3);
  });

  it('is ended at its limit', async () => {
    const ended = await run('echo before; sleep 60', { values: { timeout_seconds: '1' } });
    expect(ended.code).toBe(124);
    expect(told(ended)).toMatchObject({ ran: true, rc: 124, late: true, out: 7 });
  });

  it.each(['sleep 61.25 &', 'setsid sleep 61.25 &'])(
    'but leaves %s behind holds nothing up',
    async (left) => {
      const ended = await run(`${left} echo $! >"$HOME/pid"; echo end; exit 5`);
      expect(told(ended)).toMatchObject({ rc: 5, out: 4 });
      const pid = Number(await readFile(join(home, 'pid'), 'utf8'));
      const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone');
      if (left.startsWith('setsid')) process.kill(pid, 'SIGKILL');
      else expect(state).toMatch(/^gone$|\) Z /);
    },
  );
});

describe('a script that is not run', () => {
  const never = async (why: string, given: Given) => {
    const ended = await run('echo ran >"$HOME/ran"', given);
    expect(told(ended)).toEqual({ nonce, ran: false, rc: 98, why });
    expect(ended).toMatchObject({ code: 98, err: `vigil: ${why}\n` });
    expect(await readdir(home)).not.toContain('ran');
  };
  it.each([
    ['the payload is not what was approved', { script_sha256: 'a'.repeat(64) }],
    ['the payload cannot be unpacked', { script_gz_b64: 'bm90IGd6aXA=' }],
    ['the workspace was not given its seven values', { script_gz_b64: '' }],
    ['the workspace was not given its seven values', { timeout_seconds: '0' }],
    ['the workspace was not given its seven values', { incident_id: '' }],
    ['the workspace was not given its seven values', { incident_id: 'two words' }],
    ['the workspace was not given its seven values', { commit_sha: 'main' }],
    ['the workspace was not given its seven values', { script_path: '$(id)' }],
  ])('because %s', (why, values) => never(why, { values }));

  it('because there is no temporary directory', () =>
    never('there is no directory to write to', {
      env: { CODER_SCRIPT_DATA_DIR: '/dev/null' },
      paths: ['TMPDIR=/tmp', 'TMPDIR=/dev/null'],
    }));

  it('because it could not be noted that it began', () =>
    never('there is no place to note that the script began', {
      env: { CODER_SCRIPT_DATA_DIR: '', HOME: '/dev/null' },
    }));

  it('because the image lacks a program', () =>
    never('the workspace lacks a program that the wrapper needs', {
      paths: [fixed.PATH, join(home, 'data')],
    }));

  it.each(['/usr/bin/env', '/bin/bash'])('because %s is not there', (program) =>
    never('the workspace has no /usr/bin/env or no /bin/bash', {
      paths: [`-x ${program}`, '-x /nonexistent'],
    }),
  );

  it('may be run after its payload was mended, since nothing began', async () => {
    await run('echo one', { values: { script_sha256: 'a'.repeat(64) } });
    expect(told(await run('echo one'))).toMatchObject({ ran: true, rc: 0 });
  });
});

describe('that it began is noted', () => {
  const state = (env: Record<string, string>, values = {}) => run('echo x', { env, values });

  it('where the template says, so that not even a new home forgets it', async () => {
    const env = { VIGIL_STATE_DIR: join(home, 'state') };
    await mkdir(env.VIGIL_STATE_DIR);
    expect(told(await state(env))).toMatchObject({ ran: true, guard: 'state' });
    const fresh = { ...env, HOME: join(home, 'new'), CODER_SCRIPT_DATA_DIR: '' };
    expect(told(await state(fresh))).toMatchObject({ ran: false, rc: 97 });
    expect((await readdir(env.VIGIL_STATE_DIR)).join()).not.toContain(nonce);
  });

  it('elsewhere when that cannot be written to, and the last line says where', async () => {
    expect(told(await state({ VIGIL_STATE_DIR: '/dev/null' }))).toMatchObject({ guard: 'home' });
    expect(told(await state({ VIGIL_STATE_DIR: home }))).toMatchObject({ ran: false, rc: 97 });
  });

  it('beside the agent when there is nothing better', async () => {
    expect(told(await state({ HOME: '/dev/null' }))).toMatchObject({ guard: 'temporary' });
  });

  it('for this nonce alone', async () => {
    await run('echo x', { values: { nonce: 'cd'.repeat(16) } });
    expect(told(await run('echo x'))).toMatchObject({ ran: true });
  });
});

it('says nothing more when it is killed itself', async () => {
  const ended = await run('kill -9 "$(cut -d" " -f4 "/proc/$PPID/stat")"; echo still here');
  expect(ended).toMatchObject({ code: null });
  expect(ended.out).not.toContain('VIGIL_RESULT');
});
