// Ties a temporary folder to this process: however the process ends, the folder goes with it. It must never remove a folder
// that somebody else made.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

// Children that are still writing when this process ends may put something back.
const AGAIN = 'for i in 1 2 3 4 5; do rm -rf "$0" && exit; sleep 1; done';

/** The answer takes the tie off again, for a folder that was removed in good order. */
export function goesWithProcess(folder: string): () => void {
  const remove = (): void => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      spawn('sh', ['-c', AGAIN, folder], { stdio: 'ignore', detached: true }).unref();
    }
  };
  process.once('exit', remove);
  return () => void process.removeListener('exit', remove);
}
