// Tells a metric's series in words for people and for a model: its value before the alert, its worst, and its last.
// Must never turn a gap into 0: points without a value are left out, and their number is told.
export type Point = { at: number; value: number | null };

const MAX_SHOWN = 24;

/** `alertAt` in epoch milliseconds. */
export function seriesText(name: string, points: readonly Point[], alertAt: number): string {
  const known = points.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]));
  if (known.length === 0) return `${name}: no values in this window`;
  const before = known.filter(({ at }) => at < alertAt - 10 * 60_000).map(({ value }) => value);
  const after = known.filter(({ at }) => at >= alertAt - 10 * 60_000).map(({ value }) => value);
  const step = Math.ceil(known.length / MAX_SHOWN);
  const shown = known.filter((_, index) => index % step === 0 || index === known.length - 1);
  const gaps = points.length - known.length;
  return [
    name,
    `earlier: ${range(before)}; around the alert: ${range(after)}; last ${round(known.at(-1)?.value ?? 0)}${gaps > 0 ? `; ${gaps} points without a value` : ''}`,
    shown.map(({ at, value }) => `${new Date(at).toISOString().slice(11, 16)} ${round(value)}`).join(', '),
  ].join('\n');
}

function range(values: readonly number[]): string {
  if (values.length === 0) return 'nothing known';
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${round(low)} to ${round(high)}, median ${round(median)}`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
