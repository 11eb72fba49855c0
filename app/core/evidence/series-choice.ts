// Which of a metric's many series are shown: those of the alert, then those of red groups, then what stands out most, from the
// others or from its own past. Must never let a series stand first because its name comes first.
import { type Point, seriesText } from './series-text.ts';

export type Series = { name: string; tags: readonly string[]; points: readonly Point[] };
type Sought = {
  /** The alert's own tags. */
  tags: readonly string[];
  /** Groups that the monitor calls red, each with its tags. */
  red: readonly (readonly string[])[];
  /** In epoch milliseconds. */
  alertAt: number;
};
const AROUND_MS = 10 * 60_000;
const SHOWN = 5;

/** The series that tell most, and how many there are beside them. */
export function metricText(
  series: readonly Series[],
  sought: Sought,
  { gaps = [], odd = 0 }: { gaps?: readonly string[]; odd?: number } = {},
): string {
  const all = bySickness(series, sought);
  const more = all.length - SHOWN;
  return [
    ...(gaps.length > 0 ? [`Not all of it was computed: ${gaps.join('; ')}.`] : []),
    ...(odd > 0 ? [`${odd} more series cannot be read.`] : []),
    ...all.slice(0, SHOWN).map(({ name, points }) => seriesText(name, points, sought.alertAt)),
    ...(more > 0
      ? [
          `and ${more} more: shown are the alert’s own, then those farthest from the others or from their past`,
        ]
      : []),
  ].join('\n\n');
}

/** All series, the most telling first. */
export function bySickness(series: readonly Series[], sought: Sought): Series[] {
  const wanted = lower(sought.tags);
  const red = sought.red.map(lower);
  const around = series.map(({ points }) => valuesOf(points, (at) => at >= sought.alertAt - AROUND_MS));
  const past = series.map(({ points }) => valuesOf(points, (at) => at < sought.alertAt - AROUND_MS));
  const usual = median(around.flat());
  const fromOthers = ranks(around.map((values) => farthest(values, usual)));
  const fromPast = ranks(around.map((values, index) => farthest(values, median(past[index] ?? []) ?? usual)));
  const keys = series.map(({ tags }, index) => {
    const own = new Set(lower(tags));
    const held = wanted.filter((tag) => own.has(tag)).length;
    const isRed = red.some((group) => group.length > 0 && group.every((tag) => own.has(tag)));
    const [others = 0, itself = 0] = [fromOthers[index], fromPast[index]];
    return [-held, isRed ? 0 : 1, Math.min(others, itself), others];
  });
  return series
    .map((one, index) => ({ one, key: keys[index] ?? [] }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ one }) => one);
}

const lower = (tags: readonly string[]): string[] => tags.map((tag) => tag.toLowerCase());

function valuesOf(points: readonly Point[], within: (at: number) => boolean): number[] {
  return points.flatMap(({ at, value }) => (value !== null && within(at) ? [value] : []));
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

function farthest(values: readonly number[], from: number | null): number {
  return from === null ? 0 : values.reduce((most, value) => Math.max(most, Math.abs(value - from)), 0);
}

/** The place of each value when the greatest comes first. No two share a place, so that one list cannot crowd out the other. */
function ranks(values: readonly number[]): number[] {
  return values.map(
    (value, at) => values.filter((other, index) => other > value || (other === value && index < at)).length,
  );
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
