// The desk: for each incident, what is due is claimed, done and written down, until nothing is due.
// One screen, one rule: claim in the ledger, perform, record. A crash anywhere leaves a claim that the next one takes over.
import { claimable, dueEffects, type Effect, isVital } from '#core/due';
import type { Fact } from '#core/facts';
import type { Incident } from '#core/replay';
import { observePull } from './approve.ts';
import { PermanentError, perform } from './effects.ts';
import type { World } from './world.ts';

export type Desk = {
  wake(key: string): void;
  sweep(): Promise<void>;
  idle(): Promise<void>;
  close(): Promise<void>;
};

const CLAIM_MS = 60_000;
const TRIES = 5;

export function openDesk(world: World): Desk {
  const { ledger, log, owner } = world;
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const tries = new Map<string, { count: number; next: number }>();
  let closed = false;

  const write = (key: string, facts: readonly Fact[]) =>
    ledger.append(key, () => ({ facts, actor: { kind: 'app' }, at: world.now() }));
  const me = `${owner.replica}@${owner.boot}`;

  const claim = async (key: string, effect: Effect): Promise<Incident | null> => {
    const claimed = await ledger.append(key, (incident) => {
      const now = world.now();
      if (!incident || !dueEffects(incident).some((due) => due.name === effect.name))
        return { standDown: 'no longer due' };
      if (!claimable(incident.effects.get(effect.name), owner, now))
        return { standDown: 'claimed elsewhere' };
      const until = new Date(now.getTime() + CLAIM_MS).toISOString();
      return {
        facts: [{ type: 'effect.claimed', data: { effect: effect.name, owner: me, until } }],
        actor: { kind: 'app' },
        at: now,
      };
    });
    return claimed.ok ? claimed.incident : null;
  };

  const attempt = async (key: string, effect: Effect): Promise<boolean> => {
    const id = `${key} ${effect.name}`;
    if ((tries.get(id)?.next ?? 0) > Date.now()) return false;
    const incident = await claim(key, effect);
    if (!incident) return false;
    try {
      const done = await perform(world, incident, effect);
      await write(key, [
        ...done.facts,
        { type: 'effect.done', data: { effect: effect.name, result: done.result.slice(0, 500) } },
      ]);
      tries.delete(id);
      log.info({ incident: key, effect: effect.name, result: done.result }, 'effect done');
    } catch (error) {
      const count = (tries.get(id)?.count ?? 0) + 1;
      const final = error instanceof PermanentError || count >= TRIES || isRefusal(error);
      tries.set(id, { count, next: Date.now() + Math.min(1000 * 2 ** count, 30_000) });
      const reason = (error as Error).message.slice(0, 400);
      log.warn({ incident: key, effect: effect.name, final, reason }, 'effect failed');
      const facts: Fact[] = [{ type: 'effect.failed', data: { effect: effect.name, reason, final } }];
      if (final && isVital(effect.kind))
        facts.push({
          type: 'incident.escalated',
          data: { code: 'effect_failed', reason: `${effect.kind}: ${reason}` },
        });
      await write(key, facts);
      if (!final) setTimeout(() => wake(key), Math.min(1000 * 2 ** count, 30_000)).unref();
    }
    return true;
  };

  const work = async (key: string): Promise<void> => {
    for (let steps = 0; steps < 100 && !closed; steps++) {
      const incident = ledger.get(key);
      if (!incident || incident.opened.sample) return;
      const observed = await observePull(world, incident);
      if (observed.length > 0) {
        await write(key, observed);
        continue;
      }
      let moved = false;
      for (const effect of dueEffects(incident)) {
        if (!claimable(incident.effects.get(effect.name), owner, world.now())) continue;
        moved = (await attempt(key, effect)) || moved;
        if (moved) break;
      }
      if (!moved) return;
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
      for (const incident of ledger.all())
        if (!incident.opened.sample && mayBeDue(incident)) wake(incident.key);
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

function mayBeDue(incident: Incident): boolean {
  return dueEffects(incident).length > 0 || (incident.stage !== 'RESOLVED' && incident.stage !== 'ESCALATED');
}

/** A 4xx that GitHub will repeat however often it is asked; rate limits are not among them. */
function isRefusal(error: unknown): boolean {
  const status = (error as { status?: number }).status;
  return (
    status !== undefined && status >= 400 && status < 500 && ![401, 403, 404, 408, 409, 429].includes(status)
  );
}
