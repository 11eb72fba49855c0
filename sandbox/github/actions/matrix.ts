// The combinations of a job's matrix. Must never run a combination that `exclude` takes out.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix
import { type Json, resolve, type Scope } from './expressions.ts';
import { fields, type JobPlan } from './parse.ts';

export type Combination = Record<string, Json>;
export type Strategy = { combinations: Combination[]; failFast: boolean; maxParallel: number };

const MOST = 256;

/** Null when the job has no strategy. Throws for a matrix without a single combination, as GitHub refuses it. */
export function strategyOf({ token }: JobPlan, scope: Scope): Strategy | null {
  const written = token.find('strategy');
  if (!written) return null;
  const strategy = fields(resolve(written, scope));
  const { include, exclude, ...axes } = fields(strategy['matrix']);
  let found: Combination[] = Object.keys(axes).length === 0 ? [] : [{}];
  for (const [name, values] of Object.entries(axes)) {
    if (!Array.isArray(values)) throw new Error(`matrix.${name} is not a list`);
    found = found.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  const out = (Array.isArray(exclude) ? exclude : []).map(fields);
  found = found.filter((one) => !out.some((pattern) => agrees(pattern, one)));
  const originals = found.map((one) => ({ one, own: { ...one } }));
  for (const extra of (Array.isArray(include) ? include : []).map(fields)) {
    // An entry is added to each combination of which it would overwrite no original value; else it is one of its own.
    const fitting = originals.filter(({ own }) =>
      Object.entries(own).every(([name, value]) => !Object.hasOwn(extra, name) || same(extra[name], value)),
    );
    if (fitting.length === 0) found.push({ ...extra });
    for (const { one } of fitting) Object.assign(one, extra);
  }
  if (found.length === 0) throw new Error('Matrix vector does not contain any values');
  if (found.length > MOST) throw new Error(`a matrix makes at most ${MOST} jobs, this one ${found.length}`);
  const parallel = strategy['max-parallel'];
  return {
    combinations: found,
    failFast: strategy['fail-fast'] !== false,
    maxParallel: typeof parallel === 'number' ? parallel : Number.POSITIVE_INFINITY,
  };
}

/** As GitHub writes a combination behind the job's name. */
export const label = (one: Combination): string =>
  Object.values(one)
    .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join(', ');

const same = (a: Json | undefined, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
const agrees = (pattern: Combination, one: Combination): boolean =>
  Object.entries(pattern).every(([name, value]) => same(one[name], value));
