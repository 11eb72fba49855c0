// Datadog's read APIs by plain fetch: a monitor, a metric's series, log samples. https://docs.datadoghq.com/api/latest/
// Must never write there, and never put a key or a whole answer into an error.
import * as z from 'zod';
import type { LogLine } from '#core/evidence/fold-logs';
import type { Point } from '#core/evidence/series-text';
import { requestJson } from './http-json.ts';

export type Datadog = { api: string; apiKey: string; appKey: string };
type Read<T> = { ok: true; value: T } | { ok: false; reason: string };
type Window = { from: Date; to: Date };

const Monitor = z.object({
  id: z.number().optional(),
  name: z.string().default('without a name'),
  type: z.string(),
  query: z.string(),
  tags: z.array(z.string()).default([]),
  overall_state: z.string().default('unknown'),
});
export type Monitor = z.infer<typeof Monitor>;

const Series = z.object({
  status: z.string(),
  series: z
    .array(
      z.object({
        metric: z.string(),
        scope: z.string().default('*'),
        pointlist: z.array(z.tuple([z.number(), z.number().nullable()])),
      }),
    )
    .default([]),
});
const Logs = z.object({
  data: z.array(
    z.object({
      attributes: z.object({
        status: z.string().default('unknown'),
        timestamp: z.string().default(''),
        message: z.string().default(''),
      }),
    }),
  ),
});
/** What a status means. Datadog's own words about a failure are nobody's to read. */
const meanings = new Map([
  [400, 'Bad request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Monitor not found'],
  [429, 'Too many requests'],
]);
/** Limits count for an organisation, and several jobs may meet one at once. */
const RETRIES = 4;
/** So long may one read take with all its waiting: the job that asks has ten minutes. */
const MOST_MS = 90_000;

/**
 * Every call only reads, the log search too, although it is a POST: so each may be repeated. Log search has by far the lowest
 * limit, so that it is asked once for each incident, and again only after what `x-ratelimit-reset` says.
 * https://docs.datadoghq.com/api/latest/rate-limits/
 */
async function call<T>(
  account: Datadog,
  path: string,
  schema: z.ZodType<T>,
  body?: unknown,
): Promise<Read<T>> {
  const answer = await requestJson({
    method: body === undefined ? 'GET' : 'POST',
    url: `${account.api}${path}`,
    headers: { 'dd-api-key': account.apiKey, 'dd-application-key': account.appKey },
    ...(body === undefined ? {} : { body }),
    retries: RETRIES,
    signal: AbortSignal.timeout(MOST_MS),
  });
  if (!answer.ok) {
    const meaning = meanings.get(answer.status ?? 0);
    return { ok: false, reason: meaning ? `${answer.reason} (${meaning})` : answer.reason };
  }
  const parsed = schema.safeParse(answer.body);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, reason: 'Datadog answered in an unknown shape' };
}

export function readMonitor(account: Datadog, id: string): Promise<Read<Monitor>> {
  return call(account, `/api/v1/monitor/${encodeURIComponent(id)}`, Monitor);
}

/** The series of a metric query in the window, one for each scope. The query takes seconds, the answer has milliseconds. */
export async function querySeries(
  account: Datadog,
  query: string,
  window: Window,
): Promise<Read<{ name: string; points: Point[] }[]>> {
  const [from, to] = [window.from, window.to].map((at) => String(Math.floor(at.getTime() / 1000)));
  const path = `/api/v1/query?${new URLSearchParams({ from: from ?? '', to: to ?? '', query })}`;
  const answer = await call(account, path, Series);
  if (!answer.ok) return answer;
  // An answer of 200 may still carry an error.
  if (answer.value.status !== 'ok')
    return { ok: false, reason: 'the query failed: Datadog could not run it' };
  return {
    ok: true,
    value: answer.value.series.map(({ metric, scope, pointlist }) => ({
      name: `${metric}{${scope}}`,
      points: pointlist.map(([at, value]) => ({ at, value })),
    })),
  };
}

/** The newest errors and warnings of a service, at most `limit` lines (the vendor allows 1,000). */
export async function searchLogs(
  account: Datadog,
  service: string,
  window: Window,
  limit: number,
): Promise<Read<LogLine[]>> {
  const answer = await call(account, '/api/v2/logs/events/search', Logs, {
    filter: {
      query: `service:${service} status:(error OR warn OR critical)`,
      from: window.from.toISOString(),
      to: window.to.toISOString(),
    },
    sort: '-timestamp',
    page: { limit: Math.min(limit, 1000) },
  });
  if (!answer.ok) return answer;
  return {
    ok: true,
    value: answer.value.data.map(({ attributes }) => ({
      at: attributes.timestamp,
      status: attributes.status,
      message: attributes.message,
    })),
  };
}
