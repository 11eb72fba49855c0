// Stands in for actions/upload-artifact: keeps a run's files in a folder of the sandbox, beside a note of when they would be gone. It must
// never be kinder than GitHub's: what that refuses, this refuses. https://github.com/actions/upload-artifact
import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';

const told = (name: string): string => process.env[`INPUT_${name.toUpperCase()}`] ?? '';
const store = process.env['SANDBOX_ARTIFACTS'] ?? '';
const MOST_DAYS = 90; // unless the repository says more

async function filesIn(path: string, hidden: boolean): Promise<string[]> {
  const known = await stat(path).catch(() => null);
  if (known === null) return [];
  if (!known.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => hidden || !name.startsWith('.')).sort();
  return (await Promise.all(names.map((name) => filesIn(join(path, name), hidden)))).flat();
}

/** Why there is no artifact; null: there is one. */
async function upload(): Promise<string | null> {
  const [name, path] = [told('name'), resolve(told('path'))];
  if (told('path') === '') return 'Input required and not supplied: path';
  if (name === '' || /["<>|*?:\r\n\\/]/.test(name)) return `The artifact name is not valid: ${name}`;
  for (const [input, usual] of [
    ['archive', 'true'],
    ['compression-level', '6'],
  ] as const)
    if (told(input) !== usual) return `${input} is not rebuilt in the sandbox`;
  if (/[*?[\]!\n]/.test(told('path'))) return 'a pattern as path is not rebuilt in the sandbox';
  const days = told('retention-days') === '' ? 0 : Number(told('retention-days'));
  if (!Number.isInteger(days) || days < 0 || days > MOST_DAYS) return `Invalid retention-days: ${days}`;
  const files = await filesIn(path, told('include-hidden-files') === 'true');
  if (files.length === 0) {
    const [how, words] = [told('if-no-files-found'), `No files were found with the provided path: ${path}`];
    if (how === 'error') return `${words}. No artifacts will be uploaded.`;
    process.stdout.write(
      `${how === 'ignore' ? '' : '::warning::'}${words}. No artifacts will be uploaded.\n`,
    );
    return null;
  }
  const [folder, note] = [join(store, name), join(store, `${name}.json`)];
  if ((await stat(note).catch(() => null)) !== null) {
    if (told('overwrite') !== 'true')
      return 'Failed to CreateArtifact: Received non-retryable error: (409) Conflict: an artifact with this name already exists on the workflow run';
    await rm(folder, { recursive: true });
  }
  const root = (await stat(path)).isDirectory() ? path : dirname(path);
  const hash = createHash('sha256');
  for (const file of files) {
    const to = join(folder, relative(root, file) || basename(file));
    await mkdir(dirname(to), { recursive: true });
    await cp(file, to);
    hash.update(await readFile(file));
  }
  const kept = { name, files: files.map((file) => relative(root, file)), days: days || MOST_DAYS };
  await writeFile(note, JSON.stringify(kept));
  const id = (await readdir(store)).filter((one) => one.endsWith('.json')).length;
  const run = `${process.env['GITHUB_SERVER_URL']}/${process.env['GITHUB_REPOSITORY']}/actions/runs/${process.env['GITHUB_RUN_ID']}`;
  const outputs = {
    'artifact-id': id,
    'artifact-url': `${run}/artifacts/${id}`,
    'artifact-digest': hash.digest('hex'),
  };
  const lines = Object.entries(outputs).map(([output, value]) => `${output}=${value}\n`);
  await appendFile(process.env['GITHUB_OUTPUT'] ?? '', lines.join(''));
  process.stdout.write(`Artifact ${name}: ${kept.files.length} files, kept for ${kept.days} days\n`);
  return null;
}

process.stdout.write(
  "This is the sandbox's stand-in for actions/upload-artifact: nothing leaves this machine.\n",
);
const why = await upload();
if (why !== null) {
  process.stdout.write(`::error::${why}\n`);
  process.exitCode = 1;
}
