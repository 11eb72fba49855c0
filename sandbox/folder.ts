// Makes temporary folders that go with this process, however it ends. It must never remove a folder that somebody else made.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Children that outlive this process for a moment put back what they are writing to: it is taken away until they are gone.
const AGAIN = 'for i in 1 2 3 4 5; do sleep 1; rm -rf "$0"; done';
const FOLLOWERS_MS = 10_000;

export type Folder = { path: string; remove(): Promise<void> };

/** Made and tied in one step: between two of them the process could end. */
export function folderOfProcess(prefix: string): Folder {
  const path = mkdtempSync(join(tmpdir(), prefix));
  const leave = (): void => {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // somebody is writing to it, and is waited for below
    }
    spawn('sh', ['-c', AGAIN, path], { stdio: 'ignore', detached: true }).unref();
  };
  process.once('exit', leave);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
      // Who still follows what was in it may put something back before the process ends.
      setTimeout(() => process.removeListener('exit', leave), FOLLOWERS_MS).unref();
    },
  };
}
