// What a benchmark gives back, and the statistics all of them use. A benchmark is a file of this folder that exports
// `bench`; run.ts finds it by its name. It must never decide by itself whether it passed.

/** One number: of what, by whom, and what it may be at most; `budget` null: shown for comparison. */
export type Row = {
  subject: string;
  who: string;
  measure: string;
  value: number;
  unit: string;
  budget: number | null;
};
/** What the command line may say to a benchmark that can be larger or smaller. */
export type Size = { incidents: readonly number[] };
export type Bench = (size: Size) => Promise<Row[]>;

export const median = (values: readonly number[]): number => at(values, 0.5);
export const p99 = (values: readonly number[]): number => at(values, 0.99);

function at(values: readonly number[], share: number): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
  );
}

/** Milliseconds of one call by the clock; on a busy machine the best of several says more. */
export function time(run: () => unknown): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

/** Median and 99th percentile as two rows. */
export function spread(
  subject: string,
  who: string,
  values: readonly number[],
  budget: number | null = null,
): Row[] {
  const row = (measure: string, value: number, most: number | null): Row => ({
    ...{ subject, who, measure, value, unit: 'ms', budget: most },
  });
  return [row('median', median(values), budget), row('p99', p99(values), null)];
}
