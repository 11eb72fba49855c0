// A Datadog account on one machine: one monitor, the series it watches and the logs behind it, all read off what the shop
// really did. It must keep the vendor's rules: two keys on every call, seconds in and milliseconds out, limits in headers.
// https://docs.datadoghq.com/api/latest/
import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { html } from 'hono/html';
import { z } from 'zod';
import { listen } from '../listen.ts';
import { empty, page, state } from '../page.ts';
import { rate } from '../rate.ts';
import type { Weather } from '../weather/weather.ts';
import { type Habits, Search, searchAnswer } from './search.ts';
import { type Groups, type Line, metricAnswer, monitorOf, QUERY } from './shapes.ts';

export type Datadog = {
  api: string;
  web: string;
  monitor: { id: number; url: string };
  /** Whether answers from now on leave out what the vendor's models say may be absent. */
  setBare(on: boolean): void;
  /** Answers as some accounts' do from now on: logs in another tier, half searches, odd elements, a monitor of many groups. */
  behave(change: Partial<Habits & { groups: Groups | null; nulls: boolean }>): void;
  close(): Promise<void>;
};
type Options = {
  apiKey: string;
  appKey: string;
  journal(): readonly Line[];
  alerting(): boolean;
  limits?: Partial<typeof DATADOGS>;
  weather?: Weather | undefined;
};
type Bucket = [requests: number, seconds: number];
/** The vendor publishes no numbers. These are what was reported of it; log search is by far the tightest. */
const DATADOGS: Record<'monitor' | 'query' | 'logs', Bucket> = {
  ...{ monitor: [3000, 60], query: [600, 3600], logs: [300, 3600] },
};
const names = { monitor: 'get_monitor', query: 'metrics_query', logs: 'logs_list_api' };

/** Starts the stand-in; without both keys nothing can be read. */
export async function startDatadog(options: Options): Promise<Datadog> {
  const { apiKey, appKey, journal, alerting } = options;
  const id = 155844758;
  const app = new Hono();
  const answers: Habits & { groups: Groups | null; nulls: boolean } = {
    ...{ bare: false, nulls: false, odd: false, groups: null, tier: 'indexes', meta: {} },
  };
  const same = (given: string | undefined, wanted: string): boolean =>
    given !== undefined &&
    given.length === wanted.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
  app.use('/api/*', async (c, next) => {
    const checked = c.req.path === '/api/v1/validate' || same(c.req.header('dd-application-key'), appKey);
    return checked && same(c.req.header('dd-api-key'), apiKey) ? next() : failed(c, 403, 'Forbidden');
  });
  const limited = (bucket: keyof typeof DATADOGS) => {
    const [requests, seconds] = options.limits?.[bucket] ?? DATADOGS[bucket];
    const take = rate(requests, seconds);
    return createMiddleware(async (c, next) => {
      const { ok, limit, remaining, reset } = take();
      const told = { Limit: limit, Period: seconds, Remaining: remaining, Reset: reset, Name: names[bucket] };
      for (const [name, value] of Object.entries(told)) c.header(`X-RateLimit-${name}`, String(value));
      const reached = `Rate limit of ${limit} requests in ${seconds} seconds reached. Please try again later.`;
      return ok ? next() : failed(c, 429, reached);
    });
  };
  app.get('/api/v1/validate', (c) => c.json({ valid: true }));
  app.get('/api/v1/monitor/:id', limited('monitor'), (c) => {
    if (c.req.param('id') !== String(id)) return c.json({ errors: ['Monitor not found'] }, 404);
    const downtimes = c.req.query('with_downtimes') === 'true';
    const states = c.req.query('group_states')?.split(',') ?? [];
    return c.json(monitorOf(id, alerting(), { ...answers, downtimes, states }));
  });
  app.get('/api/v1/query', limited('query'), (c) => {
    const { from, to, query = '' } = c.req.query();
    const [start, end] = [Number(from), Number(to)];
    if (!(start > 0 && end > start)) return c.json({ errors: ['Invalid time range'] }, 400);
    return c.json(metricAnswer(query, journal(), start, end, answers));
  });
  app.post('/api/v2/logs/events/search', limited('logs'), async (c) => {
    const asked = Search.safeParse(await c.req.json().catch(() => undefined));
    if (!asked.success)
      return c.json({ errors: [{ title: 'Generic Error', detail: z.prettifyError(asked.error) }] }, 400);
    return c.json(searchAnswer(asked.data, journal(), answers, c.req.url));
  });
  app.get('/monitors/:id', (c) => {
    const lines = journal()
      .slice(-40)
      .map(({ at, status, message }) => `${at} ${status} ${message}\n`);
    const logs = lines.length > 0 ? html`<pre>${lines}</pre>` : empty('Nobody has tried to buy yet.');
    const body = html`<p>${state(alerting() ? 'Alert' : 'OK')} <code>${QUERY}</code></p><h2>Logs of shop</h2>${logs}`;
    return c.html(page('Datadog', 'Checkout error rate is high on shop', body, 'live'));
  });
  const { url, close } = await listen(app, options.weather?.door('datadog'));
  return {
    api: url,
    web: `${url}/monitors/${id}`,
    monitor: { id, url: `https://app.datadoghq.com/monitors/${id}` },
    setBare: (bare) => void Object.assign(answers, { bare }),
    behave: (change) => void Object.assign(answers, change),
    close,
  };
}

/** A refusal in the words of v1, with where to ask for help. */
const failed = (c: Context, code: 403 | 429, error: string) =>
  c.json({ status: 'error', code, errors: [error], statuspage: 'http://status.datadoghq.com' }, code);
