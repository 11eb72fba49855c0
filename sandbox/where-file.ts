// The file that keeps the sandbox's line of JSON while the sandbox is up, for programs that cannot read its output.
// It must never be readable by anybody else, nor stay behind.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Nobody ever reads half of it, and nobody else reads it: it holds secrets, though of this world only. */
export async function keep(path: string, line: string): Promise<void> {
  await writeFile(`${path}.new`, line, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Asked before anything starts: whoever waits for the file would wait for ever. */
export async function canKeep(path: string): Promise<boolean> {
  try {
    await keep(path, '');
    return true;
  } catch (error) {
    process.stderr.write(`--where ${path} cannot be written: ${(error as Error).message}\n`);
    return false;
  }
}

/** The file goes with what it tells of, unless another sandbox has written it since. */
export async function forget(path: string, line: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => null)) === line) await rm(path, { force: true });
}
