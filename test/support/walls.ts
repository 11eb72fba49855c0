// The walls of a bubblewrap in which texts of others run: no network, no rights, no environment, and the system's libraries to read.
// Must never let anything of this machine be written.
import { existsSync } from 'node:fs';

export const WALLS: readonly string[] = [
  '--unshare-user',
  '--unshare-all',
  '--die-with-parent',
  '--new-session',
  '--clearenv',
  '--cap-drop',
  'ALL',
];

/** The libraries that programs of the system want, where they are here. */
export const libraries = (): string[] =>
  ['/usr/lib', '/usr/lib64', '/usr/lib32']
    .filter((path) => existsSync(path))
    .flatMap((path) => ['--ro-bind', path, path]);
