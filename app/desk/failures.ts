// What becomes of an effect that failed: it is tried again with growing pauses, or given up and told.
// Must never repeat what can only fail again, never let a vital effect fail in silence, and never repeat an outside system's words.

import { GitFailed } from '#adapters/git/run';
import { statusOf } from '#adapters/github/problem';
import { UnsettledError } from '#adapters/github/reviews';
import { type Effect, isVital } from '#core/incident/due';
import { delayOf } from '#core/incident/merging';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { isAnswered } from '#core/messages/answers/answered';
import { TRIES, TRIES_OF_AN_OUTAGE, type Verdict, verdictOf } from '#core/messages/answers/github-answers';
import { gitFailed, stumbledOver } from '#core/messages/failure-words';
import { mergedNotRun } from '#core/messages/github-answers';
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

/**
 * `reason`: Vigil's own words, for people. `since`: when it failed for the first time. `waits`: what must happen first; until then it
 * is never final.
 */
export type Failure = { final: boolean; reason: string; waitMs: number; since: Date; waits: string | null };
type Backoff = {
  may(key: string, effect: string): boolean;
  failed(key: string, effect: Pick<Effect, 'name'>, error: unknown, tries?: number): Failure;
  forget(key: string, effect: string): void;
  /** What an incident waits for may have happened: what waits may be tried now. */
  hurry(key: string): void;
};

const LONGEST_MS = 30_000;
/** After an hour of them, an outage is asked after less often, and for more than a day. */
const OUTAGE_MS = 300_000;
const TRIES_OF_THE_FIRST_HOUR = 120;
/** A wait writes two records a try into a folder that GitHub wants to hold at most 3,000 files. */
const LONGEST_WAIT_MS = 300_000;
const WAIT_MS = 15_000;

/**
 * Counts tries in this process. A restart begins to count again, so that it gives everything another chance; so does whatever
 * comes after a final failure.
 */
export function createBackoff(): Backoff {
  const tries = new Map<string, { count: number; next: number; since: Date; waits: boolean }>();
  return {
    may: (key, effect) => (tries.get(`${key} ${effect}`)?.next ?? 0) <= Date.now(),
    forget: (key, effect) => void tries.delete(`${key} ${effect}`),
    hurry(key) {
      for (const [name, { waits }] of tries) if (waits && name.startsWith(`${key} `)) tries.delete(name);
    },
    failed(key, { name }, error, most) {
      const { count: before = 0, since = new Date() } = tries.get(`${key} ${name}`) ?? {};
      const count = before + 1;
      const verdict = judge(error);
      const reason = cut(verdict.reason, 400);
      const waits = verdict.kind === 'wait' ? reason : null;
      const pause = count > TRIES_OF_THE_FIRST_HOUR ? OUTAGE_MS : Math.min(1000 * 2 ** count, LONGEST_MS);
      const told = verdict.kind === 'again' ? verdict.atLeastMs : 0;
      const waitMs = waits === null ? Math.max(pause, told) : Math.min(WAIT_MS * count, LONGEST_WAIT_MS);
      const final =
        verdict.kind === 'cannot' || (verdict.kind === 'again' && count >= (most ?? verdict.tries));
      if (final) tries.delete(`${key} ${name}`);
      else tries.set(`${key} ${name}`, { count, next: Date.now() + waitMs, since, waits: waits !== null });
      return { final, waitMs, since, waits, reason };
    },
  };
}

/** When GitHub is down or wants to be left alone, nobody need be woken. A refusal or a nonsense answer is told sooner. */
export function triesOfLook(error: unknown): number {
  if (error instanceof UnsettledError) return 20;
  const verdict = judge(error);
  if (verdict.kind !== 'again') return 1;
  if (verdict.tries === TRIES_OF_AN_OUTAGE) return TRIES_OF_AN_OUTAGE;
  return statusOf(error) === undefined ? 3 : TRIES;
}

/** What the failed call said of itself, for the log alone. */
export function saidOf(error: unknown): string {
  return cut(error instanceof Error ? error.message : String(error), 1000);
}

/** What people are told: our own words, whatever an outside system said. */
export function reasonOf(error: unknown): string {
  return judge(error).reason;
}

function judge(error: unknown): Verdict {
  const again = (tries: number, reason: string): Verdict => ({ kind: 'again', tries, atLeastMs: 0, reason });
  if (error instanceof PermanentError) return { kind: 'cannot', reason: error.message };
  if (error instanceof NotNowError) return again(TRIES_OF_AN_OUTAGE, error.message);
  if (error instanceof GitFailed || (error instanceof Error && error.constructor.name === 'GitError'))
    return judgeGit(error);
  if (isAnswered(error)) return verdictOf(error, Date.now());
  const own =
    error instanceof UnsettledError ||
    (error instanceof Error && error.constructor === Error && !error.message.includes('<'));
  const name = error instanceof Error ? error.constructor.name : 'without an error';
  return again(TRIES, own ? error.message : stumbledOver(name));
}

/** The approval cannot be checked again: people take over, and nothing runs. */
export function unseen(reason: string): Fact {
  return { type: 'incident.escalated', data: { code: 'recheck', reason } };
}

/** The facts of a failure: the failed effect, what it waits for, and an escalation when the incident cannot go on without it. */
export function failureFacts(
  incident: Incident,
  effect: Effect,
  { final, reason, waits }: Pick<Failure, 'final' | 'reason' | 'waits'>,
): Fact[] {
  const failed: Fact = { type: 'effect.failed', data: { effect: effect.name, reason, final } };
  if (final && effect.kind === 'undo.dispatch')
    return [failed, { type: 'undo.refused', data: { reason: `its run could not be started: ${reason}` } }];
  if (waits !== null)
    return waits === delayOf(incident)
      ? [failed]
      : [failed, { type: 'merge.delayed', data: { reason: waits } }];
  if (!final || !isVital(effect.kind)) return [failed];
  const also = effect.kind === 'remediate.dispatch' ? `. ${mergedNotRun}` : '';
  return [
    failed,
    {
      type: 'incident.escalated',
      data: { code: 'effect_failed', reason: `${effect.kind}: ${reason}${also}` },
    },
  ];
}

const PASSES =
  /returned error: (?:5\d\d|408|429)|HTTP (?:5\d\d|429)|could(?: not|n't) resolve|timed? ?out|said nothing|connection (?:was )?(?:refused|reset|closed)|couldn't connect|failed to connect|remote end hung up|early EOF|was not done after|unexpected disconnect/i;

/** git, when it could not talk to GitHub. What GitHub answered decides where it is known, else what git says. */
function judgeGit(error: Error): Verdict {
  const status = statusOf(error);
  const verdict = status === undefined ? null : verdictOf({ status }, Date.now());
  if (PASSES.test(error.message))
    return { kind: 'again', tries: TRIES_OF_AN_OUTAGE, atLeastMs: 0, reason: gitFailed };
  return { ...(verdict ?? { kind: 'again', tries: TRIES, atLeastMs: 0 }), reason: gitFailed };
}
