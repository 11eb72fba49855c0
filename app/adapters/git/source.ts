// What the repository's main says: settings, runbooks and remediation folders, read as blobs of one commit.
// Must never read a working tree: what a checkout holds is nobody's approval.
import { load as parseYaml } from 'js-yaml';
import * as z from 'zod';
import { yamlLines } from '#adapters/yaml-lines';
import { renderFix } from '#core/catalogue/catalogue';
import {
  blockHash,
  FrontMatter,
  type Remediation,
  type Runbook,
  splitRunbook,
} from '#core/knowledge/runbook';
import { impossibleOf } from '#core/knowledge/undoing';
import { putBackOf } from '#core/knowledge/until';
import { Settings } from '#core/settings';
import { ENDLESS, hasEnd } from '#core/text/endless';
import { gitBlobId, sha256 } from '#core/text/hash';
import { VerifyPlan } from '#core/verification/plan';
import type { Clone } from './clone.ts';
import { fetchDefault } from './default-branch.ts';

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
  const complain = (reason: string, path: readonly string[] | null = null): Parsed<Runbook> => ({
    ok: false,
    problem: { file, line: path ? 1 + yamlLines(split.frontMatter)(path) : split.bodyLine, reason },
  });
  const rendered = meta.fix ? renderFix(meta.fix) : null;
  if (rendered && !rendered.ok) return complain(rendered.reason, ['remediation', 'fix']);
  const find = (info: string) => split.fences.filter((fence) => fence.info === info);
  const [fix, undo, verify] = [find('bash fix'), find('bash undo'), find('yaml verify')];
  if (rendered && fix.length + undo.length > 0)
    return complain(
      'the fix is named in the front matter, so there is no place for a bash fix or undo block',
    );
  if (!rendered && fix.length !== 1)
    return complain(`needs exactly one \`\`\`bash fix block, has ${fix.length}`);
  if (verify.length !== 1 && !(verify.length === 0 && rendered?.verify))
    return complain(`needs exactly one \`\`\`yaml verify block, has ${verify.length}`);
  if (impossibleOf(meta.undo ?? null) !== undefined && (rendered ? rendered.undo !== null : undo.length > 0))
    return complain('undo says that nothing can undo this, and there is an undo; leave out one of them', [
      'remediation',
      'undo',
    ]);
  if (undo.length > 1) return complain(`needs at most one \`\`\`bash undo block, has ${undo.length}`);
  const plan = planOf(verify[0] ?? { text: rendered?.verify ?? '', line: split.bodyLine }, file);
  if (!plan.ok) return plan;
  const undoText = rendered ? rendered.undo : (undo[0]?.text ?? null);
  const remediation: Remediation = {
    kind: meta.kind ?? rendered?.entry.id ?? '',
    risk: meta.risk ?? rendered?.risk ?? 'HIGH',
    parameters: [...new Set([...meta.parameters, ...(rendered?.parameters ?? [])])],
    fix: rendered?.fix ?? fix[0]?.text ?? '',
    undo: undoText,
    undoing: meta.undo ?? null,
    putBack: putBackOf(meta, undoText),
    verify: verify[0]?.text ?? rendered?.verify ?? '',
    plan: plan.value,
    named: meta.fix ?? null,
  };
  return { ok: true, value: { ...base, block: blockHash(remediation), remediation } };
}

function planOf({ text, line }: { text: string; line: number }, file: string): Parsed<VerifyPlan> {
  const raw = yaml(text, file, line);
  if (!raw.ok) return raw;
  if (!hasEnd(raw.value)) return { ok: false, problem: { file, line, reason: ENDLESS } };
  const parsed = VerifyPlan.safeParse(raw.value);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problem: fault(text, file, parsed.error, line) };
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

/** Reads settings and runbooks of the newest commit of main, by which the default branch is meant whatever its name. Broken runbooks are named and left out; broken settings throw. */
export async function readSource(clone: Clone, cached: Source | null = null): Promise<Source> {
  const at = await fetchDefault(clone);
  if (!at) throw new Error('the repository has no default branch');
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
