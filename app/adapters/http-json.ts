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
  const { method, url, headers, timeoutMs = 10_000, retries = 0, pauseMs = 200, signal } = request;
  for (let attempt = 0; ; attempt++) {
    let answer: Response | null = null;
    let problem: HttpProblem;
    try {
      answer = await fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(typeof headers === 'function' ? await headers() : headers),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
      });
      const body = await readBody(answer);
      const { host } = new URL(url);
      if (answer.ok && (request.believes?.(body) ?? true)) return { ok: true, status: answer.status, body };
      problem = answer.ok
        ? {
            status: null,
            reason: `${host} answered ${answer.status} with something that is not its own`,
            body: null,
          }
        : { status: answer.status, reason: `${host} answered ${answer.status}`, body };
    } catch (error) {
      const reason = `${new URL(url).host} could not be reached: ${whyUnreachable(error)}`;
      problem = { status: null, reason, body: null };
    }
    const final = problem.status !== null && !retryable.has(problem.status);
    if (attempt >= retries || final || signal?.aborted) return { ok: false, ...problem };
    await delay(pause(answer, attempt, pauseMs), undefined, signal ? { signal } : {}).catch(() => undefined);
    if (signal?.aborted) return { ok: false, ...problem };
  }
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
