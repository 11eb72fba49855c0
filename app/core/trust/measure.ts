// Whether Vigil's confidence means what it says, measured on what came of it. Pure.
// Must never give a figure that too few outcomes carry: then it says how many there are.
import { type Rate, rate } from './interval.ts';
import type { RunOutcome } from './outcomes.ts';
import {
  auroc,
  type Bin,
  type Brier,
  brier,
  calibrationError,
  coverage,
  equalMass,
  equalWidth,
  type Point,
  type Scored,
} from './reliability.ts';

/** Below this many outcomes nothing is said of calibration. */
export const ENOUGH = 30;

export type Measured = {
  /** What is measured: the whole confidence, or one component of it. */
  of: string;
  outcomes: number;
  /** Of them, those that stem from seeded history. */
  sample: number;
  succeeded: Rate;
  /** Of what ran without a person's approval. Shown always; its interval says how little a few runs mean. */
  auto: Rate;
} & (
  | { enough: false; reason: string }
  | {
      enough: true;
      bins: Bin[];
      ece: { equalWidth: number; equalMass: number };
      brier: Brier;
      auroc: number | null;
      coverage: Point[];
    }
);

/** `of`: `confidence`, or the name of a component; outcomes without that component are left out. */
export function measure(outcomes: readonly RunOutcome[], of = 'confidence'): Measured {
  const said = (one: RunOutcome): number | null =>
    of === 'confidence' ? one.confidence : (one.components[of] ?? null);
  const counted = outcomes.filter((one) => said(one) !== null);
  const scored: Scored[] = counted.map((one) => ({ score: (said(one) ?? 0) / 100, ok: one.ok }));
  const good = (some: readonly RunOutcome[]): Rate => rate(some.filter(({ ok }) => ok).length, some.length);
  const base = {
    of,
    outcomes: counted.length,
    sample: counted.filter(({ sample }) => sample).length,
    succeeded: good(counted),
    auto: good(counted.filter(({ lane }) => lane === 'auto')),
  };
  if (counted.length < ENOUGH) {
    const reason = `not enough data: ${counted.length} of the ${ENOUGH} outcomes that this needs`;
    return { ...base, enough: false, reason };
  }
  const bins = equalWidth(scored);
  return {
    ...base,
    enough: true,
    bins,
    ece: { equalWidth: calibrationError(bins), equalMass: calibrationError(equalMass(scored)) },
    brier: brier(scored),
    auroc: auroc(scored),
    coverage: coverage(scored),
  };
}
