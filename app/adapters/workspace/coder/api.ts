// One question to Coder's REST API and what came back. https://coder.com/docs/reference/api
// Must never put a token into a URL, because URLs end up in logs. Must never take an answer that is not JSON for Coder's own:
// what stands before it says nothing about a workspace.
import * as z from 'zod';
import { requestJson } from '#adapters/http-json';
import { shorten } from '#core/text/cut';

export type CoderAccount = {
  api: string;
  token: string;
  /** Name of the template, and the id of the one version of it that is used. */
  template: string;
  version: string;
  /** What vigil.yml calls that version; `workspace.version` when nothing is said. */
  setting?: string;
  ttlMinutes: number;
};

/**
 * `own`: Coder itself said it. `lost`: whoever stands before it, or nobody; whether a write was carried out is not known.
 * `words`: what may be shown, in the server's own words, not redacted.
 */
export type Answer =
  | { own: true; status: number; body: unknown; words: string }
  | { own: false; words: string };
export type Ask = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) => Promise<Answer>;

const Failure = z.object({
  message: z.string(),
  detail: z.string().optional().catch(undefined),
  validations: z
    .array(z.object({ field: z.string(), detail: z.string() }))
    .optional()
    .catch(undefined),
});
const MOST_WORDS = 300;

/** Message, detail and validations: the status alone does not tell an archived template from a broken server. */
function wordsOf(status: number, body: unknown): string {
  const failure = Failure.safeParse(body);
  if (!failure.success) return `Coder answered ${status}`;
  const { message, detail, validations = [] } = failure.data;
  const fields = validations.map((one) => `${one.field}: ${one.detail}`);
  const all = [message, ...(detail && detail !== message ? [detail] : []), ...fields].join('; ');
  return shorten(`Coder answered ${status}: ${all.replaceAll(/\s+/g, ' ')}`, MOST_WORDS);
}

/** One request, never repeated here: whoever asks looks first. */
export function asking({ api, token }: Pick<CoderAccount, 'api' | 'token'>): Ask {
  return async (method, path, body) => {
    const answer = await requestJson({
      method,
      url: `${api}/api/v2${path}`,
      headers: { 'coder-session-token': token },
      ...(body === undefined ? {} : { body }),
      timeoutMs: 20_000,
    });
    return toAnswer(answer.status, answer.body, answer.ok ? '' : answer.reason);
  };
}

/** All that Coder answers is JSON: an object or a list. */
export function toAnswer(status: number | null, body: unknown, reason: string): Answer {
  if (status === null || typeof body !== 'object' || body === null)
    return { own: false, words: shorten(reason || `what answered ${status} is not Coder`, MOST_WORDS) };
  return { own: true, status, body, words: wordsOf(status, body) };
}

export const POLL_MS = 2000;
/** 512 requests a minute for each path; a 429 always means the whole minute. */
export const MINUTE_MS = 60_000;
