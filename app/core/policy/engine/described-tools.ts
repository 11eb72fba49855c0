// Every described tool by its name.
// It must never hold a name twice: two descriptions of one command would make the verdict depend on their order.

import { forbidden } from '../forbidden.ts';
import { tools } from '../tools/all.ts';
import type { Described } from './apply.ts';
import { builtins } from './builtins.ts';
import { compile, type Tool } from './spec.ts';
import { wrappers } from './wrappers.ts';

export const describedTools: ReadonlyMap<string, Described> = build(tools);

function build(all: readonly Tool[]): Map<string, Described> {
  const out = new Map<string, Described>();
  for (const tool of all) {
    const rule = compile(tool.rule);
    for (const name of tool.names.split(' ')) {
      if (out.has(name)) throw new Error(`the policy describes ${name} twice`);
      out.set(name, { tool, rule });
    }
  }
  return out;
}

/** True for every name that means something to the policy: a function must not take its place. */
export const isKnownCommand = (name: string): boolean =>
  builtins.has(name) || wrappers.has(name) || describedTools.has(name);

/** Names of programs that scripts also give to small functions of their own. */
const ordinary = /^(info|step|age|act|fail|security)$/;

/** True for names that would mislead a reader, though nothing described is hidden by them. */
export const isMisleading = (name: string): boolean => forbidden(name) !== null && !ordinary.test(name);
