// Finds a Chromium for tests and demo; when the machine has none that runs, unpacks the one inside @sparticuz/chromium, once.
// It must never be imported by app/ or actions/ outside their tests: those take the path of a browser as an option.

import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { findChromium, isExecutable, launchChromium } from '#adapters/browser/chromium';
import { runs, withItsParts } from './browser-parts.ts';
import { folderOfProcess } from './folder.ts';

const PATIENCE_MS = 120_000; // unpacking takes about 6 s alone, several times that on a busy machine
const packed = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));

type Say = (line: string) => void;

/** The path of a Chromium-like executable that starts here. `say` hears a sentence when this takes a while. */
export async function installedChromium(say: Say = () => {}): Promise<string> {
  return (await startableChromium(say)).path;
}

/** The same; `boxed` tells whether it keeps its own sandbox, which it cannot build everywhere. */
export async function startableChromium(say: Say): Promise<{ path: string; boxed: boolean }> {
  const path = process.env['CHROMIUM_PATH'] || (await findChromium(runs)) || (await unpackedChromium(say));
  if (process.getuid?.() === 0 || (await mayMakeNamespaces())) return { path, boxed: true };
  const launched = await launchChromium(path);
  if (launched.ok) {
    await launched.chromium.close();
    return { path, boxed: true };
  }
  return { path: await unboxed(path), boxed: false };
}

/** Whether this user may build walls of the kind Chromium's sandbox needs. Ubuntu forbids them, and so do many containers. */
async function mayMakeNamespaces(): Promise<boolean> {
  return promisify(execFile)('unshare', ['--user', '--map-root-user', '--pid', '--fork', 'true']).then(
    () => true,
    () => false,
  );
}

// Jobs and tests take a path and no options. The pages that they open are this project's own.
async function unboxed(path: string): Promise<string> {
  const folder = folderOfProcess('vigil-browser-').path;
  const script = join(folder, 'chromium');
  const program = `'${path.replaceAll("'", "'\\''")}'`;
  await writeFile(script, `#!/bin/sh\nexec ${program} --no-sandbox "$@"\n`, { mode: 0o700 });
  return script;
}

/**
 * The packed Chromium, unpacked beside the packages of this project, else below this user's home, else for this process only.
 * Several processes may ask at once: one unpacks, the others wait. Throws when time is over.
 */
export async function unpackedChromium(say: Say, caches = usualCaches()): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packed, '../package.json'), 'utf8'));
  for (const cache of caches) {
    const folder = join(cache, `chromium-${version}`);
    const path = join(folder, 'chromium');
    if ((await isExecutable(path)) && (await isOurs(folder))) return startable(folder);
    const made = await mkdir(folder, { recursive: true, mode: 0o755 }).then(
      () => true,
      () => false,
    );
    if (made && (await isOurs(folder)) && (await mayWrite(folder))) {
      await onceUnpacked(folder, say);
      return startable(folder);
    }
  }
  const folder = folderOfProcess('vigil-chromium-').path;
  await onceUnpacked(folder, say);
  return startable(folder);
}

function startable(folder: string): Promise<string> {
  return withItsParts(join(folder, 'chromium'), packed, async () => {
    // Where it lies may not be ours to write to. What is missing is then put together for this process only.
    return (await mayWrite(folder)) ? folder : folderOfProcess('vigil-chromium-').path;
  });
}

function usualCaches(): string[] {
  const { XDG_CACHE_HOME, HOME } = process.env;
  const own = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  return [join(packed, '../../../.cache/vigil'), ...(own ? [join(own, 'vigil')] : [])];
}

async function onceUnpacked(folder: string, say: Say): Promise<void> {
  const path = join(folder, 'chromium');
  const lock = join(folder, 'lock');
  const unlock = (): void => rmSync(lock, { force: true });
  const deadline = Date.now() + PATIENCE_MS;
  for (let told = false; !(await isExecutable(path)); ) {
    if (await writeFile(lock, String(process.pid), { flag: 'wx' }).then(() => true, unlessItExists)) {
      process.once('exit', unlock);
      try {
        // Whoever held the lock before may have finished between our look and our turn.
        if (!(await isExecutable(path))) await unpack(join(packed, 'chromium.br'), path, say);
      } finally {
        unlock();
        process.removeListener('exit', unlock);
      }
      if (!(await isExecutable(path)))
        throw new Error(`${path} may not be executed; is it on a file system mounted noexec?`);
    } else {
      if (!told) say('Another process is unpacking Chromium; waiting for it.');
      told = true;
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
      if (Date.now() > deadline) throw new Error(`${path} did not appear; remove ${folder} and try again`);
      await sleep(100);
    }
  }
}

async function unpack(packed: string, path: string, say: Say): Promise<void> {
  say('Unpacking Chromium from @sparticuz/chromium, once (about 6 s).');
  const partial = `${path}.${process.pid}`;
  const remove = (): void => rmSync(partial, { force: true });
  process.once('exit', remove);
  try {
    const target = createWriteStream(partial, { mode: 0o755 });
    await pipeline(createReadStream(packed), createBrotliDecompress({ chunkSize: 2 ** 21 }), target);
    await rename(partial, path);
  } finally {
    remove();
    process.removeListener('exit', remove);
  }
}

// What lies there runs with our rights, so only we, root or whoever installed the packages may have put it there.
async function isOurs(folder: string): Promise<boolean> {
  const [info, installed] = await Promise.all([lstat(folder).catch(() => null), lstat(packed)]);
  const owners = [process.getuid?.(), 0, installed.uid];
  return info?.isDirectory() === true && owners.includes(info.uid) && (info.mode & 0o022) === 0;
}

async function mayWrite(folder: string): Promise<boolean> {
  const probe = join(folder, `.${process.pid}`);
  return writeFile(probe, '').then(
    () => rm(probe, { force: true }).then(() => true),
    () => false,
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // somebody else's
  }
}

function unlessItExists(error: NodeJS.ErrnoException): false {
  if (error.code !== 'EEXIST') throw error;
  return false;
}
