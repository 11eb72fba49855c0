// Which checks decide, and by which numbers: a plan's words as the rule by which samples are judged.
// Must never add a condition that the plan does not hold, except that green is compared with what was red before.
import { fromEverywhere, rateOf, singles } from './checks.ts';
import type { Sample, VerifyPlan } from './plan.ts';
import { type Counts, sum } from './rates/sequential.ts';
import { mostLooks, secondsOf } from './settle.ts';
import { namedIn, replaced, type Wanted } from './symptom.ts';

/** Of how much at most may fail, and what failed before the run. `missing`: it should have been counted, and was not. */
export type Rate = {
  readonly bound: number;
  readonly before: Counts | 'missing' | null;
  /** In how many looks that was counted. */
  readonly looks?: number;
};

/**
 * At least `need` of `of` samples of every named check, spread over `over_s` seconds. For a check with a rate, `need` are the
 * looks before which nothing is said, and its requests decide.
 */
export type Rule = {
  readonly checks: readonly string[];
  readonly need: number;
  readonly of: number;
  readonly over_s: number;
  /** What must be red. Without it, every check. */
  readonly wanted?: Wanted;
  readonly rates?: Readonly<Record<string, Rate>>;
  /** How many stretches of looks are judged anew, when it may take a while. Without it, one. */
  readonly starts?: number;
  /** Checks of one request a look that were green in so many looks before the run, and never red. */
  readonly steady?: Readonly<Record<string, number>>;
  /** Checks that another job has looked at: no further sample of them comes. */
  readonly elsewhere?: readonly string[];
  /** Of a part of a rule: among how many checks the whole rule shares what may be wrong by chance. */
  readonly among?: number;
};

/**
 * Which checks must be sampled for a verdict, and by which quorum. Red needs the symptom's checks, green needs all, each from
 * every address it has. `before` are the samples that showed red, which green is compared with. `within_s`: how long it may take.
 */
export function ruleFor(
  plan: VerifyPlan,
  which: 'red' | 'green',
  before: readonly Sample[] = [],
  within_s: number | null = plan.settle ? secondsOf(plan.settle.within) : null,
): Rule {
  const swarms = plan.checks.flatMap(({ id, kind }) => (kind === 'swarm' ? [id] : []));
  const places = new Map(
    plan.checks.map((check) => [check.id, fromEverywhere(check).map((one) => one.id)] as const),
  );
  // A swarm is the last look, and stands beside the rule: see last-look.ts.
  const own = plan.symptom.checks.filter((one) => typeof one !== 'string' || !swarms.includes(one));
  // One shard that fails is enough, and all of them must be well in the end.
  const wanted = replaced({ all: own }, (id) => {
    const ids = places.get(id) ?? [id];
    return ids.length > 1 ? { any: ids } : id;
  });
  const symptom = namedIn(wanted);
  const isPlain = own.every((one, at) => one === symptom[at]) && symptom.length === own.length;
  const everywhere = singles(plan.checks);
  const checks = which === 'red' ? symptom : everywhere.map((check) => check.id);
  const rates = everywhere.flatMap((check) => {
    const rate = checks.includes(check.id) ? rateOf(check) : null;
    if (rate === null) return [];
    const seen = before.flatMap((one) => (one.check === check.id && one.counts ? [one.counts] : []));
    const missing = before.length === 0 && symptom.includes(check.id) ? ('missing' as const) : null;
    const compared = which === 'red' ? null : seen.length > 0 ? sum(seen) : missing;
    const looks = which === 'green' && seen.length > 0 ? { looks: seen.length } : {};
    return [[check.id, { bound: rate.bound, before: compared, ...looks }] as const];
  });
  const steady = everywhere.flatMap((check) => {
    const seen = which === 'red' || rateOf(check) !== null ? [] : looksAt(check.id, before);
    return seen.length > 0 && seen.every((one) => one.outcome === 'pass')
      ? [[check.id, seen.length] as const]
      : [];
  });
  return {
    checks,
    ...plan.symptom[which],
    ...(which === 'red' && !isPlain ? { wanted } : {}),
    ...(rates.length > 0 ? { rates: Object.fromEntries(rates) } : {}),
    ...(steady.length > 0 ? { steady: Object.fromEntries(steady) } : {}),
    ...(which === 'green' && within_s !== null ? { starts: mostLooks(within_s, plan.symptom.green) } : {}),
  };
}

const looksAt = (check: string, samples: readonly Sample[]): Sample[] =>
  samples.filter((one) => one.check === check && one.outcome !== 'inconclusive');
