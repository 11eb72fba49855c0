// The desk: for each incident, it claims, performs and records what is due, until nothing is due.
// Must never perform an effect without a claim in the ledger. After a crash the claim is left, and somebody takes it over.

import { dueEffects, type Effect, type EffectKind, isVital } from '#core/incident/due';
import { holdOn } from '#core/incident/hold';
import { type Fact, parseFact } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import type { Incident } from '#core/ledger/replay';
import { cut } from '#core/text/cut';
import { observePull } from './approve.ts';
import { APP, claimFact, dueNext, MOST_RENEWALS, RENEW_MS, renewalFact, stillPossible } from './claims.ts';
import { perform } from './effects.ts';
import {
  createBackoff,
  type Failure,
  failureFacts,
  NotNowError,
  saidOf,
  triesOfLook,
  unseen,
} from './failures.ts';
import { askForLooks, endOverdue } from './overdue.ts';
import { putBackInTime } from './put-back.ts';
import { atMost, neverTwice } from './turns.ts';
import { waitsForFinding } from './wait.ts';
import type { World } from './world.ts';

export type Desk = {
  /** `news`: what it waits for may have happened, so that it need not wait out its pause. */
  wake(key: string, news?: boolean): void;
  sweep(): Promise<void>;
  idle(): Promise<void>;
  close(): Promise<void>;
};
type Turn = { incident: Incident; claimed: Effect | null };
type May = (kind: EffectKind) => boolean;

const IDLE = 'nothing to do';
// `anyHead`: nobody need look for newer records. A replica wakes its own desk when it writes, and the sweep finds the rest.
const IDLE_NOW = { standDown: IDLE, anyHead: true } as const;
/** A sweep wakes every open incident; so many of them look at GitHub at once. */
const LOOKS_AT_ONCE = 8;
const leadsToRun = (kind: EffectKind): boolean =>
  ['check.post', 'pull.merge', 'remediate.dispatch'].includes(kind);

export function openDesk(world: World): Desk {
  const { ledger, log, owner } = world;
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const backoff = createBackoff();
  const looks = atMost(LOOKS_AT_ONCE);
  let closed = false;

  /** Writes facts and claims what is due next, both in one push. */
  const record = async (key: string, facts: readonly Fact[], may: May): Promise<Turn | null> => {
    let claimed: Effect | null = null;
    const written = await ledger.append(key, (incident, view) => {
      const now = world.now();
      const kept = stillPossible(incident, facts, now);
      const held = (here: Incident): boolean => holdOn(view.held(), here) !== null;
      const free = ({ kind, name }: Effect): boolean => may(kind) && backoff.may(key, name);
      claimed = closed ? null : dueNext(incident, kept, { held, owner, now, free });
      const all = claimed ? [...kept, claimFact(claimed, owner, now)] : kept;
      return all.length > 0 ? { facts: all, actor: APP, at: now } : IDLE_NOW;
    });
    if (written.ok) return { incident: written.incident, claimed };
    if (written.reason !== IDLE)
      log.warn({ incident: key, reason: written.reason }, 'the ledger did not take this');
    return null;
  };

  const work = async (key: string): Promise<void> => {
    let pending: Fact[] = [];
    for (let steps = 0; steps < 200 && !closed; steps++) {
      const seen = await ledger.find(key);
      if (!seen || seen.opened.sample) return;
      const fresh = pending.length === 0;
      const looked = fresh ? await look(seen) : { facts: pending, seen: true };
      const { facts } = looked;
      // Right after an effect, only vital effects may follow. Then the pull request is looked at again, before people are
      // told anything, because the effect may have made more possible. After a failed look, nothing may lead to a run.
      const waits = await waitsForFinding(world, seen);
      const may: May = (kind) =>
        (kind !== 'respond.dispatch' || !waits) && (fresh ? looked.seen || !leadsToRun(kind) : isVital(kind));
      const turn = await record(key, facts, may);
      pending = turn?.claimed ? await carryOut(turn.incident, turn.claimed) : [];
      if (fresh && facts.length === 0 && !turn?.claimed) return;
    }
    if (pending.length > 0) await record(key, pending, () => false);
  };

  /** Looks at the pull request. When it could not be seen for too long, people take over, with the reason. */
  const look = async (incident: Incident): Promise<{ facts: Fact[]; seen: boolean }> => {
    const { key } = incident;
    // A new attempt begins to count anew.
    const name = `pull.look#${incident.attempt}`;
    if (!backoff.may(key, name)) return { facts: [], seen: false };
    try {
      const facts = await looks(() => observePull(world, incident));
      backoff.forget(key, name);
      return { facts, seen: true };
    } catch (error) {
      const failure = backoff.failed(key, { name }, error, triesOfLook(error));
      const reason = world.redact(key, failure.reason);
      log.warn({ incident: key, ...told(key, failure, error) }, 'the pull request could not be looked at');
      if (!failure.final) setTimeout(() => wake(key), failure.waitMs).unref();
      return { facts: failure.final ? [unseen(reason)] : [], seen: false };
    }
  };

  /** For the log: Vigil's words, what the outside system said, and since when it has failed. */
  const told = (key: string, failure: Failure, error: unknown) => ({
    ...{ final: failure.final, since: failure.since, reason: world.redact(key, failure.reason) },
    said: world.redact(key, saidOf(error)),
  });

  /** Renews the claim until it is told to stop, so that an effect that has to wait is not begun a second time elsewhere. */
  const keepClaim = (key: string, effect: Effect): (() => void) => {
    let left = MOST_RENEWALS;
    const timer = setInterval(() => {
      if (left-- <= 0) return clearInterval(timer);
      const renewed = ledger.append(key, (incident) => {
        const now = world.now();
        const fact = renewalFact(incident, effect, owner, now);
        return fact ? { facts: [fact], actor: APP, at: now } : { standDown: 'it is no longer claimed here' };
      });
      renewed.catch((error: unknown) =>
        log.warn({ incident: key, effect: effect.name, err: error }, 'a claim could not be renewed'),
      );
    }, RENEW_MS);
    timer.unref();
    return () => clearInterval(timer);
  };

  const carryOut = async (incident: Incident, effect: Effect): Promise<Fact[]> => {
    const about = { incident: incident.key, effect: effect.name };
    const done = keepClaim(incident.key, effect);
    try {
      const { facts, result } = await perform(world, incident, effect);
      // What is no answer of the vendor's, such as a proxy's page, leaves open what was done: it is looked at again.
      if (!facts.every(({ type, data }) => parseFact(type, data).ok))
        throw new NotNowError(`${effect.kind} was answered with something that makes no sense`);
      backoff.forget(incident.key, effect.name);
      log.info({ ...about, result }, 'effect done');
      return [...facts, { type: 'effect.done', data: { effect: effect.name, result: cut(result, 500) } }];
    } catch (error) {
      const failed = backoff.failed(incident.key, effect, error);
      log.warn({ ...about, ...told(incident.key, failed, error) }, 'effect failed');
      if (!failed.final) setTimeout(() => wake(incident.key), failed.waitMs).unref();
      const reason = world.redact(incident.key, failed.reason);
      return failureFacts(incident, effect, {
        ...failed,
        reason,
        waits: failed.waits === null ? null : reason,
      });
    } finally {
      done();
    }
  };

  const wake = (key: string, news = false): void => {
    if (closed) return;
    if (news) backoff.hurry(key);
    if (running.has(key)) {
      again.add(key);
      return;
    }
    const run = work(key)
      .catch((error: unknown) =>
        log.error({ incident: key, err: error }, 'the desk stumbled; the next sweep goes on'),
      )
      .finally(() => {
        running.delete(key);
        if (again.delete(key)) wake(key);
      });
    running.set(key, run);
  };

  return {
    wake,
    sweep: neverTwice(async () => {
      await ledger.refresh();
      for (const [key, reason] of ledger.broken())
        log.error({ incident: key, reason }, 'the ledger of this incident is broken');
      await askForLooks(world);
      await endOverdue(world);
      await putBackInTime(world);
      for (const incident of ledger.open())
        if (!incident.opened.sample && mayBeDue(incident)) wake(incident.key);
      await ledger.tidy(world.now());
    }),
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
    async close() {
      closed = true;
      await Promise.allSettled(running.values());
    },
  };
}

function mayBeDue(incident: Incident): boolean {
  return dueEffects(incident).length > 0 || !hasEnded(incident);
}
