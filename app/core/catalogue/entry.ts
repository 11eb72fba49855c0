// The parts of an entry of the catalogue: plain data, so that it can be listed for people and models.
// It must never let free text reach a script. Inputs are names of parameters, numbers or fixed words.
import * as z from 'zod';
import type { EffectKind } from '#core/policy/types';

/** Forms of the inventory's values. A parameter whose value has another form is refused before anything is rendered. */
export const forms = {
  'a name in Kubernetes': /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/,
  'a systemd unit': /^[A-Za-z0-9][\w.:@-]{0,99}$/,
  'a container': /^[A-Za-z0-9][\w.-]{0,99}$/,
  'a host name': /^[A-Za-z0-9]([A-Za-z0-9.-]{0,126}[A-Za-z0-9])?$/,
  'a key': /^[A-Za-z0-9][\w:.-]{0,199}$/,
  'a database': /^[A-Za-z_][\w-]{0,62}$/,
  'a certificate': /^[A-Za-z0-9*]([A-Za-z0-9.-]{0,126}[A-Za-z0-9])?$/,
  'a directory under /tmp or /var/tmp': /^\/(var\/)?tmp(\/(?!\.)[\w.-]+){1,6}$/,
  'a directory under /var/log, /var/cache, /opt/…, /srv/… or /data/…':
    /^\/(var\/(log|cache)|opt\/[\w-]+|srv\/[\w-]+|data\/[\w-]+)(\/(?!\.)[\w.-]+){1,6}$/,
  'a file under /etc/logrotate.d': /^\/etc\/logrotate\.d\/[a-z0-9][\w-]{0,60}$/,
  'an http address': /^https?:\/\/[\w.-]+(:\d{1,5})?(\/[\w./-]*)?$/,
  'a number of replicas from 1 to 50': /^([1-9]|[1-4]\d|50)$/,
  'a number of replicas from 2 to 50': /^([2-9]|[1-4]\d|50)$/,
} as const;
export type Form = keyof typeof forms;

/** One input: the name of a parameter of the inventory whose value has a form, a whole number, or one of some words. */
export type Input =
  | { is: 'parameter'; what: string; form: Form }
  | { is: 'number'; what: string; from: number; to: number; usual: number }
  | { is: 'choice'; what: string; of: readonly [string, ...string[]]; usual: string };

/**
 * One fix. `fix` and `undo` are lines of bash. In them `{input}` becomes `"$NAME"` when the input is a parameter, and the
 * number or word itself otherwise. `{'input'}` is the same in single quotes, for use inside a text in double quotes.
 * `undo: null`: the effect restores itself, or nothing can undo it. `undoing` says why the undo waits for a person's word, or why
 * there is none.
 */
export type Entry = {
  id: string;
  title: string;
  does: string;
  effect: EffectKind;
  inputs: Readonly<Record<string, Input>>;
  fix: readonly string[];
  undo: readonly string[] | null;
  undoing: string;
};

/** The name of a parameter in the service's inventory. */
const ParameterName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,60}$/, 'the name of a parameter in vigil.yml, such as SHOP_URL');

/** The schema of an entry's inputs. Every entry also takes `page`: the parameter with the address that shows recovery. */
export function inputsOf(entry: Entry): z.ZodType<Readonly<Record<string, string | number | undefined>>> {
  const shape = Object.entries(entry.inputs).map(([name, input]) => [name, schemaOf(input)] as const);
  return z.strictObject({ ...Object.fromEntries(shape), page: ParameterName.optional() });
}

function schemaOf(input: Input): z.ZodType<string | number> {
  switch (input.is) {
    case 'parameter':
      return ParameterName;
    case 'number':
      return z.number().int().min(input.from).max(input.to).default(input.usual);
    case 'choice':
      return z.enum(input.of).default(input.usual);
  }
}

export const parameter = (what: string, form: Form): Input => ({ is: 'parameter', what, form });
export const number = (what: string, from: number, to: number, usual: number): Input => ({
  ...{ is: 'number', what, from, to, usual },
});
export const choice = (what: string, of: readonly [string, ...string[]], usual: string = of[0]): Input => ({
  ...{ is: 'choice', what, of, usual },
});
