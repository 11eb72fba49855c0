// The data folder: made, closed to others, and taken by this process. Must never be shared with another process.
import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { own } from '#adapters/git/owner';
import { refusals } from '#core/messages/starting';
import { folderFault, Refused } from './trouble.ts';

/** Takes the folder; gives what ends that. Throws `Refused`, and `Owned` when another process works there. */
export async function takeFolder(dir: string): Promise<() => Promise<void>> {
  try {
    await make(resolve(dir));
    await chmod(dir, 0o700);
    return await own(dir);
  } catch (error) {
    const fault = folderFault(error);
    if (!fault) throw error;
    throw new Refused(fault, fault === refusals.disk ? 1 : 2);
  }
}

/**
 * Makes it and what is missing above it. Node's own way begins anew without end where the system makes nothing, as in /proc
 * (https://github.com/nodejs/node/blob/v24.x/src/node_file.cc, MKDirpAsync).
 */
async function make(dir: string): Promise<void> {
  const isThere = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isThere) return;
  if (dirname(dir) !== dir) await make(dirname(dir));
  await mkdir(dir, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    // Another replica of this machine may make what is above at the same moment.
    if (error.code !== 'EEXIST') throw error;
    return stat(dir).then((found) => {
      if (!found.isDirectory()) throw error;
    });
  });
}
