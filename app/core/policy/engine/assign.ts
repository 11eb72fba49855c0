// Assignments. Many variables steer the shell or the tools it starts; those a script may not set.
// It must never treat a variable that changes what runs as plain data.
import { mayAssign, mayExport } from '../assignments.ts';
import { holdsCredential, isSecretName } from '../kinds/secrets.ts';
import type { Assign } from '../parse/ir.ts';
import { evaluate, expandOne, expandWords } from './expand.ts';
import { type Run, refusal, report, type Site } from './run.ts';
import { compact, literal, shapeOf, show, type Value } from './value.ts';

/** Where a cloud's tool acts when no option says it. */
const region = /^AWS_(DEFAULT_)?REGION$/;

/** A variable that gets a value. Null: one that is known only at run time. */
export function mayBeSet(name: string, run: Run, site: Site, value: string | null = null): void {
  if (run.scope.variables.get(name)?.readonly) {
    report(run, site, refusal('readonly', `${name} is a constant and cannot be changed.`));
  }
  if (region.test(name)) run.notebook.regions.add('$');
  const issue = mayAssign(name, value, run.inventory.values);
  if (issue !== 'harmless') report(run, site, issue);
}

/** `NAME=value` on its own, or as an argument of readonly, local and the like. */
export function assign(a: Assign, run: Run, constant = false): void {
  const known = run.scope.variables.get(a.name);
  if (Array.isArray(a.value)) {
    mayBeSet(a.name, run, a);
    const args = expandWords(a.value, run);
    const items = args.some((arg) => arg.splits) ? null : args.map((arg) => arg.value);
    const shapes = args.map((arg) => shapeOf(arg.value));
    const before = a.append ? (known?.items ?? (known ? null : [])) : [];
    const value = commonList(
      shapes,
      args.map((arg) => arg.value),
      `$${a.name}`,
      a.append ? known?.value : undefined,
    );
    run.scope.variables.set(a.name, {
      value,
      items: items && before ? [...before, ...items] : null,
      list: true,
      readonly: constant,
    });
    return;
  }
  const value = expandOne(a.value, run);
  mayBeSet(a.name, run, a, a.append || a.index ? null : literal(value));
  if (a.index) {
    evaluate(a.index, run, run.scope.tables.has(a.name));
    run.scope.variables.set(a.name, {
      value: [{ shape: 'text', shown: `$${a.name}` }],
      items: null,
      readonly: constant,
    });
    return;
  }
  if (region.test(a.name)) run.notebook.regions.add(show(value));
  checkSecret(a, value, run);
  if (
    run.scope.integers.has(a.name) &&
    shapeOf(value) !== 'number' &&
    !/^-?\d+$/.test(literal(value) ?? '')
  ) {
    report(
      run,
      a,
      refusal('arithmetic-on-data', `${a.name} is declared a number, so bash evaluates this value as code.`),
    );
  }
  if (run.turning && repeats(a) > 1) {
    report(run, a, refusal('growth', `${a.name} grows by itself on every turn of the loop.`));
  }
  const old = known && !known.items ? known.value : [{ shape: 'text' as const, shown: `$${a.name}` }];
  const whole = a.append ? compact([...old, ...value]) : value;
  run.scope.variables.set(a.name, { value: whole, items: null, readonly: constant });
}

function commonList(
  shapes: readonly string[],
  values: readonly Value[],
  shown: string,
  before: Value | undefined,
): Value {
  const all = before ? [...shapes, shapeOf(before)] : shapes;
  if (all.every((s) => s === 'number')) return [{ shape: 'number', shown }];
  if (all.every((s) => s === 'number' || s === 'name')) return [{ shape: 'name', shown }];
  const only = values.length === 1 ? values[0]?.[0] : undefined;
  if (typeof only === 'object' && only.shape === 'path') return [{ ...only, shown }];
  return [{ shape: 'text', shown }];
}

/** How often the new value holds the old one. */
function repeats(a: Assign): number {
  const parts = Array.isArray(a.value) ? [] : a.value.parts;
  return parts.filter((p) => p.is === 'variable' && p.name === a.name).length + (a.append ? 1 : 0);
}

function checkSecret(a: Assign, value: Value, run: Run): void {
  const text = literal(value) ?? '';
  if (run.inventory.values.has(text)) return;
  if (holdsCredential(text) || (isSecretName(a.name) && /^[^\s/]{6,}$/.test(text))) {
    report(run, a, refusal('credential', 'A credential stands in the script.'));
  }
}

/** `NAME=value command`: the variable goes into that command's environment only. */
export function assignForCommand(assigns: readonly Assign[], command: string | null, run: Run): void {
  for (const a of assigns) {
    if (a.index) evaluate(a.index, run);
    const value = Array.isArray(a.value) ? null : expandOne(a.value, run);
    if (a.name === 'IFS' && /^(read|mapfile|readarray)$/.test(command ?? '')) continue;
    if (value) checkSecret(a, value, run);
    judgeEnvironment(a.name, value, run, a);
  }
}

/** A variable that a started command will see. */
export function judgeEnvironment(
  name: string,
  value: Value | null,
  run: Run,
  site: Assign | { at: Assign['at']; source: string },
): void {
  const text = value === null ? null : literal(value);
  if (region.test(name)) run.notebook.regions.add(text ?? '$');
  const issue = mayExport(name, text, run.inventory.values);
  if (issue !== 'harmless') report(run, site, issue);
}
