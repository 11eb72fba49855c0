// Follows an incident as an outsider can: by fetching the ledger branch with git. It must never ask the app.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lookAtLedger } from '#adapters/git/ledger-look';
import { openStore } from '#adapters/git/store';
import { dueEffects, type EffectKind } from '#core/incident/due';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import { hasEnded } from '#core/ledger/lifecycle';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import type { World } from './world.ts';

/** Reads every incident that is not sample history, whenever the ledger has a new head; null when it has none. */
async function reader(world: World, dir: string): Promise<() => Promise<Incident[] | null>> {
  const bare = world.github.bareRepository;
  const store = await openStore({ dir, url: bare, credentials: async () => null });
  let read = '';
  return async () => {
    // Looking at the file first spares the machine a git process several times a second.
    const head = await readFile(join(bare, 'refs/heads', LEDGER_BRANCH), 'utf8').catch(() => '');
    if (head === read) return null;
    read = head;
    const look = await lookAtLedger(store, LEDGER_BRANCH);
    const found: Incident[] = [];
    for (const key of Object.keys(look?.index.open ?? {})) {
      const loaded = await look?.load(key);
      if (loaded?.ok === false) throw new Error(`${loaded.file}: ${loaded.reason}`);
      if (loaded) found.push(loaded.incident);
    }
    return found;
  };
}

/** Whether the incident has ended and the app owes it nothing more. */
export function settled(incident: Incident): boolean {
  const ended = hasEnded(incident);
  const close: EffectKind = 'issue.close';
  // A script that ran is followed by one more job, which writes down what was learned.
  const concluded =
    !incident.latest['remediation.finished'] || incident.latest['incident.learned'] !== undefined;
  return (
    concluded &&
    ended &&
    incident.effects.get(`${close}#${incident.attempt}`)?.status === 'done' &&
    dueEffects(incident).length === 0
  );
}

/** Tells every new record until `done` says so or the time is over; null when it never was. */
export async function followUntil(
  world: World,
  options: {
    deadlineMs: number;
    done(incident: Incident): boolean;
    onRecord(record: LedgerRecord, incident: Incident): void;
  },
): Promise<Incident | null> {
  const dir = await mkdtemp(join(world.dir, 'follow-'));
  const seen = new Map<string, number>();
  try {
    const read = await reader(world, dir);
    for (const end = Date.now() + options.deadlineMs; Date.now() < end; await pause(200)) {
      for (const incident of (await read()) ?? []) {
        for (const record of incident.records.slice(seen.get(incident.key) ?? 0))
          options.onRecord(record, incident);
        seen.set(incident.key, incident.seq);
        if (options.done(incident)) return incident;
      }
    }
    return null;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
