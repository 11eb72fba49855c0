// The catalogue of fixes: a runbook or a model may name one of them instead of writing a script, and Vigil renders it.
// Must never render an input or a value that is not of its type, because nothing else in the lines varies.
// This room holds fixes as data and what renders them; it must not hold a fix that takes free text.
import * as z from 'zod';
import { effects } from '#core/policy/effects';
import type { Risk } from '#core/policy/types';
import { cordon } from './cordon.ts';
import { drain } from './drain.ts';
import { endIdleSessions } from './end-idle-sessions.ts';
import { type Entry, forms, type Input, inputsOf } from './entry.ts';
import { flag } from './flag.ts';
import { forgetKey } from './forget-key.ts';
import { pruneFiles } from './prune-files.ts';
import { pruneTemporary } from './prune-temporary.ts';
import { purgeCache } from './purge-cache.ts';
import { reloadUnit } from './reload-unit.ts';
import { renewCertificate } from './renew-certificate.ts';
import { restartContainer } from './restart-container.ts';
import { restartUnit } from './restart-unit.ts';
import { restartWorkers } from './restart-workers.ts';
import { restartWorkload } from './restart-workload.ts';
import { rolloutUndo } from './rollout-undo.ts';
import { rotateLog } from './rotate-log.ts';
import { scale } from './scale.ts';

export const catalogue: readonly Entry[] = [
  restartWorkload,
  restartUnit,
  reloadUnit,
  restartContainer,
  restartWorkers,
  scale,
  rolloutUndo,
  flag,
  purgeCache,
  forgetKey,
  endIdleSessions,
  cordon,
  drain,
  pruneFiles,
  pruneTemporary,
  rotateLog,
  renewCertificate,
];

/** How a runbook or a model names a fix: `{catalogue: scale, inputs: {name: ORDERS_CONSUMER, …}}`. */
export const NamedFix = z.strictObject({
  catalogue: z.string().max(60),
  inputs: z.record(z.string().max(60), z.union([z.string().max(200), z.number()])).default({}),
});
export type NamedFix = z.infer<typeof NamedFix>;

/** Scripts without their header yet. They name parameters, as the scripts of a runbook do. */
type Rendered = {
  ok: true;
  entry: Entry;
  risk: Risk;
  parameters: string[];
  fix: string;
  undo: string | null;
  /** A plan for `page`; null when it was not given. */
  verify: string | null;
};

/** Renders a named fix. A reason names the input that is wrong, never its value. */
export function renderFix(named: NamedFix): Rendered | { ok: false; reason: string } {
  const entry = catalogue.find(({ id }) => id === named.catalogue);
  if (!entry) return { ok: false, reason: `the catalogue has no such fix; it has ${ids()}` };
  const parsed = inputsOf(entry).safeParse(named.inputs);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue?.path.join('.');
    return { ok: false, reason: `${entry.id}, input ${where}: ${issue?.message ?? 'wrong'}` };
  }
  const { page, ...inputs } = parsed.data;
  const text = (lines: readonly string[]) =>
    `${lines.map((line) => filled(line, entry, inputs)).join('\n')}\n`;
  const names = Object.entries(entry.inputs).flatMap(([name, input]) =>
    input.is === 'parameter' ? [String(inputs[name])] : [],
  );
  return {
    ok: true,
    entry,
    risk: effects[entry.effect].risk,
    parameters: [...new Set([...names, ...(page === undefined ? [] : [String(page)])])],
    fix: text(entry.fix),
    undo: entry.undo && text(entry.undo),
    verify: page === undefined ? null : verifyPlan(String(page)),
  };
}

const ids = (): string => catalogue.map(({ id }) => id).join(', ');

function filled(line: string, entry: Entry, inputs: Readonly<Record<string, unknown>>): string {
  return line.replace(/\{(\w+)\}|\{'(\w+)'\}/g, (_, name: string, quoted: string | undefined) => {
    const value = String(inputs[quoted ?? name]);
    const shown = entry.inputs[quoted ?? name]?.is === 'parameter' ? `$${value}` : value;
    if (quoted !== undefined) return `'${shown}'`;
    return shown === value ? value : `"${shown}"`;
  });
}

const verifyPlan = (page: string): string => `v: 1
checks:
  - id: page
    kind: page
    url: '{${page}}'
    expect: { status: 200, no_errors: true }
symptom:
  checks: [page]
`;

/** The first value of the inventory that does not have the form its input needs. Null: all of them have it. */
export function misfit(named: NamedFix, values: Readonly<Record<string, string>>): string | null {
  const entry = catalogue.find(({ id }) => id === named.catalogue);
  for (const [name, input] of Object.entries(entry?.inputs ?? {})) {
    if (input.is !== 'parameter') continue;
    const parameter = String(named.inputs[name]);
    const value = Object.hasOwn(values, parameter) ? (values[parameter] ?? '') : '';
    if (!forms[input.form].test(value))
      return `${parameter} is not ${input.form}, which ${named.catalogue} needs as ${name}`;
  }
  return null;
}

/** The catalogue in words, for people and for models: what each fix does, its inputs, its risk, whether it has an undo. */
export function describeCatalogue() {
  return catalogue.map(({ id, title, does, effect, inputs, undo }) => ({
    id,
    title,
    does,
    effect,
    risk: effects[effect].risk,
    undo: undo ? 'there is an undo' : 'none is needed or possible',
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, inWords(input)])),
  }));
}

function inWords(input: Input): string {
  switch (input.is) {
    case 'parameter':
      return `${input.what}: the NAME of a parameter of the service whose value is ${input.form}`;
    case 'number':
      return `${input.what}: a whole number from ${input.from} to ${input.to}; usually ${input.usual}`;
    case 'choice':
      return `${input.what}: one of ${input.of.join(', ')}; usually ${input.usual}`;
  }
}
