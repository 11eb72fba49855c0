// The page of `vigil verify` as a file, and the looks of an earlier run that it begins with. Must never leave half a page, nor grow with
// the time somebody watches.
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { Sample } from '#core/verification/plan';
import { InputError, type Shell } from './command.ts';
import { type History, type Page, pageOf } from './verify-page.ts';
import type { Look } from './verify-report.ts';

const MOST_LOOKS = 5000; // of one plan; its first ones stay, since they are what was before
const Line = z.discriminatedUnion('type', [
  Sample.omit({ counts: true }).extend({
    ...{ type: z.literal('look'), file: z.string(), kind: z.string(), round: z.int() },
    at: z.iso.datetime().transform((at) => Date.parse(at)),
    was: Sample.shape.outcome.nullable(),
    reason: z.string().max(500).nullable(),
    ...{ service: z.unknown(), engines: z.array(Sample.shape.engine).min(1), counts: z.unknown() },
  }),
  z.object({ type: z.literal('result') }),
  z.object({ type: z.literal('picture') }),
]);

/** The looks that an earlier run wrote with --json, by file. */
export async function earlierLooks(file: string, shell: Shell): Promise<ReadonlyMap<string, Look[]>> {
  const text = await readFile(resolve(shell.cwd, file), 'utf8').catch((error: Error) => {
    throw new InputError(`${file} cannot be read: ${error.message}`, { cause: error });
  });
  const found = new Map<string, Look[]>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = Line.safeParse(jsonOf(line));
    if (!parsed.success) throw new InputError(`${file}:${index + 1}: no line of \`vigil verify --json\``);
    if (parsed.data.type !== 'look') continue;
    const { type: _, file: of, engines, service: _service, counts: _counts, ...look } = parsed.data;
    const agreed = engines.length > 1 && look.overruled === null ? { agreed: 'lightpanda' as const } : {};
    found.set(of, [...(found.get(of) ?? []), { ...look, ...agreed }]);
  }
  return found;
}

/** Of one file, whatever it is called now. Of several, of those that are called the same. */
export function beforeOf(earlier: ReadonlyMap<string, Look[]> | null, file: string): readonly Look[] {
  const [only, more] = [...(earlier?.values() ?? [])];
  return earlier?.get(file) ?? (more === undefined ? (only ?? []) : []);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Adds the looks of a round, and lets go of the middle when they are too many. */
export function remember(history: History, looks: readonly Look[]): void {
  history.looks.push(...looks);
  const over = history.looks.length - MOST_LOOKS;
  if (over > 0) history.looks.splice(Math.floor(MOST_LOOKS / 10), over);
}

/** The whole page or, when that cannot be written, the one before it. */
export async function writePage(file: string, page: Page, shell: Shell): Promise<void> {
  const path = resolve(shell.cwd, file);
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(beside, pageOf(page), { flag: 'wx' });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new InputError(`${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
