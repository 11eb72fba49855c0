// Finds a Chromium for tests and demo, and when the machine has none unpacks the one inside @sparticuz/chromium, once.
// It must never be imported by app/ or actions/: those take the path of a browser as an option.

import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, lstat, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { findChromium } from '#adapters/chromium';

const PATIENCE_MS = 120_000; // unpacking takes about 6 s alone, several times that on a busy machine

/**
 * The path of a Chromium-like executable. Several processes may ask at once: one unpacks, the others wait for it.
 * `say` is called with a sentence only when unpacking or waiting begins. Throws when the folder belongs to somebody else.
 */
export async function installedChromium(say: (line: string) => void = () => {}): Promise<string> {
  const found = await findChromium();
  if (found !== null) return found;
  const packed = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(await readFile(join(packed, '../package.json'), 'utf8'));
  const folder = join(tmpdir(), `vigil-chromium-${version}-${process.getuid?.() ?? 'user'}`);
  await mkdir(folder, { mode: 0o700 }).catch(ignoreExisting);
  await refuseForeign(folder);
  const path = join(folder, 'chromium');
  const lock = join(folder, 'lock');
  const deadline = Date.now() + PATIENCE_MS;
  for (let waiting = false; !(await exists(path)); waiting = true) {
    const held = await open(lock, 'wx').catch(ignoreExisting);
    if (held) {
      await held.close();
      try {
        // Whoever held the lock before may have finished between our look and our turn.
        if (!(await exists(path))) await unpack(join(packed, 'chromium.br'), path, say);
      } finally {
        await rm(lock, { force: true });
      }
      continue;
    }
    if (!waiting) say('Another process is unpacking Chromium; waiting for it.');
    const age = Date.now() - (await stat(lock).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > PATIENCE_MS) await rm(lock, { force: true }); // its owner died
    if (Date.now() > deadline + PATIENCE_MS)
      throw new Error(`${path} did not appear; remove ${folder} and retry`);
    await sleep(100);
  }
  return path;
}

async function unpack(packed: string, path: string, say: (line: string) => void): Promise<void> {
  say('Unpacking Chromium from @sparticuz/chromium, once (about 6 s).');
  const partial = `${path}.${process.pid}`;
  await pipeline(
    createReadStream(packed),
    createBrotliDecompress({ chunkSize: 2 ** 21 }),
    createWriteStream(partial),
  );
  await chmod(partial, 0o700);
  await rename(partial, path);
}

// The folder's name can be guessed and the temporary folder is everybody's: what lies there runs with our rights.
async function refuseForeign(folder: string): Promise<void> {
  const info = await lstat(folder);
  const mine = process.getuid === undefined || info.uid === process.getuid();
  if (!info.isDirectory() || !mine || (info.mode & 0o022) !== 0) {
    throw new Error(`${folder} is not a folder that only this user may write to`);
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function ignoreExisting(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EEXIST') throw error;
}
