// How a workspace is closed off from the machine. Bubblewrap shows the script a root file system of its own: system programs
// read-only, one writable folder, no home of the host, no environment, an unknown user without capabilities. The network
// is shared, because the demo shop listens on loopback. It must never fall back on its own: the caller is told which it is.
import { spawn } from 'node:child_process';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fixed } from '#core/policy/environment';

export type Isolation = 'bubblewrap' | 'none';
/** `end` stops it: killing bubblewrap ends all inside, while the bare wrapper must be asked so that it ends its script. */
export type Command = {
  file: string;
  args: string[];
  env: Record<string, string>;
  /** Written to its standard input: bubblewrap's own arguments can be read inside, so the script's nonce must not stand there. */
  input?: string;
  end: 'SIGKILL' | 'SIGTERM';
};

const home = '/home/vigil';
/** Where a workspace looks for programs. */
export const systemPath = fixed.PATH;
/** Its last directory, which a template may fill. */
const extra = '/opt/vigil/bin';
const words = (text: string) => text.split(' ');
const walls = [
  ...words('--unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try --die-with-parent'),
  ...words('--new-session --uid 65534 --gid 65534 --cap-drop ALL --clearenv --hostname workspace'),
  ...words('--ro-bind /usr /usr --proc /proc --dev /dev --tmpfs /tmp'),
];
const etc = words(
  '/etc/ssl /etc/ca-certificates /etc/pki /etc/alternatives /etc/resolv.conf /etc/hosts /etc/nsswitch.conf',
);

/** /bin and its like: links into /usr on most systems, folders on others. */
const roots = words('/bin /sbin /lib /lib32 /lib64').flatMap((path) => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
});
const readable = [...roots, ...etc.flatMap((path) => ['--ro-bind-try', path, path])];

/** Where a workspace lives: its folder, and the folder of programs that fill in what the machine lacks, inside bubblewrap alone. */
export type Place = { isolation: Isolation; bwrap: string; folder: string; image: string };

/** What runs `bash -c script` in that place. */
export function enclose({ isolation, bwrap, folder, image }: Place, script: string): Command {
  const inside = isolation === 'bubblewrap';
  const here = inside ? home : folder;
  const path = { HOME: here, PATH: systemPath, LANG: fixed.LANG };
  // A real agent has a token that opens things; this one is here to prove that the wrapper hides it from the script.
  const env = { ...path, CODER_SCRIPT_DATA_DIR: `${here}/.script`, CODER_AGENT_TOKEN: 'opens-nothing' };
  if (!inside) return { file: 'bash', args: ['-c', script], env, end: 'SIGTERM' };
  const own = [
    ...readdirSync(image).map((name) => ['--ro-bind', join(image, name), join(extra, name)]),
    ['--ro-bind', process.execPath, join(extra, 'node')],
    ['--bind', folder, home, '--chdir', home],
    ...Object.entries(env).map(([name, value]) => ['--setenv', name, value]),
  ].flat();
  // Inside, bash has the text as its argument, as it has with Coder's agent.
  const args = [...walls, ...readable, ...own, '--', 'bash', '-c', 'exec bash -c "$(cat)" </dev/null'];
  // By PATH bubblewrap itself is found; inside, nothing of our environment is left.
  return {
    file: bwrap,
    args,
    env: { PATH: process.env['PATH'] ?? systemPath },
    input: script,
    end: 'SIGKILL',
  };
}

/** Tries the real thing: bubblewrap may be missing, or user namespaces may be forbidden here. */
export function probe(bwrap: string, folder: string, image: string): Promise<Isolation> {
  const { file, args, env, input } = enclose({ isolation: 'bubblewrap', bwrap, folder, image }, 'exit 0');
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.on('error', () => undefined).end(input);
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
    child.once('error', () => resolve('none'));
    child.once('exit', (code) => resolve(code === 0 ? 'bubblewrap' : 'none'));
  });
}
