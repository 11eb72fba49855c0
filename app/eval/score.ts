// Counts what the evaluation found: shares with their intervals, for each half and each group. Without I/O.
// Must never count an abstention as right when a runbook was expected, and never leave a case out.
import { type Rate, rate } from '#core/trust/interval';
import type { Case, Expected } from './case.ts';
import type { Ended } from './pipeline.ts';

export type Tried = { one: Case; ended: Ended };
export type Score = {
  cases: number;
  /** Of the cases with a right runbook: those in which the search found it as the best match. */
  first: Rate;
  kind: Rate;
  target: Rate;
  /** A pull request with the right runbook, kind and target. */
  right: Rate;
  /** Of all pull requests, those that were right. */
  precision: Rate;
  /** Of all abstentions, those that were right. Of all cases that should abstain, those that did. */
  abstentionPrecision: Rate;
  abstentionRecall: Rate;
  /** Pull requests that should not be. Must be 0. */
  trapPulls: number;
  /** Traps in which a runbook was chosen and only the rehearsal stopped it. */
  onlyRehearsal: number;
  auto: number;
  usd: number | null;
  ms: { median: number; most: number };
};

const expected = ({ one }: Tried): Expected | null => (typeof one.expect === 'string' ? null : one.expect);
const pulled = ({ ended }: Tried): boolean => ended.end === 'pull request';

/** `careful`: a right pull request is missing. `wrong`: a pull request that should not be, or another than the right one. */
export type Fault = { how: 'careful' | 'wrong'; what: string };

/** What is wrong with the end of a case. Null: nothing. */
export function fault(tried: Tried): Fault | null {
  const what = inWords(tried);
  return what === null ? null : { how: pulled(tried) ? 'wrong' : 'careful', what };
}

function inWords(tried: Tried): string | null {
  const wanted = expected(tried);
  const { ended, one } = tried;
  const got = ended.proposed?.runbook ?? 'no runbook';
  if (wanted === null)
    return pulled(tried) ? `expected ${one.expect}, proposed ${got} (match ${ended.first?.score})` : null;
  if (!pulled(tried)) return `expected ${wanted.runbook}, abstained: ${ended.why}`;
  const { proposed } = ended;
  if (proposed?.runbook !== wanted.runbook) return `expected ${wanted.runbook}, proposed ${got}`;
  if (proposed.kind !== wanted.kind) return `expected the kind ${wanted.kind}, proposed ${proposed.kind}`;
  return proposed.target === wanted.target
    ? null
    : `expected the target ${wanted.target}, proposed ${proposed.target}`;
}

export function score(all: readonly Tried[]): Score {
  const answerable = all.filter((tried) => expected(tried) !== null);
  const traps = all.filter((tried) => expected(tried) === null);
  const share = (some: readonly Tried[], holds: (tried: Tried) => boolean): Rate =>
    rate(some.filter(holds).length, some.length);
  const pulls = all.filter(pulled);
  const abstained = all.filter((tried) => !pulled(tried));
  const times = all.map(({ ended }) => ended.ms).sort((a, b) => a - b);
  return {
    cases: all.length,
    first: share(answerable, (tried) => tried.ended.first?.runbook === expected(tried)?.runbook),
    kind: share(answerable, (tried) => pulled(tried) && tried.ended.proposed?.kind === expected(tried)?.kind),
    target: share(
      answerable,
      (tried) => pulled(tried) && tried.ended.proposed?.target === expected(tried)?.target,
    ),
    right: share(answerable, (tried) => fault(tried) === null),
    precision: share(pulls, (tried) => fault(tried) === null),
    abstentionPrecision: share(abstained, (tried) => expected(tried) === null),
    abstentionRecall: share(traps, (tried) => !pulled(tried)),
    trapPulls: traps.filter(pulled).length,
    onlyRehearsal: traps.filter(({ ended }) => ended.end === 'nothing to heal').length,
    auto: pulls.filter(({ ended }) => ended.pull?.lane === 'auto').length,
    usd: all.reduce<number | null>(
      (sum, { ended }) => (sum === null || ended.usd === null ? null : sum + ended.usd),
      0,
    ),
    ms: { median: times[Math.floor(times.length / 2)] ?? 0, most: times.at(-1) ?? 0 },
  };
}

/** The cases of each value of `of`, in the order in which they first occur. */
export function grouped(all: readonly Tried[], of: (tried: Tried) => string): [string, Tried[]][] {
  const groups = new Map<string, Tried[]>();
  for (const tried of all) groups.set(of(tried), [...(groups.get(of(tried)) ?? []), tried]);
  return [...groups];
}
