// What the repository's main says: settings, runbooks and remediation folders, read as blobs of one commit.
// Must never read a working tree: what a checkout holds is nobody's approval.
import { load as parseYaml } from 'js-yaml';
import * as z from 'zod';
import { gitBlobId, sha256 } from '#core/hash';
import { blockHash, FrontMatter, type Runbook, splitRunbook } from '#core/runbook';
import { Settings } from '#core/settings';
import { VerifyPlan } from '#core/verify-plan';
import { type Clone, fetchBranch } from './git.ts';
import { yamlLines } from './yaml-lines.ts';

export type Problem = { file: string; line: number; reason: string };
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: Problem };
export type Source = {
  commit: string;
  settings: Settings;
  settingsSha256: string;
  runbooks: Runbook[];
  problems: Problem[];
};

export const SETTINGS_PATH = '.github/vigil.yml';

function yaml(text: string, file: string, line = 1): Parsed<unknown> {
  try {
    return { ok: true, value: parseYaml(text) };
  } catch (cause) {
    const { mark, reason } = cause as { mark?: { line?: number }; reason?: string };
    return {
      ok: false,
      problem: {
        file,
        line: line + (mark?.line ?? 0),
        // The message would count lines from the start of this piece.
        reason: reason ?? 'not YAML',
      },
    };
  }
}

/** Parses vigil.yml. Errors name file, line (of the nearest key) and cause. */
export function parseSettings(text: string, file = SETTINGS_PATH): Parsed<Settings> {
  const raw = yaml(text, file);
  if (!raw.ok) return raw;
  const parsed = Settings.safeParse(raw.value);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problem: fault(text, file, parsed.error) };
}

/** Parses one runbook file. */
export function parseRunbook(text: string, file: string): Parsed<Runbook> {
  const split = splitRunbook(text);
  if (!split.ok) return { ok: false, problem: { file, line: split.line, reason: split.reason } };
  const raw = yaml(split.frontMatter, file, 2);
  if (!raw.ok) return raw;
  const parsed = FrontMatter.safeParse(raw.value);
  if (!parsed.success) return { ok: false, problem: fault(split.frontMatter, file, parsed.error, 2) };
  const { remediation: meta, ...front } = parsed.data;
  const base = { ...front, path: file, body: split.body, sha256: sha256(text) };
  if (!meta) return { ok: true, value: { ...base, block: null, remediation: null } };
  const find = (info: string) => split.fences.filter((fence) => fence.info === info);
  for (const info of ['bash fix', 'yaml verify']) {
    if (find(info).length !== 1)
      return {
        ok: false,
        problem: {
          file,
          line: split.bodyLine,
          reason: `needs exactly one \`\`\`${info} block, has ${find(info).length}`,
        },
      };
  }
  if (find('bash undo').length > 1)
    return {
      ok: false,
      problem: {
        file,
        line: split.bodyLine,
        reason: `needs at most one \`\`\`bash undo block, has ${find('bash undo').length}`,
      },
    };
  const [fix, undo, verify] = [find('bash fix')[0], find('bash undo')[0], find('yaml verify')[0]];
  if (!fix || !verify)
    return {
      ok: false,
      problem: { file, line: split.bodyLine, reason: 'the remediation block is incomplete' },
    };
  const rawPlan = yaml(verify.text, file, verify.line);
  if (!rawPlan.ok) return rawPlan;
  const plan = VerifyPlan.safeParse(rawPlan.value);
  if (!plan.success) return { ok: false, problem: fault(verify.text, file, plan.error, verify.line) };
  const remediation = {
    ...meta,
    fix: fix.text,
    undo: undo?.text ?? null,
    verify: verify.text,
    plan: plan.data,
  };
  return { ok: true, value: { ...base, block: blockHash(remediation), remediation } };
}

/** The first fault of a YAML text whose first line is `line` of the file. */
function fault(text: string, file: string, error: z.ZodError, line = 1): Problem {
  // A misspelled key comes with the complaint that the right one is missing; its own line is the one to look at.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  const path = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ];
  const reason = z.prettifyError(error).replace(/\n\s*/g, ' ');
  return { file, line: line - 1 + yamlLines(text)(path), reason };
}

/** Reads settings and runbooks of main's newest commit. Broken runbooks are named and left out; broken settings throw. */
export async function readSource(clone: Clone, cached: Source | null = null): Promise<Source> {
  const at = await fetchBranch(clone, 'main');
  if (!at) throw new Error('the repository has no branch main');
  if (cached?.commit === at) return cached;
  const settingsText = await readBlob(clone, at, SETTINGS_PATH);
  if (settingsText === null) throw new Error(`${SETTINGS_PATH} is missing on main`);
  const settings = parseSettings(settingsText);
  if (!settings.ok)
    throw new Error(`${settings.problem.file}:${settings.problem.line}: ${settings.problem.reason}`);
  const runbooks: Runbook[] = [];
  const problems: Problem[] = [];
  for (const path of await listBlobs(clone, at, 'runbooks')) {
    if (!path.endsWith('.md') || path.endsWith('README.md')) continue;
    const parsed = parseRunbook((await readBlob(clone, at, path)) ?? '', path);
    if (!parsed.ok) {
      problems.push(parsed.problem);
      continue;
    }
    const { id } = parsed.value;
    const twin = runbooks.find((runbook) => runbook.id === id);
    if (twin) problems.push({ file: path, line: 2, reason: `${twin.path} has the id ${id} already` });
    else runbooks.push(parsed.value);
  }
  return { commit: at, settings: settings.value, settingsSha256: sha256(settingsText), runbooks, problems };
}

export async function readBlob(clone: Clone, commit: string, path: string): Promise<string | null> {
  return clone
    .local()
    .raw('cat-file', 'blob', `${commit}:${path}`)
    .catch(() => null);
}

export async function listBlobs(clone: Clone, commit: string, folder: string): Promise<string[]> {
  const listed = await clone.local().raw('ls-tree', '-r', '--name-only', '-z', commit, '--', `${folder}/`);
  return listed.split('\0').filter((path) => path !== '');
}

/**
 * A remediation folder at a commit: names to contents. Anything that is not a plain file of text makes it null: bytes
 * that do not survive being read as text would run, and be approved, as something else.
 */
export async function readFolder(
  clone: Clone,
  commit: string,
  folder: string,
): Promise<Record<string, string> | null> {
  const listed = await clone.local().raw('ls-tree', '-z', commit, '--', `${folder}/`);
  const files: Record<string, string> = {};
  for (const row of listed.split('\0').filter((line) => line !== '')) {
    const [meta = '', path = ''] = row.split('\t');
    const [mode, , id] = meta.split(' ');
    const text = mode === '100644' ? await readBlob(clone, commit, path) : null;
    if (text === null || gitBlobId(text) !== id) return null;
    files[path.slice(folder.length + 1)] = text;
  }
  return files;
}
