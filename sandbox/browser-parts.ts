// What the packed Chromium needs of a machine and a bare one lacks: a few libraries, and letters to write with. They lie in the
// same package. It must never be used where the machine has its own: those fit it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** Whether it starts here: a program may be there and not run, for want of libraries or as Ubuntu's stub of a snap. */
export async function runs(path: string): Promise<boolean> {
  const asked = promisify(execFile)(path, ['--version', '--no-sandbox'], { timeout: 10_000 });
  return asked.then(
    ({ stdout }) => /\d+\.\d+\.\d+/.test(stdout),
    () => false,
  );
}

/**
 * This Chromium as it starts on this machine: itself, or a script that gives it what is missing. `packed`: the folder of the
 * archives; `place`: where script and parts may lie, asked for only then. If its libraries do not help, whoever starts the
 * script hears why not.
 */
export async function withItsParts(
  chromium: string,
  packed: string,
  place: () => Promise<string>,
  letters: () => Promise<boolean> = hasFonts,
): Promise<string> {
  const [started, written] = await Promise.all([runs(chromium), letters()]);
  if (started && written) return chromium;
  const folder = await place();
  const lines = ['#!/bin/sh'];
  if (!started) {
    const libraries = join(await part(join(packed, 'al2023.tar.br'), join(folder, 'libraries')), 'lib');
    lines.push(`export LD_LIBRARY_PATH=${quoted(libraries)}`);
  }
  if (!written) {
    const fonts = await part(join(packed, 'fonts.tar.br'), join(folder, 'fonts'));
    const settings = join(folder, 'fonts.conf');
    await atOnce(
      settings,
      `<fontconfig><dir>${escaped(fonts)}</dir><cachedir prefix="xdg">c</cachedir></fontconfig>`,
    );
    lines.push(`export FONTCONFIG_FILE=${quoted(settings)}`);
  }
  const script = join(folder, 'chromium-with-its-parts');
  await atOnce(script, `${lines.join('\n')}\nexec ${quoted(chromium)} "$@"\n`, 0o755);
  return script;
}

/** Settings of fontconfig, and at least one font where they usually are. */
async function hasFonts(): Promise<boolean> {
  const set = await access('/etc/fonts/fonts.conf').then(
    () => true,
    () => false,
  );
  const places = ['/usr/share/fonts', '/usr/local/share/fonts'];
  const files = await Promise.all(places.map((place) => readdir(place, { recursive: true }).catch(() => [])));
  return set && files.flat().some((name) => /\.(ttf|ttc|otf)$/i.test(name));
}

/** What an archive holds, unpacked once into `folder`; whoever comes at the same time unpacks it for nothing. */
async function part(archive: string, folder: string): Promise<string> {
  const there = () =>
    access(folder).then(
      () => true,
      () => false,
    );
  if (await there()) return folder;
  const partial = await mkdtemp(`${folder}-`);
  try {
    const tar = spawn('tar', ['-x', '-C', partial], { stdio: ['pipe', 'ignore', 'inherit'] });
    const ended = once(tar, 'exit');
    tar.stdin.on('error', () => undefined); // it may stop reading at the end of what it holds; its exit code tells
    tar.stdin.end(await promisify(brotliDecompress)(await readFile(archive)));
    const [code] = await ended;
    if (code !== 0) throw new Error(`tar ended with ${code} at ${archive}`);
    await rename(partial, folder).catch(async (error: unknown) => {
      if (!(await there())) throw error;
    });
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Never half a file, whoever reads or writes it at the same time. */
async function atOnce(path: string, text: string, mode = 0o644): Promise<void> {
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, text, { mode });
  await rename(partial, path);
}

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;
const escaped = (path: string): string => path.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
