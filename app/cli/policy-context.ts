// What commands that judge scripts need beside the script: the inventory of a service, the organisation's rules and the time. Must never
// make up a service that vigil.yml does not have.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { PolicyContext, ScriptKind } from '#core/policy/types';
import { InputError, type Shell } from './command.ts';
import { serviceNamed, settingsFor } from './inventory.ts';

/** By kind of script, and by service where one line has another than the whole call. */
export type Contexts = (kind: ScriptKind, service?: string) => PolicyContext;

/** With one service's inventory, or with an empty one, and with the organisation's rules. */
export async function contextsFor(
  name: string | undefined,
  file: string | undefined,
  shell: Shell,
): Promise<Contexts> {
  const found = await settingsFor(file, shell);
  const now = new Date();
  const pick = (wanted: string) => {
    if (!found) throw new InputError('no .github/vigil.yml here or above; name one with --settings');
    const service = serviceNamed(wanted, found.settings);
    if (!service) throw new InputError(`no service of ${found.path} is called ${JSON.stringify(wanted)}`);
    return service;
  };
  const preset = name === undefined ? null : pick(name);
  return (kind, other) => {
    const service = other === undefined ? preset : pick(other);
    const rules = found?.settings.policy.rules ?? [];
    return {
      kind,
      parameters: service?.parameters ?? {},
      actions: service?.actions ?? [],
      ...(service ? { targets: service } : {}),
      organisation: { rules, service: service?.name ?? '', now, changes: [] },
    };
  };
}

/** `-`: standard input. */
export async function readScriptFile(file: string, shell: Shell): Promise<string> {
  if (file === '-') return readAll(shell.input());
  return readFile(resolve(shell.cwd, file), 'utf8').catch((error: Error) => {
    throw new InputError(`${file} cannot be read: ${error.message}`, { cause: error });
  });
}
