// Finds a Chromium for tests and demo; when the machine has none, unpacks the one inside @sparticuz/chromium, once.
// It must never be imported by app/ or actions/ outside their tests: those take the path of a browser as an option.

import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { findChromium, isExecutable } from '#adapters/browser/chromium';

const PATIENCE_MS = 120_000; // unpacking takes about 6 s alone, several times that on a busy machine

type Say = (line: string) => void;

/** The path of a Chromium-like executable. `say` hears a sentence when this takes a while. */
export async function installedChromium(say: Say = () => {}): Promise<string> {
  return (await findChromium()) ?? (await unpackedChromium(say));
}

/**
 * The packed Chromium, unpacked into a folder below the system's temporary one that only this user may write to. Several
 * processes may ask at once: one unpacks, the others wait. Throws when the folder is somebody else's, or time is over.
 */
export async function unpackedChromium(say: Say): Promise<string> {
  const packed = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(await readFile(join(packed, '../package.json'), 'utf8'));
  const folder = join(tmpdir(), `vigil-chromium-${version}-${process.getuid?.() ?? 'user'}`);
  await mkdir(folder, { mode: 0o700 }).catch(unlessItExists);
  await refuseForeign(folder);
  const path = join(folder, 'chromium');
  const lock = join(folder, 'lock');
  const deadline = Date.now() + PATIENCE_MS;
  for (let told = false; !(await isExecutable(path)); ) {
    if (await writeFile(lock, String(process.pid), { flag: 'wx' }).then(() => true, unlessItExists)) {
      try {
        // Whoever held the lock before may have finished between our look and our turn.
        if (!(await isExecutable(path))) await unpack(join(packed, 'chromium.br'), path, say);
      } finally {
        await rm(lock, { force: true });
      }
    } else {
      if (!told) say('Another process is unpacking Chromium; waiting for it.');
      told = true;
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (owner > 0 && !runs(owner)) await rm(lock, { force: true });
      if (Date.now() > deadline) throw new Error(`${path} did not appear; remove ${folder} and try again`);
      await sleep(100);
    }
  }
  return path;
}

async function unpack(packed: string, path: string, say: Say): Promise<void> {
  say('Unpacking Chromium from @sparticuz/chromium, once (about 6 s).');
  const partial = `${path}.${process.pid}`;
  const target = createWriteStream(partial, { mode: 0o700 });
  await pipeline(createReadStream(packed), createBrotliDecompress({ chunkSize: 2 ** 21 }), target);
  await rename(partial, path);
}

// The folder's name can be guessed and the temporary folder is everybody's: what lies there runs with our rights.
async function refuseForeign(folder: string): Promise<void> {
  const info = await lstat(folder);
  const mine = process.getuid === undefined || info.uid === process.getuid();
  if (info.isDirectory() && mine && (info.mode & 0o022) === 0) return;
  throw new Error(`${folder} is not a folder that only this user may write to`);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function unlessItExists(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EEXIST') throw error;
}
