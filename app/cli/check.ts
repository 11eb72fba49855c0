// `vigil check [DIR]`: checks the settings and runbooks in a checkout, before anybody commits them.
// Must never change a file, and never approve anything: only what the desk reads from main counts.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SETTINGS_PATH } from '#adapters/git/source';
import { checkAddress, checkCaller } from './check-callers.ts';
import { checkRunbook } from './check-runbook.ts';
import { checkSettings } from './check-settings.ts';
import { type Command, type ExitCode, InputError, oneWord, type Shell } from './command.ts';
import { topOf } from './inventory.ts';
import type { Problem } from './problem.ts';
import { count, paint } from './terminal.ts';

const usage = `Usage: npm run vigil -- check [DIR] [--json]

Checks .github/vigil.yml and every runbook of a checkout, as its files are now. DIR is the top of the checkout; default:
the one you stand in. Nothing is changed and no network is used.

  vigil.yml   schema with no unknown keys, names that are unique, and the app's address
  workflows/  all callers call the commit of Vigil that vigil.product in vigil.yml names
  runbooks/   front matter; one fix, at most one undo and one verify block; every parameter is in the inventory of that
              service; the scripts, with the inventory's values, judged by the policy (refused is a problem, review a
              warning); the verify plan binds; ids are unique; what the verify plan cannot see (notes)

  --json      print one JSON object: ok, files, problems of {file, line, level, cause, cure}

Each line reads file:line: cause. cure. Warnings and notes do not fail the check.
The rest of the workflows is checked by \`npm run lint:workflows\`, which needs this project's development packages.
Exit codes: 0 no problem, 1 problems, 2 wrong usage or no such directory.

  npm run vigil -- check ../our-vigil-repository
`;

type Checked = { files: string[]; problems: Problem[] };

export const checkCommand: Command = {
  name: 'check',
  summary: 'validate vigil.yml and all runbooks of a checkout',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const dir = resolve(shell.cwd, oneWord(positionals, 'directory') ?? topOf(shell.cwd));
    if (!(await stat(dir).catch(() => null))?.isDirectory()) throw new InputError(`${dir} is no directory`);
    return tell(await checkCheckout(dir), values.json, shell);
  },
};

async function checkCheckout(dir: string): Promise<Checked> {
  const files: string[] = [SETTINGS_PATH];
  const settingsText = await read(dir, SETTINGS_PATH);
  const { settings, problems } =
    settingsText === null ? missing() : checkSettings(settingsText, SETTINGS_PATH);
  if (settings) {
    problems.push(...checkAddress(settings, SETTINGS_PATH));
    for (const file of await workflowsIn(dir))
      problems.push(...checkCaller((await read(dir, file)) ?? '', file, settings));
  }
  const ids = new Map<string, string>();
  for (const file of await runbooksIn(dir)) {
    files.push(file);
    const checked = checkRunbook((await read(dir, file)) ?? '', file, settings);
    problems.push(...checked.problems);
    const other = checked.id === null ? undefined : ids.get(checked.id);
    if (other !== undefined)
      problems.push({
        ...{ file, line: 2, level: 'problem', cause: `the id ${checked.id} is that of ${other} already` },
        cure: 'Give each runbook an id of its own',
      });
    else if (checked.id !== null) ids.set(checked.id, file);
  }
  return { files, problems };
}

function missing(): ReturnType<typeof checkSettings> {
  const cause = 'there is no such file, so Vigil would not start here';
  const cure =
    'Is this the top of the checkout? If so, copy the file from this project and put your services in';
  return { settings: null, problems: [{ file: SETTINGS_PATH, line: 1, level: 'problem', cause, cure }] };
}

async function runbooksIn(dir: string): Promise<string[]> {
  const root = join(dir, 'runbooks');
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.name.endsWith('README.md'))
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort();
}

async function workflowsIn(dir: string): Promise<string[]> {
  const folder = '.github/workflows';
  const names = await readdir(join(dir, folder)).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}

async function read(dir: string, file: string): Promise<string | null> {
  return readFile(join(dir, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new InputError(`${file} cannot be read: ${error.message}`, { cause: error });
  });
}

function tell({ files, problems }: Checked, asJson: boolean, shell: Shell): ExitCode {
  const sorted = [...problems].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  const [faults, warnings] = (['problem', 'warning'] as const).map(
    (one) => sorted.filter(({ level }) => level === one).length,
  ) as [number, number];
  const ok = faults === 0;
  if (asJson) shell.out(`${JSON.stringify({ ok, files, problems: sorted })}\n`);
  else {
    for (const { file, line, level, cause, cure } of sorted) {
      const mark = level === 'problem' ? '' : paint(shell, 'yellow', `${level}: `);
      shell.out(`${paint(shell, 'bold', `${file}:${line}:`)} ${mark}${stop(cause)} ${stop(cure)}\n`);
    }
    const verdict = ok ? paint(shell, 'green', 'ok') : paint(shell, 'red', 'failed');
    shell.out(
      `${verdict}: ${SETTINGS_PATH} and ${count(files.length - 1, 'runbook')}, ${count(faults, 'problem')}, ${count(warnings, 'warning')}\n`,
    );
  }
  return ok ? 0 : 1;
}

const stop = (sentence: string): string => (sentence.endsWith('.') ? sentence : `${sentence}.`);
