// How long a service asks to be left alone: Retry-After as seconds, a date or nothing that can be read, and the older headers of
// rate limits. Must never make a pause of zero or of nonsense: without a pause the caller's own back-off decides.
// https://www.rfc-editor.org/rfc/rfc9110#field.retry-after

/** What looks like seconds and is more than this is a moment, in seconds or milliseconds since 1970: some write it so. */
const MOMENT_S = 1e9;
const MOMENT_MS = 1e12;
const DATE = /^(?:[A-Z][a-z]{2,8},? |\d{4}-\d\d-\d\dT)/;

/** Milliseconds, more than 0. Null: nothing was asked, or nothing that can be read. The first header that can be read counts. `now` in milliseconds. */
export function toldPause(headers: Headers | null | undefined, status: number, now: number): number | null {
  if (!headers) return null;
  // A date is one of the vendor's clock. Measured by that clock, a wrong one here does not matter.
  const there = Date.parse(headers.get('date') ?? '');
  const from = Number.isNaN(there) ? now : there;
  const exact = Number(headers.get('retry-after-ms')?.trim() || Number.NaN);
  if (exact > 0 && Number.isFinite(exact)) return exact;
  // Limits are told with every answer. Only where one was reached it is what to wait for.
  const names = status === 429 ? ['retry-after', 'ratelimit-reset', 'x-ratelimit-reset'] : ['retry-after'];
  for (const name of names) {
    const pause = pauseIn(headers.get(name)?.trim() ?? '', from);
    if (pause !== null) return pause;
  }
  return null;
}

function pauseIn(text: string, from: number): number | null {
  const seconds = /^\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : null;
  const until =
    seconds === null
      ? DATE.test(text)
        ? Date.parse(text)
        : Number.NaN
      : seconds >= MOMENT_MS
        ? seconds
        : seconds >= MOMENT_S
          ? seconds * 1000
          : from + seconds * 1000;
  return until > from ? until - from : null;
}
