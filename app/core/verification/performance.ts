// What a few loads of a page say of its speed and weight.
// Must never call a page slow for one load: of three to twenty numbers, the slowest is chance.
import { cut } from '#core/text/cut';

export const LOADS = { least: 3, most: 20 } as const;

/** One load that came to its end. */
export type Load = { readonly ms: number; readonly bytes: number; readonly requests: number };
/** Or why it did not: then it took longer than any budget. */
export type Loaded = Load | { readonly failed: string };
export type Budget = {
  readonly p50_ms?: number | undefined;
  readonly p95_ms?: number | undefined;
  readonly bytes?: number | undefined;
  readonly requests?: number | undefined;
};

/**
 * The nearest rank: the smallest value that so large a share of all does not exceed. The largest value is never taken, since of fewer
 * than twenty the 95th percentile would be that one load. So two at least must be too slow: where one in twenty may be, the
 * chance of two in five is 2 %.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.min(Math.ceil(share * sorted.length), Math.max(1, sorted.length - 1));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Null: it keeps its budget. `nothing`: too few loads to say anything. */
export function judgeLoads(
  loads: readonly Loaded[],
  budget: Budget,
): { readonly fault: string | null } | { readonly nothing: string } {
  const whole = loads.flatMap((one) => ('failed' in one ? [] : [one]));
  const failed = loads.flatMap((one) => ('failed' in one ? [one.failed] : []));
  if (failed.length > 1)
    return { fault: cut(`${failed.length} of ${loads.length} loads failed, one: ${failed[0]}`, 300) };
  if (loads.length < LOADS.least)
    return { nothing: `${loads.length} loads in time, and it takes ${LOADS.least} to say anything` };
  const times = loads.map((one) => ('failed' in one ? Number.POSITIVE_INFINITY : one.ms));
  const middle = (of: 'bytes' | 'requests') =>
    percentile(
      whole.map((one) => one[of]),
      0.5,
    );
  const rows = [
    ['p50', percentile(times, 0.5), budget.p50_ms, 'ms'],
    ['p95', percentile(times, 0.95), budget.p95_ms, 'ms'],
    ['half of the loads', middle('bytes'), budget.bytes, 'bytes'],
    ['half of the loads', middle('requests'), budget.requests, 'requests'],
  ] as const;
  const over = rows.flatMap(([name, got, most, unit]) =>
    most === undefined || got <= most
      ? []
      : [`${name} ${unit === 'ms' ? 'is' : 'take'} ${told(got)} ${unit}, expected ${most} at most`],
  );
  return { fault: over.length === 0 ? null : cut(`of ${loads.length} loads, ${over.join('; ')}`, 300) };
}

const told = (value: number): string => (Number.isFinite(value) ? `${Math.round(value)}` : 'endless');
