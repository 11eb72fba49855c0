// The files through which a step speaks to the runner: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH, GITHUB_STATE and
// GITHUB_STEP_SUMMARY. Must never execute or expand what it reads.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KINDS = ['output', 'env', 'path', 'state', 'step_summary'] as const;
const SUMMARY_BYTES = 1024 * 1024;
export type StepFiles = Record<(typeof KINDS)[number], string>;

/** Creates one empty set under `folder`; every step gets its own. */
export async function createFiles(folder: string): Promise<StepFiles> {
  await mkdir(folder, { recursive: true });
  const suffix = randomUUID();
  const path = (kind: string) => join(folder, `${kind}_${suffix}`);
  await Promise.all(KINDS.map((kind) => writeFile(path(kind), '')));
  return {
    output: path('output'),
    env: path('env'),
    path: path('path'),
    state: path('state'),
    step_summary: path('step_summary'),
  };
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
    if (mark === '=') pairs[name] = rest;
    else {
      const end = lines.indexOf(rest, index + 1);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
      pairs[name] = lines.slice(index + 1, end).join('\n');
      index = end;
    }
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
  if (bytes > SUMMARY_BYTES) throw new Error(`$GITHUB_STEP_SUMMARY holds at most 1024k, got ${bytes >> 10}k`);
  return summary;
}
