// How a workspace is closed off from the machine. Bubblewrap shows the script a root file system of its own: system programs
// read-only, one writable folder, no home of the host, no environment, an unknown user without capabilities. The network
// is shared, because the demo shop listens on loopback. It must never fall back on its own: the caller is told which it is.
import { spawn } from 'node:child_process';
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';

export type Isolation = 'bubblewrap' | 'none';
/** `end` stops it: killing bubblewrap ends all inside, while the bare wrapper must be asked so that it ends its script. */
export type Command = {
  file: string;
  args: string[];
  env: Record<string, string>;
  end: 'SIGKILL' | 'SIGTERM';
};

const home = '/home/vigil';
const system = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const walls =
  '--unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try --die-with-parent --new-session';
const nobody = '--uid 65534 --gid 65534 --cap-drop ALL --clearenv --hostname workspace';
const etc = ['ssl', 'ca-certificates', 'pki', 'alternatives', 'resolv.conf', 'hosts', 'nsswitch.conf'].map(
  (name) => `/etc/${name}`,
);

/** /bin and its like: links into /usr on most systems, folders on others. */
const roots = ['/bin', '/sbin', '/lib', '/lib32', '/lib64'].flatMap((path) => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return !found
    ? []
    : found.isSymbolicLink()
      ? ['--symlink', readlinkSync(path), path]
      : ['--ro-bind', path, path];
});
const readable = [
  '--ro-bind',
  '/usr',
  '/usr',
  ...roots,
  ...etc.flatMap((path) => ['--ro-bind-try', path, path]),
];
const fresh = '--proc /proc --dev /dev --tmpfs /tmp';

/** Runs `bash -c script` in the folder. `image` is put last on PATH, so it only fills in what the machine lacks. */
export function enclose(
  isolation: Isolation,
  bwrap: string,
  script: string,
  folder: string,
  image: string,
): Command {
  const inside = isolation === 'bubblewrap';
  const [here, extra, node] = inside
    ? [home, '/opt/image', '/opt/node/node']
    : [folder, image, process.execPath];
  const path = { HOME: here, PATH: `${system}:${extra}:${dirname(node)}`, LANG: 'C.UTF-8' };
  // A real agent has a token that opens things; this one is here to prove that the wrapper hides it from the script.
  const env = { ...path, CODER_SCRIPT_DATA_DIR: `${here}/.script`, CODER_AGENT_TOKEN: 'opens-nothing' };
  if (!inside) return { file: 'bash', args: ['-c', script], env, end: 'SIGTERM' };
  const own = [
    '--ro-bind',
    image,
    extra,
    '--ro-bind',
    process.execPath,
    node,
    '--bind',
    folder,
    home,
    '--chdir',
    home,
  ];
  const set = Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]);
  const args = [
    ...`${walls} ${nobody}`.split(' '),
    ...readable,
    ...fresh.split(' '),
    ...own,
    ...set,
    '--',
    'bash',
    '-c',
    script,
  ];
  return { file: bwrap, args, env: {}, end: 'SIGKILL' };
}

/** Tries the real thing: bubblewrap may be missing, or user namespaces may be forbidden here. */
export function probe(bwrap: string, folder: string, image: string): Promise<Isolation> {
  const { file, args, env } = enclose('bubblewrap', bwrap, 'exit 0', folder, image);
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, stdio: 'ignore', timeout: 5_000 });
    child.once('error', () => resolve('none'));
    child.once('exit', (code) => resolve(code === 0 ? 'bubblewrap' : 'none'));
  });
}
