// How far what was said agrees with what came: bins, calibration error, Brier score, order. Arithmetic only.
// Must never smooth: these are the counts as they are.
import { type Rate, rate } from './interval.ts';

/** `score` is what was said, 0 to 1; `ok` whether it came true. */
export type Scored = { score: number; ok: boolean };
/** `from` and `to` bound the scores in it; `said` is their mean, null in an empty bin. */
export type Bin = { from: number; to: number; said: number | null; came: Rate };

const BINS = 10;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function bin(from: number, to: number, some: readonly Scored[]): Bin {
  const came = rate(some.filter(({ ok }) => ok).length, some.length);
  return { from, to, said: some.length === 0 ? null : mean(some.map(({ score }) => score)), came };
}

/** Ten bins of equal width; a score of 1 lies in the last. */
export function equalWidth(scored: readonly Scored[]): Bin[] {
  const indexOf = (score: number): number => Math.min(BINS - 1, Math.floor(score * BINS));
  return Array.from({ length: BINS }, (_, index) =>
    bin(
      index / BINS,
      (index + 1) / BINS,
      scored.filter(({ score }) => indexOf(score) === index),
    ),
  );
}

/** At most ten bins of about equal count. Equal scores stay together, so there may be fewer. */
export function equalMass(scored: readonly Scored[]): Bin[] {
  const sorted = [...scored].sort((a, b) => a.score - b.score);
  const bins: Bin[] = [];
  let open: Scored[] = [];
  for (const [index, one] of sorted.entries()) {
    open.push(one);
    const due = index + 1 >= ((bins.length + 1) * sorted.length) / BINS;
    if (index + 1 < sorted.length && (!due || sorted[index + 1]?.score === one.score)) continue;
    bins.push(bin(open[0]?.score ?? 0, one.score, open));
    open = [];
  }
  return bins;
}

/** Expected calibration error: the mean distance between said and came, each bin by its count. */
export function calibrationError(bins: readonly Bin[]): number {
  const all = bins.reduce((sum, { came }) => sum + came.of, 0);
  return bins.reduce(
    (sum, { said, came }) =>
      said === null || came.value === null ? sum : sum + (came.of / all) * Math.abs(said - came.value),
    0,
  );
}

export type Brier = { score: number; reliability: number; resolution: number; uncertainty: number };

/**
 * Brier score and its parts (Murphy 1973): score = reliability - resolution + uncertainty. Decomposed over the scores
 * themselves rather than over bins, so that the sum is exact; with few outcomes a score, reliability and resolution
 * both come out too large.
 */
export function brier(scored: readonly Scored[]): Brier {
  const base = mean(scored.map(({ ok }) => Number(ok)));
  const groups = new Map<number, Scored[]>();
  for (const one of scored) groups.set(one.score, [...(groups.get(one.score) ?? []), one]);
  let reliability = 0;
  let resolution = 0;
  for (const [score, some] of groups) {
    const came = mean(some.map(({ ok }) => Number(ok)));
    reliability += (some.length / scored.length) * (score - came) ** 2;
    resolution += (some.length / scored.length) * (came - base) ** 2;
  }
  return {
    score: mean(scored.map(({ score, ok }) => (score - Number(ok)) ** 2)),
    reliability,
    resolution,
    uncertainty: base * (1 - base),
  };
}

/** How often a success was given a higher score than a failure, ties as half; null when there is only one kind. */
export function auroc(scored: readonly Scored[]): number | null {
  const sorted = [...scored].sort((a, b) => a.score - b.score);
  const good = sorted.filter(({ ok }) => ok).length;
  const bad = sorted.length - good;
  if (good === 0 || bad === 0) return null;
  let ranks = 0;
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end < sorted.length && sorted[end]?.score === sorted[at]?.score) end += 1;
    ranks += sorted.slice(at, end).filter(({ ok }) => ok).length * ((at + 1 + end) / 2);
    at = end;
  }
  return (ranks - (good * (good + 1)) / 2) / (good * bad);
}

/** Of those with at least this score: which share of all that is, and how many of them failed. */
export type Point = { threshold: number; coverage: number; risk: Rate };

/** Coverage against risk, from the highest score down: what one would get by acting alone from there on. */
export function coverage(scored: readonly Scored[]): Point[] {
  const thresholds = [...new Set(scored.map(({ score }) => score))].sort((a, b) => b - a);
  return thresholds.map((threshold) => {
    const some = scored.filter(({ score }) => score >= threshold);
    const failed = some.filter(({ ok }) => !ok).length;
    return { threshold, coverage: some.length / scored.length, risk: rate(failed, some.length) };
  });
}
