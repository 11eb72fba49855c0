// An answer of GitHub that refuses something, as Octokit throws it: its words, what it was about, how long it wants to be left
// alone. Must never judge what follows: github-answers.ts does.

/** As far as it is read here. */
export type Answered = {
  status: number;
  message?: string;
  request?: { method?: string; url?: string };
  response?: { data?: unknown; headers?: Readonly<Record<string, string | number | undefined>> };
};
type Detail = { resource?: unknown; field?: unknown; code?: unknown; message?: unknown };

/** GitHub's limits end within the hour. Nobody is believed who asks for more. */
const LONGEST_TOLD_MS = 3_900_000;
const UNBELIEVED_MS = 15 * 60_000;
/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
const LIMIT_MS = 60_000;
/** Lists have shown what was just made some seconds late. https://github.com/thevibeworks/claude-reads-hn/pull/1522 */
const LIST_LAG_MS = 20_000;
const RULES = /^repository rule violations found/i;

export function isAnswered(error: unknown): error is Answered {
  return typeof (error as { status?: unknown } | null)?.status === 'number';
}

/** GitHub's words, a line for each thing it says. `rules`: the lines are broken rules of the repository. */
export function wordsOf({ message = '', response }: Answered): { lines: string[]; rules: boolean } {
  const data = response?.data as { message?: unknown; errors?: unknown } | string | undefined;
  // A page of HTML is nobody's words. Octokit adds the address of the documentation to its own message.
  const told = typeof data === 'object' && typeof data?.message === 'string' ? data.message : null;
  const said =
    told ?? (typeof data === 'string' ? '' : message.replace(/ - https:\/\/docs\.github\.com\S*$/, ''));
  const details = typeof data === 'object' && Array.isArray(data?.errors) ? data.errors : [];
  const all = said.split('\n').map((line) => line.trim().replace(/^- /, ''));
  const lines = all.filter((line) => line !== '' && !RULES.test(line));
  return { lines: [...lines, ...details.map(detail)], rules: RULES.test(said) };
}

function detail(one: unknown): string {
  if (typeof one !== 'object' || one === null) return String(one);
  const { resource, field, code, message } = one as Detail;
  return [resource, field, code, message].filter((part) => typeof part === 'string').join(' ');
}

/** The workflow that should be dispatched, by the name of its file. */
export function workflowOf({ request }: Answered): string | null {
  return /\/workflows\/([^/?]+)\/dispatches$/.exec(request?.url ?? '')?.[1] ?? null;
}

const header = ({ response }: Answered, name: string): string | null => {
  const value = response?.headers?.[name];
  return value === undefined ? null : String(value);
};
const believed = (ms: number): number => (ms > LONGEST_TOLD_MS ? UNBELIEVED_MS : Math.max(ms, 0));

/** What `retry-after` says, in seconds or as a date. GitHub's own clock counts where it tells the time. */
export function toldMs(answer: Answered, nowMs: number): number | null {
  const told = header(answer, 'retry-after');
  if (told === null) return null;
  const date = Date.parse(told);
  if (/^\d+(\.\d+)?$/.test(told.trim())) return believed(Number(told) * 1000);
  return Number.isNaN(date) ? null : believed(date - githubsNow(answer, nowMs));
}

const githubsNow = (answer: Answered, nowMs: number): number => {
  const date = Date.parse(header(answer, 'date') ?? '');
  return Number.isNaN(date) ? nowMs : date;
};

/**
 * How long a rate limit keeps every call out; null when the answer is none. The secondary one is a 403 too, with or without headers.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export function limitMs(answer: Answered, nowMs: number): number | null {
  if (answer.status !== 403 && answer.status !== 429) return null;
  const told = toldMs(answer, nowMs);
  const spent = header(answer, 'x-ratelimit-remaining') === '0';
  const said = wordsOf(answer).lines.some((line) =>
    /rate limit|abuse detection|temporarily blocked/i.test(line),
  );
  if (told === null && !spent && !said) return null;
  const reset = Number(header(answer, 'x-ratelimit-reset') ?? Number.NaN) * 1000;
  const untilReset =
    spent && Number.isFinite(reset) ? believed(reset - githubsNow(answer, nowMs) + 1000) : null;
  return told ?? untilReset ?? LIMIT_MS;
}

/**
 * A call that made something may have been carried out, and the list in which it is looked for may lag behind. Only what
 * people would see twice is worth the wait: of two checks the newest counts.
 */
export function lagMs({ request }: Answered): number {
  const makes = /\/(issues(\/\d+\/comments)?|dispatches)$/.test(request?.url ?? '');
  return request?.method === 'POST' && makes ? LIST_LAG_MS : 0;
}
