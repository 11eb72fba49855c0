// Reads runbooks from a folder on disk. Each is judged alone: a broken one is named with line and reason, and the others go
// on. Only for `ingest`, `match` and `patterns`: what Vigil acts on is read from main (app/adapters/git/source.ts).
// Must never follow a link out of the folder.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { load } from 'js-yaml';
import { parseRunbook } from '#adapters/git/source';
import { judgeDocument } from '#adapters/sanity/rules';
import { yamlLines } from '#adapters/yaml-lines';
import { type RunbookDocument, RunbookDocument as Shape } from '#core/knowledge/documents';
import { runbookDocument } from '#core/knowledge/from-runbook';
import { type Guess, idOf, importPlain } from '#core/knowledge/plain';
import { type Runbook, splitRunbook } from '#core/knowledge/runbook';
import { sha256 } from '#core/text/hash';

type Refused = { file: string; line: number; reason: string };
export type Folder = {
  /** Path of the folder in its repository, such as `runbooks`. */
  path: string;
  files: string[];
  documents: RunbookDocument[];
  runbooks: Runbook[];
  refused: Refused[];
  guessed: { file: string; guesses: Guess[] }[];
};
type One =
  | { ok: true; document: RunbookDocument; runbook: Runbook | null; guesses: Guess[] }
  | { ok: false; line: number; reason: string };

const LARGEST = 1_000_000;

/** Reads every `.md` below `dir` except README.md. `services`: names to recognise in plain Markdown. */
export async function readRunbookFolder(dir: string, services: readonly string[] = []): Promise<Folder> {
  const path = await pathInRepository(dir);
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && /\.md$/i.test(entry.name) && !/^readme\.md$/i.test(entry.name))
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const folder: Folder = { path, files: [], documents: [], runbooks: [], refused: [], guessed: [] };
  const texts = new Map<string, string | null>();
  for (const name of names) texts.set(name, await readText(join(dir, name)));
  const known = [...new Set([...services, ...[...texts.values()].flatMap(serviceNamed)])];
  const owners = new Map<string, string>();
  for (const [name, text] of texts) {
    const file = `${path}/${name}`;
    folder.files.push(file);
    const one: One = text === null ? unreadable : readOne(text, file, known);
    if (!one.ok) {
      folder.refused.push({ file, line: one.line, reason: one.reason });
      continue;
    }
    const id = one.document.runbookId ?? '';
    const owner = owners.get(id);
    if (owner !== undefined) {
      folder.refused.push({ file, line: 2, reason: `${owner} has the id ${id} already` });
      continue;
    }
    owners.set(id, file);
    folder.documents.push(one.document);
    if (one.runbook) folder.runbooks.push(one.runbook);
    if (one.guesses.length > 0) folder.guessed.push({ file, guesses: one.guesses });
  }
  return folder;
}

const unreadable: One = {
  ok: false,
  line: 1,
  reason: `is no text in UTF-8, or larger than ${LARGEST} bytes`,
};

async function readText(path: string): Promise<string | null> {
  if ((await lstat(path)).size > LARGEST) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch {
    return null;
  }
}

/** One file. With front matter, the parser for main reads it; without, it is read as plain Markdown. */
function readOne(text: string, file: string, services: readonly string[]): One {
  if (!/^\ufeff?---\s*$/m.test(text.split('\n', 1)[0] ?? '')) {
    const imported = importPlain(text, file, services);
    return imported
      ? judged(imported.document, null, imported.guesses, () => 1)
      : { ok: false, line: 1, reason: 'holds no text' };
  }
  const clean = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  const split = splitRunbook(clean);
  if (!split.ok) return { ok: false, line: split.line, reason: split.reason };
  const id = idOf(file);
  // A runbook from elsewhere often has no id. The line is added at the end, so that the other lines keep their numbers.
  const named = hasId(split.frontMatter);
  const front = named ? split.frontMatter : `${split.frontMatter}\nid: ${id}`;
  const parsed = parseRunbook(`---\n${front}\n---\n${split.body}`, file);
  if (!parsed.ok) {
    const { line, reason } = parsed.problem;
    return { ok: false, line: named || line < split.bodyLine ? line : line - 1, reason };
  }
  const runbook = { ...parsed.value, sha256: sha256(text) };
  const guesses = named ? [] : [{ field: 'id', value: id, because: 'the name of the file' }];
  const document = runbookDocument(runbook);
  return judged(
    named ? document : { ...document, guessed: ['id'] },
    runbook,
    guesses,
    (field) => 1 + yamlLines(split.frontMatter)([field === 'failureTypes' ? 'failure_types' : field]),
  );
}

/** Both judges must accept a document before it may go anywhere. */
function judged(
  document: RunbookDocument,
  runbook: Runbook | null,
  guesses: Guess[],
  lineOf: (field: string) => number,
): One {
  const issue = Shape.safeParse(document).error?.issues[0];
  const fault = issue
    ? { path: issue.path.map(String).join('.'), message: issue.message }
    : judgeDocument(document)[0];
  return fault
    ? {
        ok: false,
        line: lineOf(/^\w*/.exec(fault.path)?.[0] ?? ''),
        reason: `${fault.path}: ${fault.message}`,
      }
    : { ok: true, document, runbook, guesses };
}

function frontOf(frontMatter: string): Record<string, unknown> {
  try {
    const value = load(frontMatter);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}

/** A front matter that cannot be read counts as having an id, so that its own fault is told. */
function hasId(frontMatter: string): boolean {
  const keys = Object.keys(frontOf(frontMatter));
  return keys.length === 0 || keys.includes('id');
}

function serviceNamed(text: string | null): string[] {
  const name = /^service:[ \t]*["']?([a-z0-9][a-z0-9._-]*)["']?[ \t]*$/m.exec(
    text?.slice(0, 4000) ?? '',
  )?.[1];
  return name ? [name] : [];
}

/** The folder's path from the top of its repository. Outside a repository, the folder's own name. */
async function pathInRepository(dir: string): Promise<string> {
  for (let top = dir; dirname(top) !== top; top = dirname(top)) {
    const git = await lstat(join(top, '.git')).catch(() => null);
    if (git) return relative(top, dir).split(sep).join('/') || basename(dir);
  }
  return basename(dir);
}
