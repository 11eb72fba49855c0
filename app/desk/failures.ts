// What becomes of an effect that failed: it is tried again with growing pauses, or given up and told.
// Must never repeat what can only fail again, never let a vital effect fail in silence, and never repeat an outside system's words.

import { GitFailed } from '#adapters/git/run';
import { isLimit, statusOf, toldWait, wasUnreachable } from '#adapters/github/problem';
import { type Effect, isVital } from '#core/incident/due';
import type { Fact } from '#core/ledger/facts';
import { answered, gitFailed, patience, stumbledOver, unreachable } from '#core/messages/failure-words';
import { cut } from '#core/text/cut';

/** A failure that would only repeat itself. */
export class PermanentError extends Error {
  override name = 'PermanentError';
}

/** Somebody outside is away or asks for patience: it is tried again for hours. */
export class NotNowError extends Error {
  override name = 'NotNowError';
}

/** Takes what an effect needs from the ledger, or throws when the ledger does not hold it. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new PermanentError(`the ledger holds no ${what}`);
  return value;
}

/** `reason`: Vigil's own words, for people. `since`: when it failed for the first time. */
export type Failure = { final: boolean; reason: string; waitMs: number; since: Date };
type Backoff = {
  may(key: string, effect: string): boolean;
  failed(key: string, effect: Pick<Effect, 'name'>, error: unknown, tries?: number): Failure;
  forget(key: string, effect: string): void;
};

const TRIES = 5;
const LONGEST_MS = 30_000;
/** After an hour of them, an outage is asked after less often, and for more than a day. */
const OUTAGE_MS = 300_000;
const TRIES_OF_THE_FIRST_HOUR = 120;
const TRIES_OF_AN_OUTAGE = 480;
/** Nobody is believed who asks for more patience than this. */
const MOST_PATIENCE_MS = 15 * 60_000;

/**
 * Counts tries in this process. A restart begins to count again, so that it gives everything another chance; so does whatever
 * comes after a final failure.
 */
export function createBackoff(): Backoff {
  const tries = new Map<string, { count: number; next: number; since: Date }>();
  return {
    may: (key, effect) => (tries.get(`${key} ${effect}`)?.next ?? 0) <= Date.now(),
    forget: (key, effect) => void tries.delete(`${key} ${effect}`),
    failed(key, { name }, error, most = isNotNow(error) ? TRIES_OF_AN_OUTAGE : TRIES) {
      const { count: before = 0, since = new Date() } = tries.get(`${key} ${name}`) ?? {};
      const count = before + 1;
      const pause = count > TRIES_OF_THE_FIRST_HOUR ? OUTAGE_MS : Math.min(1000 * 2 ** count, LONGEST_MS);
      const waitMs = Math.max(pause, Math.min(toldWait(error), MOST_PATIENCE_MS));
      const final = error instanceof PermanentError || count >= most || isRefusal(error);
      if (final) tries.delete(`${key} ${name}`);
      else tries.set(`${key} ${name}`, { count, next: Date.now() + waitMs, since });
      return { final, waitMs, since, reason: cut(ownWords(error), 400) };
    },
  };
}

/** When GitHub is down, nobody need be woken. A refusal or a nonsense answer is told sooner. */
export function triesOfLook(error: unknown): number {
  if (isNotNow(error)) return TRIES_OF_AN_OUTAGE;
  return statusOf(error) === undefined ? 3 : TRIES;
}

/** What the failed call said of itself, for the log alone. */
export function saidOf(error: unknown): string {
  return cut(error instanceof Error ? error.message : String(error), 1000);
}

/** What people are told: our own words, whatever an outside system said. */
function ownWords(error: unknown): string {
  if (error instanceof PermanentError || error instanceof NotNowError) return error.message;
  if (error instanceof GitFailed || (error instanceof Error && error.constructor.name === 'GitError'))
    return gitFailed;
  const status = statusOf(error);
  if (status !== undefined) {
    if (wasUnreachable(error)) return unreachable('GitHub');
    return isLimit(error) ? patience('GitHub') : answered('GitHub', status);
  }
  if (error instanceof Error && error.constructor === Error && !error.message.includes('<'))
    return error.message;
  return stumbledOver(error instanceof Error ? error.constructor.name : 'without an error');
}

/** The approval cannot be checked again: people take over, and nothing runs. */
export function unseen(reason: string): Fact {
  return { type: 'incident.escalated', data: { code: 'recheck', reason } };
}

/** The facts of a failure: the failed effect, and an escalation when the incident cannot go on without it. */
export function failureFacts(effect: Effect, { final, reason }: Pick<Failure, 'final' | 'reason'>): Fact[] {
  const failed: Fact = { type: 'effect.failed', data: { effect: effect.name, reason, final } };
  if (final && effect.kind === 'undo.dispatch')
    return [failed, { type: 'undo.refused', data: { reason: `its run could not be started: ${reason}` } }];
  if (!final || !isVital(effect.kind)) return [failed];
  return [
    failed,
    { type: 'incident.escalated', data: { code: 'effect_failed', reason: `${effect.kind}: ${reason}` } },
  ];
}

const PASSES =
  /returned error: (?:5\d\d|408|429)|HTTP (?:5\d\d|429)|could(?: not|n't) resolve|timed? ?out|said nothing|connection (?:was )?(?:refused|reset|closed)|couldn't connect|failed to connect|remote end hung up|early EOF|was not done after|unexpected disconnect/i;

/** A vendor that is down, unreachable (which Octokit calls 500), or busy; and git, when it could not talk to GitHub. */
function isNotNow(error: unknown): boolean {
  if (error instanceof NotNowError || (statusOf(error) ?? 0) >= 500 || isLimit(error)) return true;
  return error instanceof Error && ownWords(error) === gitFailed && PASSES.test(error.message);
}

/** A 4xx that comes again however often Vigil asks. Rate limits, and answers that may change soon, are not among them. */
function isRefusal(error: unknown): boolean {
  const status = statusOf(error);
  return (
    status !== undefined && status >= 400 && status < 500 && ![401, 403, 404, 408, 409, 429].includes(status)
  );
}
