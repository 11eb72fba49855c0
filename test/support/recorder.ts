// Runs scripts for real in bubblewrap, where every program is a stub that only writes down how it was called. Shells
// and wrappers (env, timeout, xargs, find …) are the real ones, since what they start is the question.
// It must never run a script outside that sandbox, nor with a network.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libraries, WALLS } from './walls.ts';

/** One executed program with its arguments, exactly as the kernel saw them. */
export type Executed = string[];

const real = [
  'bash',
  'sh',
  'timeout',
  'env',
  'nice',
  'stdbuf',
  'xargs',
  'find',
  'flock',
  'ionice',
  'seq',
  'mktemp',
];

/** Why bubblewrap cannot be used here, or null if it can. */
export function whyNoSandbox(): string | null {
  try {
    execFileSync('bwrap', ['--unshare-user', '--unshare-all', '--ro-bind', '/', '/', 'true'], {
      stdio: 'pipe',
      timeout: 10_000,
    });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n').join(' ') : 'unknown';
  }
}

// `-p` keeps a stub from reading BASH_ENV. One write each, since the stages of a pipeline write at once.
const stub = `#!/usr/bin/bash -p
line="\${0##*/}"; for a in "$@"; do line+=$'\\x1f'"$a"; done
printf '%s\\x1e' "$line" >> /w/log
read -r code < /w/exit; printf '7\\n'; exit "$code"
`;
const shell = `probe() { command_not_found_handle probe "$@"; }
command_not_found_handle() {
  local line=$1 a; shift; for a in "$@"; do line+=$'\\x1f'"$a"; done
  printf '%s\\x1e' "$line" >> /w/log
}
`;
const driver = `cd /w/cwd
for f in /w/scripts/*; do
  : > /w/log
  BASH_ENV=/w/shell /usr/bin/timeout 5 /usr/bin/bash "$f" < /dev/null > /dev/null 2>&1
  # What a process substitution started may still be running: wait until this shell is alone, then make it so.
  for (( i = 0; i < 2000; i++ )); do set -- /proc/[0-9]*; (( $# > 2 )) || break; done
  (( $# > 2 )) && kill -9 -1
  printf '%s' "$(< /w/log)" > "/w/logs/\${f##*/}"
done
`;

/** Runs each script once; every stub exits with `code`. The answers stand in the order of the scripts. */
export function record(scripts: readonly string[], names: Iterable<string>, code: 0 | 1): Executed[][] {
  const work = mkdtempSync(join(tmpdir(), 'vigil-oracle-'));
  try {
    for (const folder of ['stubs', 'scripts', 'logs', 'cwd', 'varlog/nginx', 'varlog/app']) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    for (const file of ['syslog', 'nginx/access.log', 'nginx/error.log', 'app/app.log']) {
      writeFileSync(join(work, 'varlog', file), 'line one\nline two\n');
    }
    writeFileSync(join(work, 'stub'), stub, { mode: 0o755 });
    writeFileSync(join(work, 'shell'), shell);
    writeFileSync(join(work, 'driver'), driver);
    writeFileSync(join(work, 'exit'), `${code}\n`);
    for (const name of new Set([...names].filter((n) => /^[\w.+-]+$/.test(n) && !real.includes(n)))) {
      symlinkSync('/w/stub', join(work, 'stubs', name));
    }
    const present = real.filter((name) => existsSync(`/usr/bin/${name}`));
    for (const name of present) writeFileSync(join(work, 'stubs', name), '');
    scripts.forEach((script, index) => {
      writeFileSync(join(work, 'scripts', String(index).padStart(6, '0')), script);
    });
    sandbox(work, present);
    return scripts.map((_, index) => read(join(work, 'logs', String(index).padStart(6, '0'))));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function sandbox(work: string, present: readonly string[]): void {
  execFileSync(
    'bwrap',
    [
      ...WALLS,
      ...['--setenv', 'PATH', '/usr/bin', '--setenv', 'HOME', '/w/cwd'],
      ...libraries(),
      ...['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64', '--symlink', 'usr/bin', '/bin'],
      ...['--ro-bind', join(work, 'stubs'), '/usr/bin'],
      ...present.flatMap((name) => ['--ro-bind', `/usr/bin/${name}`, `/usr/bin/${name}`]),
      ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--bind', work, '/w'],
      ...['--ro-bind', join(work, 'varlog'), '/var/log', '--chdir', '/w/cwd'],
      ...['/usr/bin/bash', '-p', '/w/driver'],
    ],
    { stdio: 'pipe', timeout: 240_000 },
  );
}

const read = (path: string): Executed[] =>
  readFileSync(path, 'utf8')
    .split('\x1e')
    .filter((entry) => entry !== '')
    .map((entry) => entry.split('\x1f'));
