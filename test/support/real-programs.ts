// Runs texts of small languages in the real programs, in bubblewrap without a network, beside planted secrets: whatever
// they execute, write, remove or hand out is told. It must never run a text outside that sandbox.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libraries, WALLS } from './walls.ts';

/** What is in the environment and in a file beside the input; no program may print it. */
export const planted = 'planted-7Q';

/**
 * What one text did. `marks`: `ran` a program, `wrote` or removed a file where none may, `slow` longer than two
 * seconds. `left`: which files of the cleaned directory are there afterwards.
 */
export type Did = { output: string; marks: string[]; left: string };

/** The beginning of a command line that ends with the text, by the name of the program. */
const begins: Readonly<Record<string, string>> = {
  mawk: '/usr/bin/mawk "$text" /w/input',
  gawk: '/usr/bin/gawk "$text" /w/input',
  'original-awk': '/usr/bin/original-awk "$text" /w/input',
  busybox: '/usr/bin/busybox awk "$text" /w/input',
  sed: '/usr/bin/sed "$text" /w/input',
  'sed -n -E': '/usr/bin/sed -n -E -e "$text" -e p /w/input',
  jq: '/usr/bin/jq --arg x y "$text" /w/input.json',
  sqlite3: '/usr/bin/sqlite3 -batch /w/cwd/db "$text"',
  bash: '/usr/bin/bash -p -c "$text"',
};

export const isThere = (program: string): boolean => existsSync(`/usr/bin/${program.split(' ')[0]}`);

const stub = '#!/usr/bin/bash -p\nprintf ran > /w/marks/ran\n';

/** Each text starts in the same state; only what bash does by itself stands between two of them. */
const driver = (begin: string) => `cd /w/cwd
prepare() {
  /usr/bin/mkdir -p /var/tmp/shop/deep /var/tmp/other /var/log/shop
  printf '${planted}' > /w/cwd/secret; printf same > /w/cwd/new
  for f in /var/tmp/shop/old.tmp /var/tmp/shop/keep /var/tmp/shop/deep/old.log /var/tmp/other/old.tmp /var/tmp/old.tmp /w/cwd/old.tmp; do
    printf x > "$f"; /usr/bin/touch -d '20 days ago' "$f"
  done
  printf x > /var/tmp/shop/young.tmp; printf x > /var/tmp/shop/deep/young
  /usr/bin/ln -sf /var/tmp/other /var/tmp/shop/away
  database
  state=$(seen)
}
database() { [ ! -e /w/database ] || /usr/bin/cp /w/database /w/cwd/db; }
seen() { shopt -s globstar nullglob dotglob; local f; for f in /w/cwd/** /var/tmp/** /var/log/** /tmp/**; do printf '%s ' "$f"; [ -d "$f" ] || [ -L "$f" ] || [ "\${f##*/}" = db ] || printf '%s ' "$(< "$f")"; done; [ ! -e /w/cwd/db ] || /usr/bin/cmp -s /w/database /w/cwd/db || printf changed; }
prepare
export PLANTED='${planted}'
for case in /w/cases/*; do
  name=\${case##*/}; text=$(< "$case"); : > "/w/marks/$name"
  SECONDS=0
  PLANTED='${planted}' PATH=/usr/bin /usr/bin/timeout 4 ${begin} < /dev/null 2> /dev/null | /usr/bin/head -c 20000 > "/w/out/$name"
  (( SECONDS < 3 )) || printf 'slow ' >> "/w/marks/$name"
  [ ! -e /w/marks/ran ] || { printf 'ran ' >> "/w/marks/$name"; /usr/bin/rm -f /w/marks/ran; }
  now=$(seen)
  if [ "$now" != "$state" ]; then
    printf 'wrote ' >> "/w/marks/$name"
    /usr/bin/find /var/tmp /var/log /w/cwd -mindepth 1 ! -type d > "/w/left/$name"
    /usr/bin/rm -rf /w/cwd/* /var/tmp/* /var/log/* /tmp/*; prepare
  fi
done
`;

/** Runs each text once in this program, for at most four seconds. */
export function runReal(program: string, texts: readonly string[]): Did[] {
  const work = mkdtempSync(join(tmpdir(), 'vigil-real-'));
  try {
    for (const folder of ['cases', 'marks', 'out', 'left', 'cwd']) mkdirSync(join(work, folder));
    writeFileSync(join(work, 'probe'), stub, { mode: 0o755 });
    writeFileSync(join(work, 'input'), 'a 1 x\nb "2" /y/\n[c] 3, d#e\n\\ab &5 x y z\n');
    writeFileSync(
      join(work, 'input.json'),
      '{"a":"x","b":2,"items":[{"a":"x","b":1},{"a":"y"}]}\n{"a":null}\n',
    );
    if (program === 'sqlite3')
      execFileSync('sqlite3', [
        join(work, 'database'),
        "create table t(a text, b int); insert into t values('x',1),('y',4)",
      ]);
    writeFileSync(join(work, 'driver'), driver(begins[program] ?? ''));
    const name = (at: number) => String(at).padStart(6, '0');
    for (const [at, text] of texts.entries()) writeFileSync(join(work, 'cases', name(at)), text);
    sandbox(work);
    return texts.map((_, at) => ({
      output: readFileSync(join(work, 'out', name(at)), 'latin1'),
      marks: readFileSync(join(work, 'marks', name(at)), 'utf8')
        .split(' ')
        .filter((mark) => mark !== ''),
      left: existsSync(join(work, 'left', name(at)))
        ? readFileSync(join(work, 'left', name(at)), 'utf8')
        : '',
    }));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function sandbox(work: string): void {
  execFileSync(
    'bwrap',
    [
      ...WALLS,
      ...['--setenv', 'PATH', '/usr/bin', '--setenv', 'HOME', '/w/cwd', '--ro-bind', '/usr/bin', '/usr/bin'],
      ...libraries(),
      ...['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64', '--symlink', 'usr/bin', '/bin'],
      // What a program starts by itself, it starts with the shell.
      ...['--ro-bind', join(work, 'probe'), '/usr/bin/dash'],
      ...[
        '--proc',
        '/proc',
        '--dev',
        '/dev',
        '--tmpfs',
        '/tmp',
        '--tmpfs',
        '/var',
        '--bind',
        work,
        '/w',
        '--chdir',
        '/w/cwd',
      ],
      ...['/usr/bin/bash', '-p', '/w/driver'],
    ],
    { stdio: 'pipe', timeout: 540_000 },
  );
}
