// How a workspace is closed off from this machine: a root file system of its own with /usr to read, a home and a /tmp in memory
// that end with it, namespaces of its own, no environment, nobody's rights. It must never give a wall up when one cannot be
// built: bubblewrap then fails, and nothing runs.
import { lstatSync, readlinkSync } from 'node:fs';
import { fixed } from '#core/policy/environment';
import { type Limits, limitsForBash } from './limits.ts';

/** `shared`: the whole network of this machine, its loopback included. Bubblewrap knows nothing between. */
export type Network = 'none' | 'shared';
export type Enclosure = { network: Network; limits: Limits };

const home = '/home/vigil';
/** Where programs are looked for, bubblewrap itself too: nothing of the host's environment is read. */
export const systemPath = fixed.PATH;
const words = (text: string): string[] => text.split(' ');
const mb = (size: number): string => String(size * 1024 * 1024);

/** /bin and its like: links into /usr on most systems, folders on others. */
function roots(): string[] {
  return words('/bin /sbin /lib /lib32 /lib64').flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) return [];
    return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
  });
}

const etc = words('/etc/alternatives /etc/ld.so.cache /etc/ssl /etc/ca-certificates /etc/pki');
const names = words('/etc/resolv.conf /etc/hosts /etc/nsswitch.conf');

/** The last line of what bash reads before it runs it, so that half of it, sent by a process that died, is nothing. */
export const endMark = (tag: string): string => `# the end of ${tag}`;

/**
 * What bash does before the wrapper, which it reads to its end mark: so the workspace can be announced before anything runs in it, and
 * when whoever announces it is gone, nothing runs. The wrapper, which holds the nonce, stands in no argument that the script could
 * read. Then bash lets go of what it may have inherited, and takes its limits.
 */
function prologue(limits: Limits): string {
  return [
    'wrapper=$(cat)',
    '[[ $wrapper == *"# the end of $0" ]] || { echo "it was never told to begin" >&2; exit 98; }',
    'exec </dev/null',
    'for fd in /proc/$$/fd/*; do fd=${fd##*/}; [ "$fd" -le 2 ] || eval "exec $fd>&-"; done',
    `{ mkdir -p "$CODER_SCRIPT_DATA_DIR" && ${limitsForBash(limits)}; } 2>/dev/null || {`,
    `nonce=\${wrapper#*nonce=\\'}`,
    `printf 'VIGIL_RESULT {"nonce":"%s","ran":false,"rc":98,"why":"its limits could not be set"}\\n' "\${nonce%%\\'*}"`,
    'exit 98; }',
    'exec bash -c "$wrapper"',
  ].join('\n');
}

/**
 * The arguments of bubblewrap for the run of this tag, which reads its wrapper from standard input. File descriptor 3 takes what
 * bubblewrap says of itself.
 */
export function enclose({ network, limits }: Enclosure, tag: string): string[] {
  const env = { HOME: home, PATH: systemPath, LANG: fixed.LANG, CODER_SCRIPT_DATA_DIR: `${home}/.script` };
  const readable = network === 'none' ? etc : [...etc, ...names];
  return [
    ...words('--unshare-user --disable-userns --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup'),
    ...(network === 'none' ? ['--unshare-net'] : []),
    ...words('--die-with-parent --new-session --uid 65534 --gid 65534 --cap-drop ALL --clearenv'),
    ...words('--hostname workspace --ro-bind /usr /usr'),
    ...roots(),
    ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
    ...words('--proc /proc --dev /dev'),
    ...['--size', mb(limits.tempMb), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--size', mb(limits.tempMb), '--tmpfs', '/tmp', '--size', mb(limits.homeMb), '--tmpfs', home],
    ...['--remount-ro', '/', '--chdir', home, '--json-status-fd', '3'],
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--', 'bash', '-c', prologue(limits), tag],
  ];
}
