// The ledger as a job reads it: its own incident, the index of what is open, and the history where it is asked for.
// Must never act on an incident whose records are broken, nor ask the remote for more than whether its branch has moved.
import { type Look, lookAtLedger } from '#adapters/git/ledger-look';
import { openStore, type StoreOptions } from '#adapters/git/store';
import { holdOn } from '#core/incident/hold';
import { leaseHolder } from '#core/incident/open-index';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import type { Incident } from '#core/ledger/replay';
import type { Told } from '#core/trust/summary';

export type JobsLedger = {
  /** The incident as the ledger has it now. */
  newest(): Promise<Incident>;
  /** What stands in its way now: a hold on it or on everything, another incident at work on the target. */
  inTheWay(target: string | null): Promise<{ held: boolean; leasedTo: string | null }>;
  /** Everything that was ever tried. */
  past(): Promise<Told[]>;
  close(): void;
};

export async function openJobsLedger(options: StoreOptions, key: string): Promise<JobsLedger> {
  const store = await openStore(options);
  let last: Look | null = null;
  let incident: Incident | null = null;
  const look = async (): Promise<Look> => {
    if (last !== null && (await store.look(LEDGER_BRANCH)) === last.commit) return last;
    last = await lookAtLedger(store, LEDGER_BRANCH);
    incident = null;
    if (!last) throw new Error('the ledger branch does not exist');
    return last;
  };
  const own = async (from: Look): Promise<Incident> => {
    if (incident) return incident;
    const loaded = await from.load(key);
    if (!loaded) throw new Error(`the ledger has no incident ${key}`);
    if (!loaded.ok) throw new Error(`the ledger of ${key} is broken at ${loaded.file}: ${loaded.reason}`);
    incident = loaded.incident;
    return incident;
  };
  return {
    newest: async () => own(await look()),
    async inTheWay(target) {
      const now = await look();
      const held = holdOn(now.index.held, await own(now)) !== null;
      return { held, leasedTo: target === null ? null : leaseHolder(now.index, target, key) };
    },
    async past() {
      const all = await (await look()).past();
      return all.filter((told) => !('records' in told) || told.key !== key);
    },
    close: () => store.close(),
  };
}
