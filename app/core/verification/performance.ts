// What a few loads of a page say of its speed and weight.
// Must never call a page slow for one load: of three to twenty numbers, the slowest is chance.
import * as z from 'zod';
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

/** What was measured, for people and for those who compare. A time is missing where too many loads never ended. */
export const Measured = z.strictObject({
  loads: z.int().min(1).max(LOADS.most),
  p50_ms: z.int().min(0).optional(),
  p95_ms: z.int().min(0).optional(),
  /** Where a budget asked for them. */
  bytes: z.int().min(0).optional(),
  requests: z.int().min(0).optional(),
});
export type Measured = z.output<typeof Measured>;

/** `fault` is null: it keeps its budget. `nothing`: too few loads to say anything. */
export function judgeLoads(
  loads: readonly Loaded[],
  budget: Budget,
): { readonly fault: string | null; readonly measured: Measured } | { readonly nothing: string } {
  const whole = loads.flatMap((one) => ('failed' in one ? [] : [one]));
  const failed = loads.flatMap((one) => ('failed' in one ? [one.failed] : []));
  const times = loads.map((one) => ('failed' in one ? Number.POSITIVE_INFINITY : one.ms));
  const middle = (of: 'bytes' | 'requests') =>
    percentile(
      whole.map((one) => one[of]),
      0.5,
    );
  const rows = [
    ['p50_ms', percentile(times, 0.5), 'p50 is', 'ms'],
    ['p95_ms', percentile(times, 0.95), 'p95 is', 'ms'],
    ['bytes', middle('bytes'), 'half of the loads take', 'bytes'],
    ['requests', middle('requests'), 'half of the loads take', 'requests'],
  ] as const;
  const known = rows.filter(
    ([name, got]) => Number.isFinite(got) && (name.endsWith('_ms') || budget[name] !== undefined),
  );
  const figures = Object.fromEntries(known.map(([name, got]) => [name, Math.round(got)]));
  const measured: Measured = { loads: loads.length, ...figures };
  if (failed.length > 1)
    return {
      fault: cut(`${failed.length} of ${loads.length} loads failed, one: ${failed[0]}`, 300),
      measured,
    };
  if (loads.length < LOADS.least)
    return { nothing: `${loads.length} loads in time, and it takes ${LOADS.least} to say anything` };
  const over = rows.flatMap(([name, got, words, unit]) => {
    const most = budget[name];
    return most === undefined || got <= most
      ? []
      : [`${words} ${told(got)} ${unit}, expected ${most} at most`];
  });
  return {
    fault: over.length === 0 ? null : cut(`of ${loads.length} loads, ${over.join('; ')}`, 300),
    measured,
  };
}

/** `p50 310 ms, p95 420 ms, 48211 bytes, 7 requests of 5 loads`, for people. */
export function measuredWords({ loads, p50_ms, p95_ms, bytes, requests }: Measured): string {
  const parts = [
    ...(p50_ms === undefined ? [] : [`p50 ${p50_ms} ms`]),
    ...(p95_ms === undefined ? [] : [`p95 ${p95_ms} ms`]),
    ...(bytes === undefined ? [] : [`${bytes} bytes`]),
    ...(requests === undefined ? [] : [`${requests} requests`]),
  ];
  return parts.length === 0 ? `nothing of ${loads} loads` : `${parts.join(', ')} of ${loads} loads`;
}

const told = (value: number): string => (Number.isFinite(value) ? `${Math.round(value)}` : 'endless');
