// What a plan may ask of monitoring itself, and what an answer says: a monitor's state, or the newest values of a series.
// Must never take silence for a good answer: no data, a monitor that is muted or a series without a new point say nothing.
import * as z from 'zod';

/** A point is whole some time after its own: until then, it may hold half of what happened. */
const UNFINISHED_MS = 60_000;
const bound = z.number().min(-1e15).max(1e15);

/** Without name and kind, which every check has. Exactly one of `monitor` and `query`. */
export const monitorFields = {
  /** The number of a monitor, or a `{PARAMETER}`. */
  monitor: z
    .union([
      z.int().positive(),
      z.string().regex(/^(\d{1,19}|\{[A-Z][A-Z0-9_]*\})$/, 'the number of a monitor'),
    ])
    .optional(),
  /** A metric query, such as `sum:shop.errors{service:shop}.as_rate()`. */
  query: z.string().min(3).max(2000).optional(),
  expect: z
    .strictObject({
      state: z.literal('OK').optional(),
      below: bound.optional(),
      above: bound.optional(),
    })
    .prefault({}),
  /** How old the newest point of a series may be. */
  newest_s: z.int().min(120).max(3600).default(600),
};
const fields = z.strictObject(monitorFields);
type Asked = z.output<typeof fields>;

/** What is wrong with the words, or null. */
export function monitorFault({ monitor, query, expect }: Asked): string | null {
  if ((monitor === undefined) === (query === undefined)) return 'names a monitor or a query, one of them';
  const bounds = expect.below !== undefined || expect.above !== undefined;
  if (monitor !== undefined)
    return bounds ? 'a monitor has a state, and below and above are for a query' : null;
  if (expect.state !== undefined) return 'a query has values and no state';
  return bounds ? null : 'a query needs below or above to compare with';
}

/** `null`: as expected. `nothing`: the answer says nothing of the service. */
export type Said = { readonly fault: string | null } | { readonly nothing: string };

/** https://docs.datadoghq.com/monitors/status/status_page/ */
export function judgeMonitor(state: string): Said {
  if (state === 'OK') return { fault: null };
  if (state === 'Alert' || state === 'Warn') return { fault: `the monitor is in ${state}, expected OK` };
  return { nothing: 'the monitor says neither that all is well nor that it is not' };
}

type Points = readonly { readonly at: number; readonly value: number | null }[];

/** Every series of the answer must keep the bounds, at its newest whole point. `now` in Unix milliseconds. */
export function judgeSeries(all: readonly Points[], { expect, newest_s }: Asked, now: number): Said {
  const { below = Number.POSITIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = expect;
  const newest = all.flatMap((points) => {
    const whole = points.filter(
      ({ at, value }) => value !== null && at <= now - UNFINISHED_MS && at >= now - newest_s * 1000,
    );
    const last = whole.toSorted((a, b) => a.at - b.at).at(-1)?.value;
    return last === undefined || last === null ? [] : [last];
  });
  const bad = newest.find((value) => !(value < below && value > above));
  if (bad !== undefined) return { fault: `the newest value is ${bad}, expected ${boundsOf(expect)}` };
  // A series that has ended may be the one that was broken.
  if (newest.length === 0 || newest.length < all.length)
    return { nothing: `no new point within ${newest_s} s` };
  return { fault: null };
}

const boundsOf = ({ below, above }: Asked['expect']): string =>
  [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(' and ');
