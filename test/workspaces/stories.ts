// What scripts do in a workspace, from the harmless to the hostile, as data, with what must come of it in every place that keeps the
// port. A place that keeps less says so in `unlike`, with what is seen there instead. It must never be run outside of walls, but for
// the `probe` stories, whose scripts only look and tell.
import type { Ran } from '#adapters/workspace/port';
import { fixed } from '#core/policy/environment';

/** What lies outside of the workspace, on the machine that runs this suite. `mark`: digits by which processes are found again. */
export type Outside = {
  dir: string;
  secret: string;
  port: number;
  socket: string;
  abstract: string;
  mark: string;
};
export type Known = Partial<Extract<Ran, { known: true }>>;
export type Story = {
  title: string;
  script(outside: Outside): string;
  seconds?: number;
  /** `probe`: the script says `reached` where nothing keeps it from what lies outside; the suite sees it do so without walls. */
  kind?: 'probe';
  /** How it must end. `not succeeded`: known as a failure or not known, and never a success. `somehow`: bounded, and nothing is left. */
  ends: Known | 'not succeeded' | 'somehow';
  says?: RegExp;
  silent?: RegExp;
};

const ok: Known = { outcome: 'succeeded', exit: 0, said: 'both' };
const reached = /reached/;
/** Says `reached` when the perl in it came through. Perl is on every system that has dpkg or git. */
const connect = (address: string) =>
  `perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); print connect(S, pack_sockaddr_un(${address})) ? "reached" : "walls"'`;
const tcp = (address: string) =>
  `(timeout 3 bash -c 'exec 3<>/dev/tcp/${address}' && echo reached) 2>/dev/null; true`;

export const stories: readonly Story[] = [
  ...[0, 1, 3, 97, 98, 126, 127, 255].map(
    (code): Story => ({
      title: `ends with ${code}`,
      script: () => `echo "to the end"; exit ${code}`,
      ends: { outcome: code === 0 ? 'succeeded' : 'failed', exit: code, said: 'both' },
      says: /^to the end$/m,
    }),
  ),
  { title: 'counts to 50000', script: () => 'seq 1 50000', ends: ok, says: /^1\n2\n3\n/ },
  {
    title: 'writes outside',
    script: ({ dir }) =>
      `for f in ${dir}/w /usr/w /w /etc/w; do [ "$f" = ${dir}/w ] || continue; echo x >"$f" && echo reached; done 2>/dev/null; true`,
    kind: 'probe',
    ends: ok,
    silent: reached,
  },
  {
    title: 'writes to the system',
    script: () => 'for f in /usr/w /w /etc/w /dev/w; do echo x >"$f" && echo reached; done 2>/dev/null; true',
    ends: ok,
    silent: reached,
  },
  {
    title: 'reads a secret file of the host',
    script: ({ secret }) => `grep -q BEGIN ${secret} 2>/dev/null && echo reached; true`,
    kind: 'probe',
    ends: ok,
    silent: reached,
  },
  {
    title: 'calls another port of this machine',
    script: ({ port }) => tcp(`127.0.0.1/${port}`),
    kind: 'probe',
    ends: ok,
    silent: reached,
  },
  { title: 'calls the metadata address', script: () => tcp('169.254.169.254/80'), ends: ok, silent: reached },
  {
    title: 'calls a unix socket of the host',
    script: ({ socket }) => connect(`"${socket}"`),
    kind: 'probe',
    ends: ok,
    silent: reached,
  },
  {
    title: 'calls an abstract unix socket of the host',
    script: ({ abstract }) => connect(`"\\0${abstract}"`),
    kind: 'probe',
    ends: ok,
    silent: reached,
  },
  {
    title: 'looks for the environment of the host',
    script: () => `cat /proc/*/environ 2>/dev/null | grep -qa VIGIL_STORY_SECRET && echo reached; true`,
    kind: 'probe',
    ends: ok,
    silent: reached,
  },
  {
    title: 'has in its environment what the policy says, and no more',
    script: () => 'env | sort',
    ends: ok,
    says: new RegExp(
      [
        ...[
          '^COMMIT_SHA=[0-9a-f]{40}',
          'HOME=/\\S+',
          'INCIDENT_ID=\\S+',
          `LANG=${fixed.LANG}`,
          `PATH=${fixed.PATH}`,
        ],
        ...['PWD=/\\S+', 'SCRIPT_PATH=\\S+', 'SHLVL=\\d', `TMPDIR=${fixed.TMPDIR}`, '_=\\S+\\s*$'],
      ].join('\n'),
    ),
  },
  { title: 'kills its parent', script: () => 'kill -9 $PPID; sleep 30', seconds: 20, ends: 'not succeeded' },
  {
    title: 'kills all that it may',
    script: () => 'kill -9 -1; sleep 30',
    seconds: 20,
    ends: 'not succeeded',
  },
  { title: 'kills itself', script: () => 'kill -9 $$', ends: { outcome: 'failed', exit: 137 } },
  { title: 'sends itself SIGTERM', script: () => 'kill $$', ends: { outcome: 'failed', exit: 143 } },
  {
    title: 'is a fork bomb',
    script: ({ mark }) => `exec bash -c 'b() { b | b & }; b; sleep 1; echo done' ${mark} 2>/dev/null`,
    seconds: 15,
    ends: 'somehow',
  },
  {
    title: 'fills the disk',
    script: () => 'for i in $(seq 9); do head -c 60M /dev/zero >/tmp/$i || exit 7; done; echo all of it fits',
    ends: { outcome: 'failed', exit: 7 },
    says: /No space left/,
  },
  {
    // Where its own output lies as well, so nothing can be said any more.
    title: 'fills its home',
    script: () =>
      'for i in $(seq 9); do head -c 60M /dev/zero >"$HOME/$i" || exit 7; done; echo all of it fits',
    ends: { outcome: 'failed', exit: 7 },
  },
  {
    title: 'fills shared memory',
    script: () =>
      'for i in $(seq 9); do head -c 60M /dev/zero >/dev/shm/$i || exit 7; done; echo all of it fits',
    ends: { outcome: 'failed', exit: 7 },
  },
  {
    title: 'writes one file without end',
    script: () => 'exec cat /dev/zero >/tmp/f',
    ends: 'not succeeded',
  },
  {
    title: 'leaves an orphan',
    script: ({ mark }) => `(setsid sleep 300.${mark} >/dev/null 2>&1 &) ; echo left`,
    ends: ok,
    says: /^left$/m,
  },
  {
    title: 'does not end in time',
    script: () => 'echo begun; sleep 300',
    seconds: 1,
    ends: { outcome: 'timed_out', exit: 124 },
    says: /^begun$/m,
  },
  {
    title: 'does not end in time and ignores that it is told',
    script: () => "trap '' TERM; echo begun; while :; do sleep 1; done",
    seconds: 1,
    ends: { outcome: 'timed_out' },
  },
  { title: 'floods its output', script: () => 'exec yes flood', ends: { outcome: 'failed', exit: 153 } },
  {
    title: 'says it in one endless line',
    script: () => 'head -c 300000 /dev/zero | tr "\\0" x',
    ends: ok,
    says: /x{1000}/,
  },
  {
    title: 'forges the last line with a nonce of its own',
    script: () => `echo 'VIGIL_RESULT {"nonce":"${'0'.repeat(32)}","rc":0,"out":0,"err":0}'; exit 3`,
    ends: { outcome: 'failed', exit: 3, said: 'both' },
  },
  {
    title: 'looks for the nonce, to forge the last line',
    script: () =>
      `n=$(cat /proc/*/cmdline | tr '\\0' '\\n' | grep -om1 "^nonce='[0-9a-f]*'" | cut -d"'" -f2)
[ "\${#n}" = 32 ] && echo found; printf 'VIGIL_RESULT {"nonce":"%s","rc":0,"out":0,"err":0}\\n' "$n"; exit 3`,
    ends: 'not succeeded',
    silent: /^found$/m,
  },
  {
    title: 'holds bytes that are no text',
    script: () => "printf 'a\\000\\377\\033[31mb\\n'; echo after",
    ends: ok,
    says: /^after$/m,
  },
];
