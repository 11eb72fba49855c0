// The plan that `vigil verify FILE` looks by: a verify.yml, a runbook's verify block or that of a remediation's folder, bound to the
// inventory as a job binds it. Must never look up a service by guessing, nor let through an address that `bind` refuses.
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { parseRunbook } from '#adapters/git/source';
import { yamlLines } from '#adapters/yaml-lines';
import { bindParameters } from '#core/proposal/remediation';
import { ONLY_READS } from '#core/verification/command-bind';
import { type BoundPlan, bind, VerifyPlan } from '#core/verification/plan';
import { checkRunbook } from './check-runbook.ts';
import { readYaml } from './check-settings.ts';
import { InputError, type Shell, UsageError } from './command.ts';
import type { Found } from './inventory.ts';
import { type Problem, problemsOf } from './problem.ts';
import { serviceFor } from './run-script.ts';

export type Asked = { file: string; service: string | undefined; given: Readonly<Record<string, string>> };
export type Planned = { file: string; service: string | null; plan: BoundPlan };

/** What a file says, before an inventory stands behind it. `names`: the parameters it may use; null: all of the service's. */
type Written = {
  file: string;
  text: string;
  plan: VerifyPlan;
  service: string | null;
  names: readonly string[] | null;
};
// Who proposes writes more than these; what stands beside a plan only has to say whose it is.
const Beside = z.object({ target: z.string(), parameters: z.record(z.string(), z.string()) });

/** Every plan, or an InputError that names the file and the line. A `--set` that no file has a use for is wrong usage. */
export async function plannedIn(
  asked: readonly Asked[],
  found: Found | null,
  shell: Shell,
): Promise<Planned[]> {
  const read = await Promise.all(
    asked.map(async (one) => ({ one, written: await written(one.file, shell) })),
  );
  const open = read.some(({ written: { names } }) => names === null);
  const known = new Set(read.flatMap(({ written: { names } }) => names ?? []));
  for (const name of Object.keys(asked[0]?.given ?? {}))
    if (!open && !known.has(name))
      throw new UsageError(
        `no file here has a parameter ${name}, only ${[...known].sort().join(', ') || 'none'}`,
      );
  return read.map(({ one, written }) => bound(written, one, found));
}

function bound(from: Written, { service: named, given }: Asked, found: Found | null): Planned {
  const { file, plan, names } = from;
  const name = named ?? from.service;
  if (name === null && Object.keys(given).length === 0)
    throw new InputError(
      `${file}: whose parameters stand behind this plan? Name the service: --service ${namesIn(found)}`,
    );
  const service = name === null ? null : serviceFor(name, found);
  const inventory = { ...service?.parameters, ...given };
  const taken =
    names === null ? { ok: true as const, parameters: inventory } : bindParameters(names, inventory);
  const cure = 'give it in vigil.yml, or for this look alone with --set NAME=VALUE';
  if (!taken.ok) throw new InputError(`${file}:1: ${taken.reason}; ${cure}`);
  const filled = bind(plan, taken.parameters);
  if (filled.ok) return { file, service: service?.name ?? null, plan: filled.plan };
  const why = filled.reason.startsWith('the inventory has no ') ? `${filled.reason}; ${cure}` : filled.reason;
  throw new InputError(`${file}:${spotOf(filled.reason, from)}: the verify plan does not bind: ${why}`);
}

const namesIn = (found: Found | null): string =>
  Object.values(found?.settings.services ?? {})
    .map(({ name }) => name)
    .join(', or ') || 'NAME';

/** The line that holds what does not bind: a parameter in braces, a command's check, or an address. */
function spotOf(reason: string, { text }: Written): number {
  const parameter = /has no ([A-Z][A-Z0-9_]*)/.exec(reason)?.[1];
  const [command] = reason.includes(ONLY_READS) ? reason.split(ONLY_READS) : [];
  const address = command === undefined ? /https?:\/\/[^\s]+/.exec(reason)?.[0] : `id: ${command}`;
  const what = parameter === undefined ? address : `{${parameter}}`;
  const from = Math.max(0, text.indexOf('```yaml verify'));
  const at = what === undefined ? -1 : text.indexOf(what, from);
  return text.slice(0, at < 0 ? from : at).split('\n').length;
}

async function written(path: string, shell: Shell): Promise<Written> {
  const isFolder = (await stat(resolve(shell.cwd, path)).catch(() => null))?.isDirectory();
  const file = isFolder ? join(path, 'verify.yml') : path;
  const text = await readAt(file, shell);
  if (file.endsWith('.md')) return ofRunbook(file, text);
  if (!/\.ya?ml$/.test(file))
    throw new UsageError(`${file} is no verify.yml, no runbook (.md) and no folder`);
  const raw = readYaml(text, file);
  if (!raw.ok) throw refused([raw.problem]);
  const parsed = VerifyPlan.safeParse(raw.value);
  if (!parsed.success) throw refused(problemsOf(parsed.error, file, yamlLines(text)));
  const manifest = basename(file) === 'verify.yml' ? await manifestBeside(file, shell) : null;
  return {
    ...{ file, text, plan: parsed.data },
    service: manifest?.target ?? null,
    names: manifest && Object.keys(manifest.parameters),
  };
}

function ofRunbook(file: string, text: string): Written {
  const parsed = parseRunbook(text, file);
  if (!parsed.ok) throw refused(checkRunbook(text, file, null).problems);
  const { remediation, service } = parsed.value;
  if (!remediation)
    throw new InputError(`${file}:1: this runbook has no verify block: its front matter has no remediation`);
  return { file, text, plan: remediation.plan, service, names: remediation.parameters };
}

/** Whose remediation it is. Null: the plan lies alone. */
async function manifestBeside(file: string, shell: Shell): Promise<z.infer<typeof Beside> | null> {
  const path = join(dirname(file), 'remediation.yml');
  if (!(await stat(resolve(shell.cwd, path)).catch(() => null))) return null;
  const text = await readAt(path, shell);
  const raw = readYaml(text, path);
  if (!raw.ok) throw refused([raw.problem]);
  const parsed = Beside.safeParse(raw.value);
  if (!parsed.success) throw refused(problemsOf(parsed.error, path, yamlLines(text)));
  return parsed.data;
}

const refused = (problems: readonly Problem[]): InputError =>
  new InputError(
    problems.map(({ file, line, cause, cure }) => `${file}:${line}: ${cause}. ${cure}.`).join('\n'),
  );

async function readAt(file: string, shell: Shell): Promise<string> {
  return readFile(resolve(shell.cwd, file), 'utf8').catch((error: Error) => {
    throw new InputError(`${file} cannot be read: ${error.message}`, { cause: error });
  });
}
