// How Datadog shows a monitor, a series and a log line. Most of it is optional in the vendor's own models; `bare` leaves that
// out. It must never show anything that the shop's journal does not hold.
// https://github.com/DataDog/datadog-api-client-typescript
import type { LoggedLine } from '../shop/journal.ts';

const INTERVAL_S = 10;
const METRIC = 'shop.checkout.errors';
export const QUERY = `sum(last_1m):sum:${METRIC}{service:shop}.as_count() > 2`;
const SINCE = '2026-10-01T08:00:00.000Z';

/** Of a monitor only its type and its query are sure to be there. */
export function monitorOf(id: number, alerting: boolean, { downtimes = false, bare = false }) {
  const sure = { type: 'query alert', query: QUERY };
  if (bare) return sure;
  return {
    ...{ ...sure, id, name: 'Checkout error rate is high on shop', org_id: 321813, multi: false },
    ...{ message: 'Customers cannot buy. @pagerduty-shop', tags: ['service:shop', 'env:production'] },
    options: { thresholds: { critical: 2 }, include_tags: true, notify_no_data: false, silenced: {} },
    ...{ overall_state: alerting ? 'Alert' : 'OK', overall_state_modified: null, priority: 1 },
    ...{ created: SINCE, modified: SINCE, deleted: null, restricted_roles: null },
    ...(downtimes ? { matching_downtimes: [] } : {}),
  };
}

/** The answer to a query. One that makes no sense is answered with 200 too, and says so in `status`. */
export function metricAnswer(query: string, lines: readonly LoggedLine[], from: number, to: number) {
  const span = { from_date: from * 1000, to_date: to * 1000, group_by: [], resp_version: 1 };
  const answer = { ...span, res_type: 'time_series', query, series: [] as object[] };
  if (!/^\w[\w.():]*\{[^{}]*\}/.test(query))
    return { ...answer, status: 'error', error: `Error parsing query: unable to parse ${query}` };
  const series = query.includes(METRIC) ? [seriesOf(query, lines, from, to)] : [];
  return { ...answer, status: 'ok', message: '', series };
}

/** Errors per interval; an interval in which nobody tried to buy has no value. */
function seriesOf(expression: string, lines: readonly LoggedLine[], from: number, to: number) {
  const points: [number, number | null][] = [];
  const seen = lines.map(({ at, status }) => ({ at: Date.parse(at) / 1000, error: status === 'error' }));
  const first = Math.max(from, seen[0]?.at ?? to);
  for (let at = first - (first % INTERVAL_S); at < to && at < Date.now() / 1000; at += INTERVAL_S) {
    const within = seen.filter((line) => line.at >= at && line.at < at + INTERVAL_S);
    points.push([at * 1000, within.length === 0 ? null : within.filter(({ error }) => error).length]);
  }
  return {
    ...{ metric: METRIC, display_name: METRIC, scope: 'service:shop', tag_set: [], unit: null, aggr: 'sum' },
    ...{ expression, query_index: 0, interval: INTERVAL_S, length: points.length, pointlist: points },
    ...{ start: from * 1000, end: to * 1000 - 1 },
  };
}

export const logLine = ({ at, status, message }: LoggedLine, index: number, bare: boolean) => ({
  ...{ id: `AQ${index}`, type: 'log' },
  attributes: {
    ...{ status, host: 'shop-1', service: 'shop', tags: ['service:shop'], attributes: {} },
    ...(bare ? {} : { timestamp: at, message }),
  },
});
