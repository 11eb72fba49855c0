// The files through which a step speaks to the runner (GITHUB_OUTPUT and its kin). Must never execute or expand what it
// reads. https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
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

/**
 * Reads `NAME=value` lines and `NAME<<DELIMITER` blocks. What was read stays when a later line is wrong, for which it
 * throws, as the real runner does.
 */
export async function readPairs(file: string, keep: (name: string, value: string) => void): Promise<void> {
  const lines = (await content(file)).split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const [, name, mark, rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (name === undefined) throw new Error(`Invalid format '${line}'`);
    if (mark === '<<' && (name === '' || rest === ''))
      throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
    const end = mark === '=' ? index : lines.indexOf(rest, index + 1);
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
    keep(name, mark === '=' ? rest : lines.slice(index + 1, end).join('\n'));
    index = end;
  }
}

/** The folders a step added to PATH. */
export const readPaths = async (file: string): Promise<string[]> =>
  (await content(file)).split(LINE_END).filter(Boolean);

/** The step's Markdown summary, line by line; `refuse` is told when it is too long for an upload. */
export async function readSummary(file: string, refuse: (message: string) => void): Promise<string[]> {
  const summary = await content(file);
  const bytes = Buffer.byteLength(summary);
  if (bytes > SUMMARY_BYTES) {
    const sizes = `supports content up to a size of 1024k, got ${Math.floor(bytes / 1024)}k`;
    refuse(`$GITHUB_STEP_SUMMARY upload aborted, ${sizes}.`);
    return [];
  }
  return summary === '' ? [] : summary.replace(/(\r\n|\n|\r)$/, '').split(LINE_END);
}

const LINE_END = /\r\n|\n|\r/;

/** Without a byte order mark; empty when the step removed its file. */
async function content(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}
