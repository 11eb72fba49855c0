// GitHub's rate limits: what each caller has used, and when it is too much. It must never count one caller's requests for
// another, nor look at a clock of its own. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
import type { Actor } from './forge.ts';
import { ANY, route } from './http.ts';
import { ok, type Reply, refuse } from './reply.ts';

export type Limits = {
  hourly: { person: number; app: number; job: number; nobody: number }; // the primary limit, in requests
  points: number; // a minute: a read is 1 point, a write 5
  content: { minute: number; hour: number }; // pieces of content that people are told of
};
/** What an installation has at least; a job's token has its own, smaller share. */
export const GITHUBS: Limits = {
  hourly: { person: 5000, app: 5000, job: 1000, nobody: 60 },
  points: 900,
  content: { minute: 80, hour: 500 },
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
// GitHub names no endpoints. Changes count here like new content, so that the sandbox is not the laxer of the two.
const CONTENT = /\/(issues|pulls|check-runs|statuses)(\/|$)/;

export type Meter = {
  /** Counts a request at a time in milliseconds; gives the refusal when it is one too many. */
  charge(actor: Actor, method: string, path: string, now: number): Reply | undefined;
  refund(actor: Actor): void; // an answer that cost nothing
  headers(actor: Actor, now: number): Record<string, string>;
};

export function createMeter({ hourly, points, content }: Limits): Meter {
  const windows = new Map<string, { end: number; used: number }>();
  /** The running window of this length; a new one starts with the first request after the last. */
  const windowOf = ({ login }: Actor, what: string, length: number, now: number) => {
    const key = `${what} ${login}`;
    const open = windows.get(key);
    if (open && open.end > now) return open;
    const fresh = { end: now + length, used: 0 };
    windows.set(key, fresh);
    return fresh;
  };
  const limitOf = ({ kind, login }: Actor) => {
    if (login === 'github-actions[bot]') return hourly.job;
    return kind === 'jwt' ? hourly.app : hourly[kind];
  };
  const resource = (actor: Actor, now: number) => {
    const { used, end } = windowOf(actor, 'primary', HOUR, now);
    const limit = limitOf(actor);
    return { limit, used, remaining: Math.max(limit - used, 0), reset: Math.ceil(end / 1000) };
  };
  return {
    charge(actor, method, path, now) {
      const reads = method === 'GET' || method === 'HEAD';
      const writes = !reads && method !== 'DELETE' && CONTENT.test(path);
      const primary = windowOf(actor, 'primary', HOUR, now);
      if (primary.used >= limitOf(actor)) return refuse(403, `API rate limit exceeded for ${actor.login}.`); // its headers say until when
      const budgets: [string, number, number, number][] = [
        ['points', MINUTE, points, reads ? 1 : 5],
        ['content a minute', MINUTE, content.minute, writes ? 1 : 0],
        ['content an hour', HOUR, content.hour, writes ? 1 : 0],
      ];
      const secondary = budgets.map(([what, length, most, cost]) => {
        return { window: windowOf(actor, what, length, now), most, cost };
      });
      const spent = secondary.find(({ window, most, cost }) => cost > 0 && window.used + cost > most);
      if (spent) {
        const reply = refuse(403, 'You have exceeded a secondary rate limit. Please wait a few minutes.');
        return { ...reply, headers: { 'retry-after': `${Math.ceil((spent.window.end - now) / 1000)}` } };
      }
      primary.used++;
      for (const { window, cost } of secondary) window.used += cost;
      return undefined;
    },
    refund(actor) {
      const primary = windows.get(`primary ${actor.login}`);
      if (primary) primary.used--;
    },
    headers(actor, now) {
      const numbers = Object.entries(resource(actor, now));
      const named = numbers.map(([name, value]) => [`x-ratelimit-${name}`, `${value}`]);
      return { ...Object.fromEntries(named), 'x-ratelimit-resource': 'core' };
    },
  };
}

export const limitRoutes = [
  // https://docs.github.com/en/rest/rate-limit/rate-limit
  route('GET /rate_limit', 'token', ANY, (forge, { actor }) => {
    const shown = forge.meter.headers(actor, Date.now());
    const [limit = 0, used = 0, remaining = 0, reset = 0] = ['limit', 'used', 'remaining', 'reset'].map(
      (name) => Number(shown[`x-ratelimit-${name}`]),
    );
    const core = { limit, used, remaining, reset };
    return ok({ resources: { core, search: core }, rate: core });
  }),
];
