// The app's hands on the evidence branches: one thing at a time, months that are too old erased once a day, and a clone that is
// thrown away with each start and each day. Must never keep evidence in the clone for longer than it is kept on the branches.
import { rm } from 'node:fs/promises';
import { type EvidenceItem, evidenceBranch, type StoredItem, storeEvidence } from './evidence.ts';
import { erase, oldEvidence } from './evidence-erase.ts';
import { openStore, type Store, type StoreOptions } from './store.ts';

export const KEPT_DAYS = 90;

export type EvidenceKeeper = {
  store(
    key: string,
    items: readonly EvidenceItem[],
    now: Date,
  ): Promise<{ branch: string; items: StoredItem[] }>;
  /** The branches that were deleted. */
  eraseOld(now: Date): Promise<string[]>;
  close(): void;
};

export function openEvidence(options: StoreOptions): EvidenceKeeper {
  let turn: Promise<unknown> = Promise.resolve();
  let open: Store | null = null;
  const alone = <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    const next = turn.then(async () => {
      if (!open) {
        await rm(options.dir, { recursive: true, force: true });
        open = await openStore(options);
      }
      return work(open);
    });
    turn = next.catch(() => undefined);
    return next;
  };
  const close = (): void => {
    open?.close();
    open = null;
  };
  return {
    store: (key, items, now) =>
      alone(async (store) => {
        const branch = evidenceBranch(now);
        return { branch, items: await storeEvidence(store, branch, key, items) };
      }),
    eraseOld: (now) =>
      alone(async (store) => {
        const erased: string[] = [];
        for (const one of await oldEvidence(store, now, KEPT_DAYS))
          if (await erase(store, one, now)) erased.push(one.branch);
        close();
        return erased;
      }),
    close,
  };
}
