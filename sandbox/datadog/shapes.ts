// How Datadog shows a monitor, a series and a log line. Most of it is optional in the vendor's own models; `bare` leaves that
// out. It must never show anything that the shop's journal does not hold.
// https://github.com/DataDog/datadog-api-client-typescript

/** A line of the shop's journal, or one that a test makes up: any status, without a message, with what a service logs as JSON. */
export type Line = { at: string; status: string; message?: string; attributes?: object };
/** A monitor that counts each service by itself: their names, and which of them are red. */
export type Groups = { all: readonly string[]; red: readonly string[] };
type Shown = {
  downtimes?: boolean;
  bare?: boolean;
  nulls?: boolean;
  groups?: Groups | null;
  states?: readonly string[];
};

const INTERVAL_S = 10;
const METRIC = 'shop.checkout.errors';
export const QUERY = `sum(last_1m):sum:${METRIC}{service:shop}.as_count() > 2`;
const SINCE = '2026-10-01T08:00:00.000Z';

/** Of a monitor only its type and its query are sure to be there. The states of groups are there when they are asked for. */
export function monitorOf(id: number, alerting: boolean, shown: Shown) {
  const { downtimes = false, bare = false, nulls = false, groups = null, states = [] } = shown;
  const sure = {
    type: 'query alert',
    query: groups ? `${QUERY.replace(/\{.*\}/, '{env:production} by {service}')}` : QUERY,
  };
  if (bare) return sure;
  if (nulls)
    return { ...sure, id, name: null, message: null, tags: null, overall_state: null, options: null };
  const red = (groups?.red ?? []).map((name) => [
    `service:${name}`,
    { name: `service:${name}`, status: 'Alert' },
  ]);
  return {
    ...{ ...sure, id, name: 'Checkout error rate is high on shop', org_id: 321813, multi: groups !== null },
    message: 'Customers cannot buy. @pagerduty-shop',
    tags: groups ? ['team:core', 'service:platform'] : ['service:shop', 'env:production'],
    options: { thresholds: { critical: 2 }, include_tags: true, notify_no_data: false, silenced: {} },
    ...{ overall_state: alerting ? 'Alert' : 'OK', overall_state_modified: null, priority: 1 },
    ...{ created: SINCE, modified: SINCE, deleted: null, restricted_roles: null },
    ...(downtimes ? { matching_downtimes: [] } : {}),
    ...(states.length > 0
      ? {
          state: {
            groups: states.some((state) => /^(alert|all)$/.test(state)) ? Object.fromEntries(red) : {},
          },
        }
      : {}),
  };
}

/** The answer to a query. One that makes no sense is answered with 200 too, and says so in `status`. */
export function metricAnswer(
  query: string,
  lines: readonly Line[],
  from: number,
  to: number,
  { groups, odd }: { groups: Groups | null; odd: boolean },
) {
  const span = { from_date: from * 1000, to_date: to * 1000, group_by: [], resp_version: 1 };
  const answer = { ...span, res_type: 'time_series', query, series: [] as object[] };
  if (!/^\w[\w.():]*\{[^{}]*\}/.test(query))
    return { ...answer, status: 'error', error: `Error parsing query: unable to parse ${query}` };
  if (!query.includes(METRIC)) return { ...answer, status: 'ok', message: '', series: [] };
  const of = (name: string, count: number) => seriesOf(query, lines, from, to, [`service:${name}`], count);
  const series: object[] = groups
    ? groups.all.toSorted().map((name) => of(name, groups.red.includes(name) ? 40 : 0))
    : [of('shop', 1)];
  if (odd) series.push({ metric: null, pointlist: 'none' });
  return { ...answer, status: 'ok', message: '', series };
}

/** Errors per interval, each counted so often; an interval in which nobody tried to buy has no value. */
function seriesOf(
  expression: string,
  lines: readonly Line[],
  from: number,
  to: number,
  tags: readonly string[],
  each: number,
) {
  const points: [number, number | null][] = [];
  const seen = lines.map(({ at, status }) => ({ at: Date.parse(at) / 1000, error: status === 'error' }));
  const first = Math.max(from, seen[0]?.at ?? to);
  for (let at = first - (first % INTERVAL_S); at < to && at < Date.now() / 1000; at += INTERVAL_S) {
    const within = seen.filter((line) => line.at >= at && line.at < at + INTERVAL_S);
    points.push([at * 1000, within.length === 0 ? null : within.filter(({ error }) => error).length * each]);
  }
  return {
    ...{
      metric: METRIC,
      display_name: METRIC,
      scope: tags.join(','),
      tag_set: tags,
      unit: null,
      aggr: 'sum',
    },
    ...{ expression, query_index: 0, interval: INTERVAL_S, length: points.length, pointlist: points },
    ...{ start: from * 1000, end: to * 1000 - 1 },
  };
}

export const logLine = ({ at, status, message, attributes = {} }: Line, index: number, bare: boolean) => ({
  ...{ id: `AQ${index}`, type: 'log' },
  attributes: {
    ...{ status, host: 'shop-1', service: 'shop', tags: ['service:shop'], attributes },
    ...(bare ? {} : { timestamp: at, ...(message === undefined ? {} : { message }) }),
  },
});
