// Single looks at this machine: what is here, and what to do about what is not. It must never change anything but files of
// its own, which it removes.
import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable, launchChromium } from '#adapters/browser/chromium';
import { startableChromium } from './browser.ts';
import { probe, systemPath } from './coder/isolation.ts';
import { type Folder, folderOfProcess } from './folder.ts';

/**
 * `cure` is null where nothing is amiss; `stops` says that no world can run until it is cured. `brief` is for a line that
 * has room for little more than names.
 */
export type Finding = { what: string; found: string; cure: string | null; stops: boolean; brief?: string };
const GIT = [2, 34] as const; // GIT_CONFIG_COUNT came with 2.31, signatures by SSH keys with 2.34
const TOOLS = [
  ...['bash', 'gzip', 'base64', 'sha256sum', 'timeout', 'tail', 'head', 'stat'],
  ...['env', 'fold', 'mktemp', 'tr'],
];
const DISK_MB = 600; // three worlds at most, each with a browser's profile
const WORLD_MB = 700;
const PATIENCE_MS = 10_000;

export const fine = (what: string, found: string, brief?: string): Finding => ({
  ...{ what, found, cure: null, stops: false },
  ...(brief === undefined ? {} : { brief }),
});
const stop = (what: string, found: string, cure: string): Finding => ({ what, found, cure, stops: true });
const note = (what: string, found: string, cure: string): Finding => ({ what, found, cure, stops: false });

export async function gitHere(): Promise<Finding> {
  const said = await outputOf('git', ['--version']);
  if (said === null) return stop('git', 'not found', 'Install it (`apt-get install git`).');
  const [, version = '', major, minor] = /git version ((\d+)\.(\d+)\S*)/.exec(said) ?? [];
  if (version === '')
    return stop('git', `says ${said.slice(0, 60)}`, 'Put a git on PATH that tells its version.');
  const [atLeast, since] = GIT;
  const old = Number(major) < atLeast || (Number(major) === atLeast && Number(minor) < since);
  return old
    ? stop('git', `${version} is too old`, `Install git ${GIT.join('.')} or newer.`)
    : fine('git', version, `git ${version}`);
}

/** Whether a workspace finds a program, on the PATH that it has there. */
async function isFound(tool: string): Promise<boolean> {
  const there = systemPath.split(delimiter).map((folder) => isExecutable(join(folder, tool)));
  return (await Promise.all(there)).includes(true);
}

/** What a workspace runs. */
export async function toolsHere(): Promise<Finding> {
  const missing: string[] = [];
  for (const tool of TOOLS) if (!(await isFound(tool))) missing.push(tool);
  return missing.length === 0
    ? fine('bash', 'and coreutils')
    : stop(
        'bash',
        `${missing.join(', ')} not found in ${systemPath}`,
        'Install bash, gzip and GNU coreutils there.',
      );
}

/** Worlds live below the temporary folder, and programs are started from there. */
export async function temporaryHere(): Promise<Finding> {
  const folder = tmpdir();
  let own: Folder | null = null;
  try {
    own = folderOfProcess('vigil-');
    const program = join(own.path, 'program');
    await writeFile(program, '#!/bin/sh\n');
    await chmod(program, 0o700);
    if ((await outputOf(program, [])) === null)
      return stop(
        'temp',
        `nothing may be executed in ${folder}`,
        'Set TMPDIR to a folder that is not mounted noexec.',
      );
    const { bavail, bsize } = await statfs(own.path);
    const free = (bavail * bsize) / 2 ** 20;
    if (free < DISK_MB)
      return stop(
        'temp',
        `${Math.round(free)} MB free in ${folder}`,
        `Free ${DISK_MB} MB, or set TMPDIR to another folder.`,
      );
    return fine('temp', folder);
  } catch (error) {
    return stop('temp', `${folder} may not be written to${why(error)}`, 'Set TMPDIR to a folder that may.');
  } finally {
    await own?.remove();
  }
}

export async function outputHere(folder: string): Promise<Finding> {
  const file = join(folder, `.${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, '');
    await rm(file, { force: true });
    return fine('pictures', folder);
  } catch (error) {
    const found = `none are kept, ${folder} may not be written to${why(error)}`;
    return note('pictures', found, '--screenshots DIR names another folder.');
  }
}

export async function wallsHere(): Promise<Finding> {
  const { path: folder, remove } = folderOfProcess('vigil-');
  try {
    if ((await probe('bwrap', folder, folder)) === 'bubblewrap')
      return fine('scripts', 'run in bubblewrap', 'bubblewrap');
  } finally {
    await remove();
  }
  if (!(await isFound('curl')))
    return stop('scripts', 'neither bubblewrap nor curl here', 'Install curl (`apt-get install curl`).');
  const there = (await outputOf('bwrap', ['--version'])) !== null;
  return note(
    'scripts',
    there
      ? 'bubblewrap may not make namespaces here, so only the demo’s own may run'
      : 'no bubblewrap here, so only the demo’s own may run',
    there
      ? 'Nothing else is needed for the demo.'
      : 'The demo needs no more; `apt-get install bubblewrap` lifts it.',
  );
}

export async function browserHere(say: (line: string) => void): Promise<{ finding: Finding; path: string }> {
  try {
    const { path, boxed } = await startableChromium(say);
    const launched = await launchChromium(path);
    if (!launched.ok) throw new Error(launched.reason);
    await launched.chromium.close();
    if (boxed) return { finding: fine('browser', path, 'Chromium'), path };
    const found = 'it may not build its own sandbox here, so it runs without, on pages of the demo only';
    return { finding: note('browser', found, 'User namespaces for everybody lift that.'), path };
  } catch (error) {
    const cure = 'Install Chromium, or set CHROMIUM_PATH to one that starts.';
    return { finding: stop('browser', (error as Error).message, cure), path: '' };
  }
}

export function memoryHere(): { finding: Finding; room: number } {
  const free = Math.round(process.availableMemory() / 2 ** 20);
  const room = Math.max(1, Math.floor(free / WORLD_MB));
  const found = `${(free / 1024).toFixed(1)} GB free`;
  if (free >= WORLD_MB) return { finding: fine('memory', found, found), room };
  return {
    finding: note('memory', `${free} MB free`, `A story wants ${WORLD_MB} MB and may end late.`),
    room,
  };
}

async function outputOf(program: string, args: string[]): Promise<string | null> {
  const ran = promisify(execFile)(program, args, { timeout: PATIENCE_MS });
  return ran.then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

function why(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = new Map([
    ['ENOENT', 'it does not exist'],
    ['EACCES', 'permission denied'],
    ['EROFS', 'it is read-only'],
    ['ENOSPC', 'the disk is full'],
    ['ENOTDIR', 'it is no folder'],
    ['EEXIST', 'it is no folder'],
  ]);
  return `: ${words.get(code) ?? (error instanceof Error ? error.message : String(error))}`;
}
