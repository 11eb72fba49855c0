// What becomes of an effect that failed: it is tried again with growing pauses, or given up and told.
// Must never repeat what can only fail again, and never let a vital effect fail in silence.
import { type Effect, isVital } from '#core/incident/due';
import type { Fact } from '#core/ledger/facts';

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

export type Failure = { final: boolean; reason: string; waitMs: number };
type Backoff = {
  may(key: string, effect: string): boolean;
  failed(key: string, effect: Pick<Effect, 'name'>, error: unknown, tries?: number): Failure;
  forget(key: string, effect: string): void;
};

const TRIES = 5;
const LONGEST_MS = 30_000;
/** Four hours, at the longest pause. */
const TRIES_OF_AN_OUTAGE = 480;

/** Counts tries in this process. A restart begins to count again, so that it gives everything another chance. */
export function createBackoff(): Backoff {
  const tries = new Map<string, { count: number; next: number }>();
  return {
    may: (key, effect) => (tries.get(`${key} ${effect}`)?.next ?? 0) <= Date.now(),
    forget: (key, effect) => void tries.delete(`${key} ${effect}`),
    failed(key, effect, error, most = isNotNow(error) ? TRIES_OF_AN_OUTAGE : TRIES) {
      const count = (tries.get(`${key} ${effect.name}`)?.count ?? 0) + 1;
      const waitMs = Math.min(1000 * 2 ** count, LONGEST_MS);
      tries.set(`${key} ${effect.name}`, { count, next: Date.now() + waitMs });
      const final = error instanceof PermanentError || count >= most || isRefusal(error);
      return {
        final,
        waitMs,
        reason: (error instanceof Error ? error.message : String(error)).slice(0, 400),
      };
    },
  };
}

/** When GitHub is down for some minutes, nobody need be woken. A refusal or a nonsense answer is told sooner. */
export function triesOfLook(error: unknown): number {
  const status = (error as { status?: number }).status;
  if (status === undefined) return 3;
  return status >= 500 || status === 429 ? 20 : TRIES;
}

/** The approval cannot be checked again: people take over, and nothing runs. */
export function unseen(reason: string): Fact {
  return { type: 'incident.escalated', data: { code: 'recheck', reason } };
}

/** The facts of a failure: the failed effect, and an escalation when the incident cannot go on without it. */
export function failureFacts(effect: Effect, { final, reason }: Failure): Fact[] {
  const failed: Fact = { type: 'effect.failed', data: { effect: effect.name, reason, final } };
  if (final && effect.kind === 'undo.dispatch')
    return [failed, { type: 'undo.refused', data: { reason: `its run could not be started: ${reason}` } }];
  if (!final || !isVital(effect.kind)) return [failed];
  return [
    failed,
    { type: 'incident.escalated', data: { code: 'effect_failed', reason: `${effect.kind}: ${reason}` } },
  ];
}

/** A vendor that is down, unreachable (which Octokit calls 500), or busy. */
function isNotNow(error: unknown): boolean {
  const { status = 0 } = error as { status?: number };
  return error instanceof NotNowError || status >= 500 || status === 429;
}

/** A 4xx that comes again however often Vigil asks. Rate limits, and answers that may change soon, are not among them. */
function isRefusal(error: unknown): boolean {
  const status = (error as { status?: number }).status;
  return (
    status !== undefined && status >= 400 && status < 500 && ![401, 403, 404, 408, 409, 429].includes(status)
  );
}
