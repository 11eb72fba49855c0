// One careful fetch for JSON services: fixed host, no redirects, a deadline, retries only when repeating is safe.
// Must never put a request body, a token or a whole answer into an error.
import { setTimeout as delay } from 'node:timers/promises';
import { toldPause } from '#core/text/told-pause';
import { whyUnreachable } from '#core/text/unreachable';

type HttpProblem = { status: number | null; reason: string; body: unknown };
export type HttpResult = { ok: true; status: number; body: unknown } | ({ ok: false } & HttpProblem);
type HttpRequest = {
  method: string;
  url: string;
  /** A function is asked before each try, for what would be too old by then. */
  headers: Record<string, string> | (() => Promise<Record<string, string>>);
  body?: unknown;
  timeoutMs?: number;
  retries?: number;
  /** The first pause between tries, in milliseconds. Each further pause is twice as long. */
  pauseMs?: number;
  /** No pause begins that would end later than this after the first try. */
  patienceMs?: number;
  /** Ends the whole request, also during a pause, when the caller no longer waits. */
  signal?: AbortSignal;
  /** Whether an answer of 2xx is the service's own; one that is not is tried again, like an absence. */
  believes?: (body: unknown) => boolean;
};

const MOST_PAUSE_MS = 15_000;
/** Limits of a minute are the usual ones; whoever asks for more is asked again all the same. */
const MOST_TOLD_MS = 60_000;
const retryable = new Set([408, 425, 429, 500, 502, 503, 504]);

function pause(answer: Response | null, attempt: number, first: number): number {
  const told = toldPause(answer?.headers, answer?.status ?? 0, Date.now());
  if (told !== null) return Math.min(told, MOST_TOLD_MS);
  return Math.min(first * 2 ** attempt * (0.5 + Math.random()), MOST_PAUSE_MS);
}

/** `retries` is only for requests that are safe to repeat. For all others it stays 0. */
export async function requestJson(request: HttpRequest): Promise<HttpResult> {
  const { retries = 0, pauseMs = 200, patienceMs = Number.POSITIVE_INFINITY, signal } = request;
  const until = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt++) {
    const { answer, result } = await once(request);
    if (result.ok) return result;
    const final = result.status !== null && !retryable.has(result.status);
    const wait = pause(answer, attempt, pauseMs);
    if (attempt >= retries || final || signal?.aborted || performance.now() + wait > until) return result;
    await delay(wait, undefined, signal ? { signal } : {}).catch(() => undefined);
    if (signal?.aborted) return result;
  }
}

async function once(request: HttpRequest): Promise<{ answer: Response | null; result: HttpResult }> {
  const { method, url, timeoutMs = 10_000, signal } = request;
  const { host } = new URL(url);
  const failed = (reason: string, status: number | null = null, body: unknown = null): HttpResult => ({
    ...{ ok: false, status, reason, body },
  });
  let answer: Response | null = null;
  let what = `nothing could be had to show to ${host}`;
  try {
    const { headers: given } = request;
    const headers = typeof given === 'function' ? await given() : given;
    what = `${host} could not be reached`;
    answer = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
    });
    const body = await readBody(answer);
    const { status } = answer;
    if (answer.ok && (request.believes?.(body) ?? true))
      return { answer, result: { ok: true, status, body } };
    if (answer.ok)
      return { answer, result: failed(`${host} answered ${status} with something that is not its own`) };
    return { answer, result: failed(`${host} answered ${status}${elsewhere(answer, url)}`, status, body) };
  } catch (error) {
    return { answer, result: failed(`${what}: ${whyUnreachable(error)}`) };
  }
}

/** Where a redirect leads, which is never followed: the secret is for the address that was reviewed. */
function elsewhere(answer: Response, url: string): string {
  const to = URL.parse(answer.headers.get('location') ?? '', url);
  return answer.status >= 300 && answer.status < 400
    ? ` and sends to ${to?.origin ?? 'somewhere'}, which is not followed; name the address that answers itself`
    : '';
}

async function readBody(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (!answer.headers.get('content-type')?.includes('json')) return text.slice(0, 2000);
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 2000);
  }
}
