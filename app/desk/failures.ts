// What becomes of an effect that failed: it is tried again with growing pauses, or given up and told.
// Must never repeat what can only fail again, and never let a vital effect fail in silence.

import { UnsettledError } from '#adapters/github/reviews';
import { type Effect, isVital } from '#core/incident/due';
import { delayOf } from '#core/incident/merging';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { isAnswered } from '#core/messages/answers/answered';
import { TRIES, TRIES_OF_AN_OUTAGE, type Verdict, verdictOf } from '#core/messages/answers/github-answers';
import { mergedNotRun } from '#core/messages/github-answers';

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

/** `waits`: what must happen first, in words for people. Until then it is never final. */
export type Failure = { final: boolean; reason: string; waitMs: number; waits: string | null };
type Backoff = {
  may(key: string, effect: string): boolean;
  failed(key: string, effect: Pick<Effect, 'name'>, error: unknown, tries?: number): Failure;
  forget(key: string, effect: string): void;
  /** What an incident waits for may have happened: what waits may be tried now. */
  hurry(key: string): void;
};

const LONGEST_MS = 30_000;
/** A wait writes two records a try into a folder that GitHub wants to hold at most 3,000 files. */
const LONGEST_WAIT_MS = 300_000;
const WAIT_MS = 15_000;

/** Counts tries in this process. A restart begins to count again, so that it gives everything another chance. */
export function createBackoff(): Backoff {
  const tries = new Map<string, { count: number; next: number; waits: boolean }>();
  return {
    may: (key, effect) => (tries.get(`${key} ${effect}`)?.next ?? 0) <= Date.now(),
    forget: (key, effect) => void tries.delete(`${key} ${effect}`),
    hurry(key) {
      for (const [name, { waits }] of tries) if (waits && name.startsWith(`${key} `)) tries.delete(name);
    },
    failed(key, effect, error, most) {
      const count = (tries.get(`${key} ${effect.name}`)?.count ?? 0) + 1;
      const verdict = judge(error);
      const waits = verdict.kind === 'wait' ? verdict.reason : null;
      const pause = Math.min(1000 * 2 ** count, LONGEST_MS);
      const told = verdict.kind === 'again' ? verdict.atLeastMs : 0;
      const waitMs = waits === null ? Math.max(pause, told) : Math.min(WAIT_MS * count, LONGEST_WAIT_MS);
      tries.set(`${key} ${effect.name}`, { count, next: Date.now() + waitMs, waits: waits !== null });
      const final =
        verdict.kind === 'cannot' || (verdict.kind === 'again' && count >= (most ?? verdict.tries));
      return { final, waitMs, waits, reason: verdict.reason.slice(0, 400) };
    },
  };
}

function judge(error: unknown): Verdict {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof PermanentError) return { kind: 'cannot', reason };
  if (error instanceof NotNowError) return { kind: 'again', tries: TRIES_OF_AN_OUTAGE, atLeastMs: 0, reason };
  return isAnswered(error)
    ? verdictOf(error, Date.now())
    : { kind: 'again', tries: TRIES, atLeastMs: 0, reason };
}

/** When GitHub is down for some minutes or wants to be left alone, nobody need be woken. A nonsense answer is told sooner. */
export function triesOfLook(error: unknown): number {
  if (error instanceof UnsettledError) return 20;
  if (!isAnswered(error)) return 3;
  const verdict = verdictOf(error, Date.now());
  if (verdict.kind !== 'again') return 1;
  if (error.status >= 500) return 20;
  return verdict.tries === TRIES_OF_AN_OUTAGE ? 120 : TRIES;
}

/** The approval cannot be checked again: people take over, and nothing runs. */
export function unseen(reason: string): Fact {
  return { type: 'incident.escalated', data: { code: 'recheck', reason } };
}

/** The facts of a failure: the failed effect, what it waits for, and an escalation when the incident cannot go on without it. */
export function failureFacts(incident: Incident, effect: Effect, { final, reason, waits }: Failure): Fact[] {
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
