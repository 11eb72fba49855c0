// The desk: for each incident, what is due is claimed, done and written down, until nothing is due.
// One screen, one rule: claim in the ledger, perform, record. A crash anywhere leaves a claim that the next one takes over.
import { claimable, dueEffects, type Effect, type EffectKind, isVital } from '#core/due';
import type { Fact } from '#core/facts';
import { holdOn } from '#core/hold';
import { foresee, type Incident } from '#core/replay';
import { observePull } from './approve.ts';
import { perform } from './effects.ts';
import { createPatience, failureFacts, triesOfLook, unseen } from './failures.ts';
import { endOverdue } from './overdue.ts';
import { waitsForFinding } from './wait.ts';
import type { World } from './world.ts';

export type Desk = {
  wake(key: string): void;
  sweep(): Promise<void>;
  idle(): Promise<void>;
  close(): Promise<void>;
};
type Turn = { incident: Incident; claimed: Effect | null };

const CLAIM_MS = 60_000;
const IDLE = 'nothing to do';
// Whoever writes what makes something due wakes the desk of its own replica, and the sweep hears of the others.
const IDLE_NOW = { standDown: IDLE, anyHead: true } as const;
const LOOK = 'pull.look';
const leadsToRun = (kind: EffectKind): boolean =>
  ['check.post', 'pull.merge', 'remediate.dispatch'].includes(kind);

export function openDesk(world: World): Desk {
  const { ledger, log, owner } = world;
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const patience = createPatience();
  let closed = false;

  /** Writes facts and, in the same push, claims what is due next. Facts that cannot happen any more are left out. */
  const record = async (
    key: string,
    facts: readonly Fact[],
    may: (kind: EffectKind) => boolean,
  ): Promise<Turn | null> => {
    let claimed: Effect | null = null;
    const written = await ledger.append(key, (incident, view) => {
      const now = world.now();
      const possible = foresee(incident, facts, now.toISOString(), { kind: 'app' }).ok
        ? facts
        : facts.filter((fact) => fact.type === 'effect.done' || fact.type === 'effect.failed');
      const after = foresee(incident, possible, now.toISOString(), { kind: 'app' });
      if (!after.ok || closed) return possible.length > 0 ? append(possible, now) : IDLE_NOW;
      claimed =
        dueEffects(after.incident, holdOn(view.held(), after.incident) !== null).find(
          ({ kind, name }) =>
            may(kind) && claimable(after.incident.effects.get(name), owner, now) && patience.may(key, name),
        ) ?? null;
      const claim: Fact[] = claimed ? [claimFact(claimed, `${owner.replica}@${owner.boot}`, now)] : [];
      return possible.length + claim.length > 0 ? append([...possible, ...claim], now) : IDLE_NOW;
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
      // Before anybody is told anything, look once more: what was just done may have opened the way. What could not be
      // looked at opens no way at all.
      const waits = await waitsForFinding(world, seen);
      const may = (kind: EffectKind): boolean =>
        (kind !== 'respond.dispatch' || !waits) && (fresh ? looked.seen || !leadsToRun(kind) : isVital(kind));
      const turn = await record(key, facts, may);
      pending = turn?.claimed ? await carryOut(turn.incident, turn.claimed) : [];
      if (fresh && facts.length === 0 && !turn?.claimed) return;
    }
    if (pending.length > 0) await record(key, pending, () => false);
  };

  /** How the pull request stands. One that cannot be seen for long goes to people, with the reason. */
  const look = async (incident: Incident): Promise<{ facts: Fact[]; seen: boolean }> => {
    const { key } = incident;
    if (!patience.may(key, LOOK)) return { facts: [], seen: false };
    try {
      const facts = await observePull(world, incident);
      patience.forget(key, LOOK);
      return { facts, seen: true };
    } catch (error) {
      const failure = patience.failed(key, { name: LOOK }, error, triesOfLook(error));
      const reason = world.redact(key, failure.reason);
      log.warn({ incident: key, final: failure.final, reason }, 'the pull request could not be looked at');
      if (!failure.final) setTimeout(() => wake(key), failure.waitMs).unref();
      return { facts: failure.final ? [unseen(reason)] : [], seen: false };
    }
  };

  const carryOut = async (incident: Incident, effect: Effect): Promise<Fact[]> => {
    const about = { incident: incident.key, effect: effect.name };
    try {
      const { facts, result } = await perform(world, incident, effect);
      patience.forget(incident.key, effect.name);
      log.info({ ...about, result }, 'effect done');
      return [...facts, { type: 'effect.done', data: { effect: effect.name, result: result.slice(0, 500) } }];
    } catch (error) {
      const failed = patience.failed(incident.key, effect, error);
      // What a vendor says of a failure may repeat what it was asked.
      const failure = { ...failed, reason: world.redact(incident.key, failed.reason) };
      log.warn({ ...about, final: failure.final, reason: failure.reason }, 'effect failed');
      if (!failure.final) setTimeout(() => wake(incident.key), failure.waitMs).unref();
      return failureFacts(effect, failure);
    }
  };

  const wake = (key: string): void => {
    if (closed) return;
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
    async sweep() {
      await ledger.refresh();
      for (const [key, reason] of ledger.broken())
        log.error({ incident: key, reason }, 'the ledger of this incident is broken');
      await endOverdue(world);
      for (const incident of ledger.open())
        if (!incident.opened.sample && mayBeDue(incident)) wake(incident.key);
      await ledger.tidy(world.now());
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
    async close() {
      closed = true;
      await Promise.allSettled(running.values());
    },
  };
}

function append(facts: readonly Fact[], at: Date) {
  return { facts, actor: { kind: 'app' } as const, at };
}

function claimFact(effect: Effect, owner: string, now: Date): Fact {
  const until = new Date(now.getTime() + CLAIM_MS).toISOString();
  return { type: 'effect.claimed', data: { effect: effect.name, owner, until } };
}

function mayBeDue(incident: Incident): boolean {
  return dueEffects(incident).length > 0 || (incident.stage !== 'RESOLVED' && incident.stage !== 'ESCALATED');
}
