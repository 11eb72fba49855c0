// A Datadog account on one machine: one monitor, the series it watches and the logs behind it, all read off what the shop
// really did. It must keep the vendor's rules: two keys on every call, seconds in and milliseconds out, limits in headers.
// https://docs.datadoghq.com/api/latest/
import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { listen } from '../listen.ts';
import { empty, page, state } from '../page.ts';
import type { LoggedLine } from '../shop/journal.ts';
import type { Weather } from '../weather/weather.ts';

export type Datadog = {
  api: string;
  web: string;
  monitor: { id: number; url: string };
  close(): Promise<void>;
};
type Options = {
  apiKey: string;
  appKey: string;
  journal(): readonly LoggedLine[];
  alerting(): boolean;
  weather?: Weather | undefined;
};

const INTERVAL_S = 10;
const LOGS_AN_HOUR = 300;
const METRIC = 'shop.checkout.errors';
const QUERY = `sum(last_1m):sum:${METRIC}{service:shop}.as_count() > 2`;

const Search = z.object({
  filter: z.object({ query: z.string(), from: z.iso.datetime(), to: z.iso.datetime() }),
  sort: z.enum(['timestamp', '-timestamp']).default('timestamp'),
  page: z.object({ limit: z.number().int().min(1).max(1000).default(10) }).prefault({}),
});

/** Starts the stand-in; without both keys nothing can be read. */
export async function startDatadog({
  apiKey,
  appKey,
  journal,
  alerting,
  weather,
}: Options): Promise<Datadog> {
  const id = 155844758;
  const app = new Hono();
  const same = (given: string | undefined, wanted: string): boolean =>
    given !== undefined &&
    given.length === wanted.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
  app.use('/api/*', async (c, next) => {
    const known =
      same(c.req.header('dd-api-key'), apiKey) && same(c.req.header('dd-application-key'), appKey);
    return known ? next() : c.json({ errors: ['Forbidden'] }, 403);
  });
  app.get('/api/v1/validate', (c) => c.json({ valid: true }));
  app.get('/api/v1/monitor/:id', (c) => {
    if (c.req.param('id') !== String(id)) return c.json({ errors: ['Monitor not found'] }, 404);
    return c.json({
      id,
      name: 'Checkout error rate is high on shop',
      type: 'query alert',
      query: QUERY,
      message: 'Customers cannot buy. @pagerduty-shop',
      tags: ['service:shop', 'env:production'],
      options: { thresholds: { critical: 2 } },
      overall_state: alerting() ? 'Alert' : 'OK',
      overall_state_modified: null,
      priority: 1,
      matching_downtimes: [],
    });
  });
  app.get('/api/v1/query', (c) => {
    const { from, to, query = '' } = c.req.query();
    const [start, end] = [Number(from), Number(to)];
    if (!(start > 0 && end > start)) return c.json({ errors: ['Invalid time range'] }, 400);
    if (!query.includes(METRIC)) return c.json({ status: 'ok', series: [], query, res_type: 'time_series' });
    return c.json({ status: 'ok', res_type: 'time_series', query, series: [series(journal(), start, end)] });
  });
  let searches = 0;
  app.post('/api/v2/logs/events/search', async (c) => {
    searches += 1;
    limits(c, LOGS_AN_HOUR - searches);
    if (searches > LOGS_AN_HOUR) return c.json({ errors: ['Too many requests'] }, 429);
    const asked = Search.safeParse(await c.req.json().catch(() => undefined));
    if (!asked.success)
      return c.json({ errors: [{ title: 'Generic Error', detail: z.prettifyError(asked.error) }] }, 400);
    const { filter, sort, page: wanted } = asked.data;
    const lines = journal()
      .filter(({ at }) => at >= filter.from && at <= filter.to && filter.query.includes('service:shop'))
      .filter(({ status }) => status !== 'info' || !filter.query.includes('status:'));
    const ordered = sort === 'timestamp' ? lines : lines.toReversed();
    const data = ordered.slice(0, wanted.limit).map(({ at, status, message }, index) => ({
      id: `AQ${index}`,
      type: 'log',
      attributes: {
        status,
        timestamp: at,
        host: 'shop-1',
        service: 'shop',
        message,
        tags: ['service:shop'],
        attributes: {},
      },
    }));
    return c.json(data.length > 0 ? { data, meta: { status: 'done' } } : { data });
  });
  app.get('/monitors/:id', (c) => {
    const lines = journal()
      .slice(-40)
      .map(({ at, status, message }) => `${at} ${status} ${message}\n`);
    const logs = lines.length > 0 ? html`<pre>${lines}</pre>` : empty('Nobody has tried to buy yet.');
    const body = html`<p>${state(alerting() ? 'Alert' : 'OK')} <code>${QUERY}</code></p><h2>Logs of shop</h2>${logs}`;
    return c.html(page('Datadog', 'Checkout error rate is high on shop', body, 'live'));
  });
  const { url, close } = await listen(app, weather?.door('datadog'));
  return {
    api: url,
    web: `${url}/monitors/${id}`,
    monitor: { id, url: `https://app.datadoghq.com/monitors/${id}` },
    close,
  };
}

/** Errors per interval; an interval in which nobody tried to buy has no value. */
function series(lines: readonly LoggedLine[], from: number, to: number) {
  const points: [number, number | null][] = [];
  const seen = lines.map(({ at, status }) => ({ at: Date.parse(at) / 1000, error: status === 'error' }));
  const first = Math.max(from, seen[0]?.at ?? to);
  for (let at = first - (first % INTERVAL_S); at < to && at < Date.now() / 1000; at += INTERVAL_S) {
    const within = seen.filter((line) => line.at >= at && line.at < at + INTERVAL_S);
    points.push([at * 1000, within.length === 0 ? null : within.filter(({ error }) => error).length]);
  }
  return { metric: METRIC, scope: 'service:shop', interval: INTERVAL_S, tag_set: [], pointlist: points };
}

function limits(c: Context, remaining: number): void {
  c.header('X-RateLimit-Limit', String(LOGS_AN_HOUR));
  c.header('X-RateLimit-Period', '3600');
  c.header('X-RateLimit-Remaining', String(Math.max(0, remaining)));
  c.header('X-RateLimit-Reset', '60');
  c.header('X-RateLimit-Name', 'logs_list_api');
}
