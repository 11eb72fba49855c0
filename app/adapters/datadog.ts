// Datadog's read APIs by plain fetch: a monitor, a metric's series, log samples. https://docs.datadoghq.com/api/latest/
// Must never write there, and never put a key or a whole answer into an error.
import type * as z from 'zod';
import type { StorageTier } from '#core/addresses';
import { Logs, Metric, Monitor, nameOr } from '#core/evidence/datadog-shapes';
import { isWorse, type LogLine, WORSE } from '#core/evidence/fold-logs';
import type { Series } from '#core/evidence/series-choice';
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
 * limit, so that it is asked once for each incident as a rule, and again only after what `x-ratelimit-reset` says.
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

const BAD = `status:(${WORSE.join(' OR ')})`;
/** Words of lines that tell an error whatever their status: many services log everything as info. `*:` looks in every attribute. */
const SPEAKING = ['error', 'exception', 'fatal', 'panic', 'traceback']
  .flatMap((one) => [`*${one}*`, `*:${one}`])
  .join(' OR ');
const MOST_LINES = 1000; // the vendor's own bound

/**
 * The newest lines of a service that are errors or warnings, then those that only speak of an error, at most `limit` in all. Tiers
 * are searched in turn while there is nothing. Log search has the lowest limit of all: as a rule this is one call.
 */
export async function searchLogs(
  account: Datadog,
  service: string,
  window: Window,
  limit: number,
): Promise<Read<LogLine[]>> {
  const tiers = account.tiers ?? ['indexes'];
  const [gaps, failed]: [string[], string[]] = [[], []];
  let unread = 0;
  for (const tier of tiers) {
    const read = await searchTier(account, tier, `service:${service}`, window, limit);
    if (!read.ok) failed.push(tiers.length === 1 ? read.reason : `${tier}: ${read.reason}`);
    else {
      gaps.push(...(read.gaps ?? []).map((gap) => `${tier}: ${gap}`));
      unread += read.odd ?? 0;
      if (read.value.length > 0) return short(read.value, { gaps: [...failed, ...gaps], odd: unread });
    }
  }
  // Nothing was found. Where not everything was searched, nobody can call these logs clean.
  if (failed.length === tiers.length) return { ok: false, reason: failed.join('; ') };
  const left = [...failed, ...gaps].join('; ');
  if (left !== '') return { ok: false, reason: `not all logs were searched: ${left}` };
  if (unread > 0) return { ok: false, reason: `${unread} log events cannot be read` };
  return { ok: true, value: [] };
}

/**
 * Both kinds of lines in one call. Where that is not all there is, or the tier does not know such a query, lines of a bad status are
 * asked for alone: thousands that mention an error must not crowd out the errors.
 */
async function searchTier(
  account: Datadog,
  tier: StorageTier,
  service: string,
  window: Window,
  limit: number,
): Promise<Read<LogLine[]>> {
  const both = await searchPage(account, tier, `${service} (${BAD} OR ${SPEAKING})`, window, MOST_LINES);
  const [bad, others] = [true, false].map((is) =>
    both.ok ? both.value.filter(({ status }) => isWorse(status) === is) : [],
  ) as [LogLine[], LogLine[]];
  const whole = both.ok && !both.gaps && both.value.length < MOST_LINES;
  const refused = !both.ok && / answered 400\b/.test(both.reason);
  const alone =
    whole || bad.length >= limit || !(both.ok || refused)
      ? null
      : await searchPage(account, tier, `${service} ${BAD}`, window, Math.min(limit, MOST_LINES));
  if (!both.ok && !alone?.ok) return both;
  const gaps = [
    ...(both.ok ? (both.gaps ?? []) : [`by status alone, since ${both.reason}`]),
    ...(alone === null || alone.ok ? (alone?.gaps ?? []) : [alone.reason]),
  ];
  return short([...(alone?.ok ? alone.value : bad), ...others].slice(0, limit), {
    gaps: [...new Set(gaps)],
    odd: Math.max((both.ok && both.odd) || 0, (alone?.ok && alone.odd) || 0),
  });
}

async function searchPage(
  account: Datadog,
  tier: StorageTier,
  query: string,
  window: Window,
  most: number,
): Promise<Read<LogLine[]>> {
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
