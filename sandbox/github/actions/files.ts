// The files through which a step speaks to the runner (GITHUB_OUTPUT and its kin). Must never execute or expand what it
// reads. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SUMMARY_BYTES = 1024 * 1024;
export type StepFiles = Record<
  'GITHUB_OUTPUT' | 'GITHUB_ENV' | 'GITHUB_PATH' | 'GITHUB_STATE' | 'GITHUB_STEP_SUMMARY',
  string
>;

/** Creates one empty set in `folder`; every step gets its own. */
export async function createFiles(folder: string): Promise<StepFiles> {
  const at = join(folder, randomUUID());
  const files: StepFiles = {
    GITHUB_OUTPUT: join(at, 'output'),
    GITHUB_ENV: join(at, 'env'),
    GITHUB_PATH: join(at, 'path'),
    GITHUB_STATE: join(at, 'state'),
    GITHUB_STEP_SUMMARY: join(at, 'summary'),
  };
  await mkdir(at, { recursive: true });
  for (const file of Object.values(files)) await writeFile(file, '');
  return files;
}

/** Reads `NAME=value` lines and `NAME<<DELIMITER` blocks. Throws for anything else, as the real runner does. */
export async function readPairs(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const pairs: Record<string, string> = {};
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const [, name, mark, rest = ''] = /^(.+?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (!name || (mark === '<<' && rest === '')) throw new Error(`Invalid format '${line}'`);
    const end = mark === '=' ? index : lines.indexOf(rest, index + 1);
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
    pairs[name] = mark === '=' ? rest : lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return pairs;
}

/** The folders a step added to PATH. */
export const readPaths = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8')).split('\n').filter(Boolean);

/** The step's Markdown summary; throws over 1 MiB, GitHub's limit for one step. */
export async function readSummary(file: string): Promise<string> {
  const summary = await readFile(file, 'utf8');
  const bytes = Buffer.byteLength(summary);
  if (bytes > SUMMARY_BYTES)
    throw new Error(`A summary holds at most 1024k, got ${Math.ceil(bytes / 1024)}k`);
  return summary;
}
