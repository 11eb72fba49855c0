// What an error of Octokit's means: a status, a limit, a refusal. It must never hand on what GitHub, or a proxy in front of it, said.

type Answer = { headers?: Record<string, string | number | undefined> };

/** The status of HTTP. Octokit says 500 when no answer came; undefined: it is no answer of GitHub's at all. */
export function statusOf(error: unknown): number | undefined {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' ? status : undefined;
}

const responseOf = (error: unknown): Answer | undefined =>
  (error as { response?: Answer } | null | undefined)?.response;
const headerOf = (error: unknown, name: string): number =>
  Number(responseOf(error)?.headers?.[name] ?? Number.NaN);

export function wasUnreachable(error: unknown): boolean {
  return (statusOf(error) ?? 0) >= 500 && responseOf(error) === undefined;
}

/** Limits may come as 403. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function isLimit(error: unknown): boolean {
  const told = headerOf(error, 'retry-after') >= 0 || headerOf(error, 'x-ratelimit-remaining') === 0;
  return statusOf(error) === 429 || (statusOf(error) === 403 && told);
}

/** How long GitHub asks to wait, in milliseconds. 0: it does not say. */
export function toldWait(error: unknown): number {
  const seconds = headerOf(error, 'retry-after');
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

/**
 * The status with which GitHub refuses one thing on an issue: it is locked, deleted, moved, switched off, or does not take what was
 * asked. Null: it was something else, such as a limit. https://docs.github.com/en/rest/issues/comments#create-an-issue-comment
 */
export function refusalOf(error: unknown): number | null {
  const status = statusOf(error);
  return status !== undefined && [403, 404, 410, 422].includes(status) && !isLimit(error) ? status : null;
}
