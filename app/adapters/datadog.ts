// Datadog's read APIs by plain fetch: a monitor, a metric's series, log samples. https://docs.datadoghq.com/api/latest/
// Must never write there, and never put a key or a whole answer into an error.
import * as z from 'zod';
import type { StorageTier } from '#core/addresses';
import { type LogLine, WORSE } from '#core/evidence/fold-logs';
import { messageOf } from '#core/evidence/log-message';
import type { Series } from '#core/evidence/series-choice';
import { each } from '#core/text/odd-elements';
import { requestJson } from './http-json.ts';

export type Datadog = {
  api: string;
  apiKey: string;
  appKey: string;
  /** Where logs are looked for, in turn until some are found. */
  tiers?: readonly StorageTier[] | undefined;
};
/** What an answer is known to leave out. Nothing of it is there when nothing is. */
type Short = {
  /** What was not searched or computed, in words. */
  gaps?: readonly string[];
  /** How many elements cannot be read. */
  odd?: number;
};
type Read<T> = ({ ok: true; value: T } & Short) | { ok: false; reason: string };
type Window = { from: Date; to: Date };

// The vendor's models call nearly everything optional, and accounts answer null where they promise a text. What matters is
// looked for; what is missing gets a word in its place. https://github.com/DataDog/datadog-api-client-typescript/issues/5043
const word = (instead: string) => z.string().catch(instead);
const words = each(z.string())
  .catch({ good: [], odd: 0 })
  .transform(({ good }) => good);
const Group = z.object({ name: z.string(), status: word('unknown') });
const Monitor = z
  .object({
    name: word(''),
    type: word('unknown'),
    query: word(''),
    tags: words,
    overall_state: word('unknown'),
    state: z.object({ groups: z.record(z.string(), z.unknown()).catch({}) }).catch({ groups: {} }),
  })
  .refine(({ name, query }) => name !== '' || query !== '', 'neither a name nor a query')
  .transform(({ state, name, ...rest }) => ({
    ...rest,
    name: name || 'without a name',
    /** Groups that are not well, of a monitor that watches many. */
    groups: Object.entries(state.groups).flatMap(([name, told]) => {
      const group = Group.safeParse({ name, ...(typeof told === 'object' ? told : {}) }).data;
      return group && group.status.toLowerCase() !== 'ok' ? [group] : [];
    }),
  }));
export type Monitor = z.infer<typeof Monitor>;

const Points = z.tuple([z.number(), z.number().nullish().catch(null)]).rest(z.unknown());
const OneSeries = z
  .object({ metric: word('metric'), scope: word('*'), tag_set: words, pointlist: each(Points) })
  .transform(({ metric, scope, tag_set: tags, pointlist }) => ({
    name: `${metric}{${scope}}`,
    tags: [...new Set([...scope.split(',').map((tag) => tag.trim()), ...tags])],
    points: pointlist.good.map(([at, value]) => ({ at, value: value ?? null })),
  }));
/** An object that has at least one of these: anything else is not this vendor's answer, and nothing can be concluded from it. */
const having = (...names: readonly string[]) =>
  z.looseObject({}).refine((answer) => names.some((name) => Object.hasOwn(answer, name)));
const Metric = having('series', 'status').pipe(
  z.object({ status: word('ok'), error: word(''), series: each(OneSeries) }),
);

const LogEvent = z
  .object({
    attributes: z.object({
      status: word('unknown'),
      timestamp: z
        .union([
          z.string(),
          z
            .number()
            .min(0)
            .max(8.64e15)
            .transform((at) => new Date(at).toISOString()),
        ])
        .catch(''),
      message: z.unknown().optional(),
      attributes: z.unknown().optional(),
    }),
  })
  .transform(
    ({ attributes: { status, timestamp: at, message, attributes } }): LogLine => ({
      ...{ at, status, message: messageOf(message, attributes) },
    }),
  );
/** A name out of an answer, such as `unknown_index`. The vendor's sentences are not passed on. */
const nameOr = (text: string, instead: string): string =>
  /^[a-z][a-z0-9_-]{0,59}$/.test(text) ? text : instead;
const Warning = z.object({ code: word('') }).transform(({ code }) => nameOr(code, 'something'));
const Logs = having('data', 'meta').pipe(
  z.object({
    data: each(LogEvent),
    meta: z
      .object({
        status: word('done'),
        warnings: each(Warning).catch({ good: [], odd: 1 }),
        page: z.object({ after: z.string() }).nullish().catch(null),
      })
      .nullish()
      .catch({ status: 'unreadable', warnings: { good: [], odd: 0 } }),
  }),
);
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

/** The monitor, and which of its groups are not well. https://docs.datadoghq.com/api/latest/monitors/#get-a-monitors-details */
export function readMonitor(account: Datadog, id: string): Promise<Read<Monitor>> {
  const states = new URLSearchParams({ group_states: 'alert,warn,no data' });
  return call(account, `/api/v1/monitor/${encodeURIComponent(id)}?${states}`, Monitor);
}

/** The series of a metric query in the window, one for each scope. The query takes seconds, the answer has milliseconds. */
export async function querySeries(account: Datadog, query: string, window: Window): Promise<Read<Series[]>> {
  const [from, to] = [window.from, window.to].map((at) => String(Math.floor(at.getTime() / 1000)));
  const path = `/api/v1/query?${new URLSearchParams({ from: from ?? '', to: to ?? '', query })}`;
  const answer = await call(account, path, Metric);
  if (!answer.ok) return answer;
  const { status, error, series } = answer.value;
  // An answer of 200 may still carry an error, with what was computed until then or with nothing.
  if (status !== 'ok' || (error !== '' && series.good.length === 0))
    return { ok: false, reason: 'the query failed: Datadog could not run it' };
  if (series.good.length === 0 && series.odd > 0) return { ok: false, reason: 'no series can be read' };
  return short(series.good, { gaps: error === '' ? [] : ['the query ended with an error'], odd: series.odd });
}

/** Words of lines that tell an error whatever their status: many services log everything as info. `*:` looks in every attribute. */
const SPEAKING = ['error', 'exception', 'fatal', 'panic', 'traceback'].flatMap((one) => [
  `*${one}*`,
  `*:${one}`,
]);

/**
 * The newest lines of a service that are errors or warnings, at most `limit` (the vendor allows 1,000). Where there is none, those
 * that speak of an error. Tiers are searched in turn while there is nothing. Log search has the lowest limit of all: where there
 * are errors, this is one call.
 */
export async function searchLogs(
  account: Datadog,
  service: string,
  window: Window,
  limit: number,
): Promise<Read<LogLine[]>> {
  const gaps: string[] = [];
  let unread = 0;
  for (const [pass, which] of [`status:(${WORSE.join(' OR ')})`, `(${SPEAKING.join(' OR ')})`].entries()) {
    for (const tier of account.tiers ?? ['indexes']) {
      const read = await searchTier(account, tier, `service:${service} ${which}`, window, limit);
      gaps.push(...(read.ok ? (read.gaps ?? []) : [read.reason]).map((gap) => `${tier}: ${gap}`));
      if (!read.ok) continue;
      unread += read.odd ?? 0;
      if (read.value.length > 0) return short(read.value, { gaps, odd: unread });
    }
    // Nothing was found, and not everything was searched: nobody can call these logs clean, and asking more helps nobody.
    const known = pass === 0 ? '' : 'no line has a status of warning or worse, but ';
    if (gaps.length > 0)
      return { ok: false, reason: `${known}not all logs were searched: ${gaps.join('; ')}` };
    if (unread > 0) return { ok: false, reason: `${known}${unread} log events cannot be read` };
  }
  return { ok: true, value: [] };
}

async function searchTier(
  account: Datadog,
  tier: StorageTier,
  query: string,
  window: Window,
  limit: number,
): Promise<Read<LogLine[]>> {
  const most = Math.min(limit, 1000);
  const answer = await call(account, '/api/v2/logs/events/search', Logs, {
    filter: {
      ...{ query, from: window.from.toISOString(), to: window.to.toISOString() },
      ...(tier === 'indexes' ? {} : { storage_tier: tier }),
    },
    sort: '-timestamp',
    page: { limit: most },
  });
  if (!answer.ok) return answer;
  const { data, meta } = answer.value;
  const ended = meta?.status ?? 'done';
  const { good: warnings, odd: unclear } = meta?.warnings ?? { good: [], odd: 0 };
  const gaps = [
    ...(ended === 'done' ? [] : [`the search ended with ${nameOr(ended, 'another word than done')}`]),
    ...warnings.slice(0, 3).map((warning) => `the search warned of ${warning}`),
    ...(unclear > 0 ? ['the search warned of something'] : []),
    ...(data.good.length === 0 && meta?.page ? ['the search has further pages'] : []),
  ];
  return short(data.good, { gaps, odd: data.odd });
}

function short<T>(value: T, { gaps, odd }: { gaps: readonly string[]; odd: number }): Read<T> {
  return {
    ...{ ok: true, value },
    ...(gaps.length > 0 ? { gaps } : {}),
    ...(odd > 0 ? { odd } : {}),
  };
}
