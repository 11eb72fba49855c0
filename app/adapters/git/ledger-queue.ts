// What wants to be written waits here and goes out together in one push, decided anew whenever another replica was first.
// Must never say of anything that it is written before the remote has taken it.
import type { Incident } from '#core/ledger/replay';
import type { Tip } from '#core/trust/ledger-writer';
import type { State, Written } from './ledger-state.ts';
import type { Store } from './store.ts';

export type Appended = { ok: true; incident: Incident } | { ok: false; reason: string; anyHead?: true };
/** A ledger that is being written: commits that the remote has not yet. */
export type Draft = { tip: Tip; written: Map<string, Written> };
export type Outcome = Appended | { accident: unknown };
export type Work = (draft: Draft) => Promise<Outcome>;
export type Health = {
  /** When the remote was last heard, in milliseconds; and what it said instead since then. */
  heard: number;
  deaf: string | null;
  /** Writes that failed one after the other, since when and how. */
  failing: { count: number; since: number; reason: string } | null;
  /** Why there is no room on the disk, as far as was looked. */
  full?: string | null;
};
export type Queue = {
  write(work: Work): Promise<Appended>;
  /** Nothing is written while this is at work. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Fetches; for those who are alone. */
  pull(): Promise<string[]>;
  health: Health;
};
type Waiting = { work: Work; settle: (result: Appended) => void; fail: (error: unknown) => void };

const ATTEMPTS = 12;
const NOT_WRITTEN: Appended = { ok: false, reason: 'not written' };

export function openQueue(store: Pick<Store, 'push'>, state: State, branch: string): Queue {
  const waiting: Waiting[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let draining = false;
  const health: Health = { heard: 0, deaf: null, failing: null };

  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  };
  const pull = async (): Promise<string[]> => {
    try {
      const changed = await state.pull();
      Object.assign(health, { heard: Date.now(), deaf: null });
      return changed;
    } catch (error) {
      health.deaf = String(error);
      throw error;
    }
  };
  const settleOne = ({ settle, fail }: Waiting, result: Outcome): void => {
    if ('accident' in result) fail(result.accident);
    else settle(result);
  };

  /**
   * Decides on what is known and pushes all of it at once (group commit). Refusals are decided again when the remote turns
   * out to know more; when the push is lost, all of it is decided anew.
   */
  const writeBatch = async (all: readonly Waiting[]): Promise<void> => {
    let batch = all;
    for (let tries = 0; tries < ATTEMPTS; tries++) {
      const draft: Draft = { tip: state.tip, written: new Map() };
      const results: Outcome[] = [];
      for (const { work } of batch) results.push(await work(draft));
      const { commit } = draft.tip;
      if (commit !== null && commit !== state.tip.commit && !(await store.push(commit, branch))) {
        await pull();
        continue;
      }
      if (commit !== state.tip.commit)
        Object.assign(health, { heard: Date.now(), deaf: null, failing: null });
      state.take(draft.tip, draft.written);
      const decided = batch.map((one, index) => ({ one, result: results[index] ?? NOT_WRITTEN }));
      const refused = decided.filter(({ result }) => 'ok' in result && !result.ok && !result.anyHead);
      for (const { one, result } of decided)
        if (!refused.some((no) => no.one === one)) settleOne(one, result);
      if (refused.length === 0) return;
      // Another replica may have written what makes this possible: a refusal stands only on the newest head.
      const news = await pull().catch(() => []);
      if (news.length === 0) {
        for (const { one, result } of refused) settleOne(one, result);
        return;
      }
      batch = refused.map(({ one }) => one);
    }
    throw new Error(`the ledger push was lost ${ATTEMPTS} times in a row`);
  };

  const drain = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    try {
      while (waiting.length > 0) {
        await alone(async () => {
          const batch = waiting.splice(0);
          await writeBatch(batch).catch((error: unknown) => {
            const { count, since } = health.failing ?? { count: 0, since: Date.now() };
            health.failing = { count: count + 1, since, reason: String(error) };
            for (const { fail } of batch) fail(error);
          });
        });
      }
    } finally {
      draining = false;
    }
  };

  return {
    write: (work) =>
      new Promise<Appended>((settle, fail) => {
        waiting.push({ work, settle, fail });
        void drain();
      }),
    ...{ alone, pull, health },
  };
}
