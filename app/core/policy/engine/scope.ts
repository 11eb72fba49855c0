// The variables and functions a script has at one point of its run, and what is left of that knowledge where
// branches meet.
// It must never let a value survive that some way through the script could have changed.
import type { Node } from '../parse/ir.ts';
import { join, type Unknown, type Value } from './value.ts';

/** `list` with `items` null: a list whose items are known by their common shape only. */
export type Variable = { value: Value; items: readonly Value[] | null; list?: boolean; readonly: boolean };
export type Scope = {
  variables: Map<string, Variable>;
  functions: Map<string, Extract<Node, { is: 'function' }>>;
  /** Arguments of the function being run; null at the top, where the script is given none that are known. */
  positional: readonly Value[] | null;
  /** What `local` hides while a function runs: the outer variables, or null where there was none. */
  hidden: Map<string, Variable | null> | null;
  /** Lists by name, whose subscripts are text. */
  tables: ReadonlySet<string>;
  /** Variables declared with -i, whose every assignment is arithmetic. */
  integers: Set<string>;
  /** Working directory: '.' is the workspace, null is not known. */
  directory: string | null;
};

export const emptyScope = (): Scope => ({
  variables: new Map(),
  functions: new Map(),
  positional: null,
  hidden: null,
  tables: new Set(),
  integers: new Set(['SECONDS', 'RANDOM', 'LINENO', 'HISTCMD', 'BASHPID', 'EPOCHSECONDS', 'SRANDOM']),
  directory: '.',
});

/** A copy whose changes stay its own, as in a subshell. */
export const fork = (scope: Scope): Scope => ({
  ...scope,
  variables: new Map(scope.variables),
  functions: new Map(scope.functions),
});

const numeric = new Set(
  '? # $ ! SECONDS RANDOM EPOCHSECONDS LINENO UID EUID PPID PIPESTATUS BASHPID SRANDOM'.split(' '),
);

/** Variables of every environment that name a directory; `~` is how the rules for paths write the home. */
const places: Readonly<Record<string, Value>> = { HOME: ['~'], TMPDIR: ['/tmp'] };

/** The value of a variable, known or not. */
export function lookup(scope: Scope, variable: string, shown: string): Value {
  const known = scope.variables.get(variable);
  const place = known ? undefined : places[variable];
  if (place) return place;
  if (numeric.has(variable)) return [{ shape: 'number', shown }];
  if (known) return known.items ? (known.items[0] ?? ['']) : known.value;
  if (/^\d+$/.test(variable) && variable !== '0' && scope.positional)
    return scope.positional[Number(variable) - 1] ?? [''];
  return [{ shape: numeric.has(variable) ? 'number' : 'text', shown }];
}

/** All items of a list, or null when they are not known one by one. */
export function items(scope: Scope, variable: string): readonly Value[] | null {
  if (variable === '@' || variable === '*') return scope.positional;
  const known = scope.variables.get(variable);
  if (!known || (known.list && !known.items)) return null;
  return known.items ?? (known.value.length === 0 ? [] : [known.value]);
}

/** `local`: remembers the outer variable, to be put back when the function returns. */
export function hide(scope: Scope, variable: string): void {
  if (!scope.hidden || scope.hidden.has(variable)) return;
  scope.hidden.set(variable, scope.variables.get(variable) ?? null);
}

/** Puts the outer variables back. */
export function unhide(scope: Scope): void {
  for (const [variable, old] of scope.hidden ?? []) {
    if (old) scope.variables.set(variable, old);
    else scope.variables.delete(variable);
    dropTable(scope, variable);
  }
}

/** From here on a subscript of this variable is arithmetic again. */
export function dropTable(scope: Scope, variable: string): void {
  if (scope.tables.has(variable))
    scope.tables = new Set([...scope.tables].filter((name) => name !== variable));
}

export function setVariable(scope: Scope, variable: string, value: Value): void {
  scope.variables.set(variable, { value, items: null, readonly: false });
}

const unknown = (variable: string): Unknown => ({ shape: 'text', shown: `$${variable}` });

/** Forgets what a variable holds, except that it is a number when every change keeps it one. */
export function forget(scope: Scope, variable: string, staysNumber: boolean): void {
  dropTable(scope, variable);
  const shape = staysNumber ? 'number' : 'text';
  scope.variables.set(variable, { value: [{ ...unknown(variable), shape }], items: null, readonly: false });
}

/** True if both know the same. */
export function same(a: Scope, b: Scope): boolean {
  if (
    a.tables.size !== b.tables.size ||
    a.directory !== b.directory ||
    a.variables.size !== b.variables.size ||
    a.functions.size !== b.functions.size
  )
    return false;
  if (JSON.stringify(a.positional) !== JSON.stringify(b.positional)) return false;
  for (const [key, own] of a.functions) if (b.functions.get(key) !== own) return false;
  for (const [key, own] of a.variables) {
    const other = b.variables.get(key);
    if (own !== other && JSON.stringify(own) !== JSON.stringify(other)) return false;
  }
  return true;
}

/** Leaves in `into` only what holds whichever of the scopes the run comes from. */
export function merge(into: Scope, others: readonly Scope[]): void {
  const [first, ...rest] = others;
  if (!first) return;
  const joined = new Map(first.variables);
  for (const other of rest) {
    for (const variable of new Set([...joined.keys(), ...other.variables.keys()])) {
      const [a, b] = [joined.get(variable), other.variables.get(variable)];
      if (a === b || (a && b && JSON.stringify(a) === JSON.stringify(b))) continue;
      const both = a && b && !a.items && !b.items;
      const value = both ? join(a.value, b.value, `$${variable}`) : [unknown(variable)];
      const list = a?.list === true || b?.list === true;
      const readonly = a?.readonly === true || b?.readonly === true;
      joined.set(variable, { value, items: null, ...(list ? { list } : {}), readonly });
    }
  }
  into.variables = joined;
  into.tables = new Set([...first.tables].filter((name) => rest.every((o) => o.tables.has(name))));
  into.positional = others.every((o) => o.positional === first.positional) ? first.positional : null;
  into.directory = others.every((o) => o.directory === first.directory) ? first.directory : null;
  const functions: Scope['functions'] = new Map();
  for (const [key, body] of first.functions) {
    if (rest.every((o) => o.functions.get(key) === body)) functions.set(key, body);
  }
  into.functions = functions;
}
