// The ledger: facts become commits on a branch that only the app writes. The push is the compare-and-swap.
// Must never force a push, and never report a fact as written before the remote has taken it.

import { dirname } from 'node:path';
import type { Hold } from '#core/incident/hold';
import { isOver, leaseHolder } from '#core/incident/open-index';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import type { Fact } from '#core/ledger/facts';
import { isIncidentKey } from '#core/ledger/incident-key';
import { type Actor, decodeRecord, encodeRecord } from '#core/ledger/record';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { addFact, begin, namedNext, seal, unseal } from '#core/trust/ledger-writer';
import type { Told } from '#core/trust/summary';
import { type Appended, type Draft, type Health, type Outcome, openQueue } from './ledger-queue.ts';
import { openState } from './ledger-state.ts';
import { openRenewedStore } from './renewed-store.ts';
import { FULL, roomIn } from './room.ts';
import type { Store, StoreOptions } from './store.ts';

export type View = {
  /** One that is open, or a sealed one that is at hand; `find` looks everywhere. */
  get(key: string): Incident | null;
  /** Those of which something is still to be expected. */
  open(): Iterable<Incident>;
  /** The hold on everything. */
  held(): Hold | null;
  /** Who is at work on a service. */
  leaseHolder(target: string, except: string): string | null;
};
/** What the caller wants written, decided against the newest state; it is asked again whenever the push was lost. */
export type Decide = (
  incident: Incident | null,
  view: View,
) =>
  | { facts: readonly Fact[]; actor: Actor; at: Date }
  /** `anyHead`: nothing newer could matter to the caller, so nobody need look for it. */
  | { standDown: string; anyHead?: true };
export type Ledger = View & {
  append(key: string, decide: Decide): Promise<Appended>;
  /** Fetches; returns the keys of incidents that changed. */
  refresh(): Promise<string[]>;
  find(key: string): Promise<Incident | null>;
  /** The incidents of an issue or a pull request by its number, as a file says; ask the incident itself too. */
  numbered(number: number): Promise<Incident[]>;
  /** Everything that was ever tried: what is open, and what sealed incidents left. */
  past(): Promise<Told[]>;
  /** Puts away some of what is over, and a clone that has grown; how many incidents that were. */
  tidy(now: Date): Promise<number>;
  /** Incidents whose chain is broken, with the file and the reason. Nothing is written to them. */
  broken(): ReadonlyMap<string, string>;
  head(): string;
  health(): Health;
  /** Looks whether there is room for the next fact. */
  lookForRoom(): Promise<void>;
  close(): void;
};

export type LedgerOptions = StoreOptions & {
  /** Hears what is odd in the ledger, once each. */
  tell?: (sentence: string) => void;
  /** So many files make the clone be made anew. */
  mostFiles?: number;
};
const RENEWALS = 5;
const SEALED_AT_ONCE = 20;
const NOT_NOW: Appended = { ok: false, reason: 'not now', anyHead: true };
const seconds = (): number => Math.floor(Date.now() / 1000);

export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const store = await openRenewedStore(options, LEDGER_BRANCH, options.mostFiles);
  const state = openState(store, LEDGER_BRANCH, options.tell ?? (() => undefined));
  const { write, alone, pull, health } = openQueue(store, state, LEDGER_BRANCH);

  const incidentIn = (draft: Draft | null, key: string): Incident | null =>
    draft?.written.get(key)?.incident ?? state.open.get(key) ?? state.sealed(key)?.incident ?? null;
  const viewOf = (draft: Draft | null): View => {
    const index = () => (draft ?? state).tip.index;
    return {
      get: (key) => incidentIn(draft, key),
      open: () => {
        const all = new Map(state.open);
        for (const [key, one] of draft?.written ?? [])
          if ('commits' in one) all.delete(key);
          else all.set(key, one.incident);
        return all.values();
      },
      held: () => index().held,
      leaseHolder: (target, except) => leaseHolder(index(), target, except),
    };
  };

  /** Asks what is wanted and writes it onto the draft, one commit for each fact. */
  const decideAndWrite = async (key: string, decide: Decide, draft: Draft): Promise<Outcome> => {
    if (!isIncidentKey(key)) return { ok: false, reason: `${JSON.stringify(key)} is no incident's key` };
    await state.ready(key);
    const fault = state.broken.get(key);
    if (fault) return { ok: false, reason: `the ledger of ${key} is broken: ${fault}` };
    let incident = incidentIn(draft, key);
    let wanted: ReturnType<Decide>;
    try {
      wanted = decide(incident, viewOf(draft));
    } catch (accident) {
      return { accident }; // one caller's, not of those who share its push
    }
    if ('standDown' in wanted)
      return { ok: false, reason: wanted.standDown, ...(wanted.anyHead ? { anyHead: true } : {}) };
    const records = [];
    for (const fact of wanted.facts) {
      const record = nextRecord(incident, fact, wanted.at.toISOString(), wanted.actor);
      const folded = fold(incident, record);
      if (!folded.ok) return { ok: false, reason: folded.reason };
      // What could not be read back would break the incident for good.
      const readable = decodeRecord(encodeRecord(record));
      if (!readable.ok) return { ok: false, reason: `${fact.type} cannot be written, ${readable.reason}` };
      incident = folded.incident;
      records.push({ record, incident });
    }
    if (!incident || records.length === 0) return { ok: false, reason: 'nothing to write' };
    let before = await trailIn(draft, key);
    for (const { record, incident: after } of records) {
      draft.tip = await addFact(store, draft.tip, { record, incident: after, before, at: seconds() });
      before = namedNext(draft.tip.commit ?? '', before);
    }
    draft.written.set(key, { incident, before });
    return { ok: true, incident };
  };

  /** Commits of the incident's newest records; a sealed one is opened for what comes. */
  const trailIn = async (draft: Draft, key: string): Promise<string[]> => {
    const written = draft.written.get(key);
    if (written && 'before' in written) return written.before;
    const sealed = written ?? state.sealed(key);
    if (!sealed) return state.open.has(key) ? state.before(key) : [];
    draft.tip = await unseal(store, draft.tip, { ...sealed, at: seconds() });
    return [...sealed.commits].reverse().slice(0, 8);
  };

  const sealOne = async (key: string, now: Date, draft: Draft): Promise<Outcome> => {
    const incident = incidentIn(draft, key);
    if (!incident || draft.written.has(key) || !state.open.has(key) || !isOver(incident, now)) return NOT_NOW;
    const commits = await state.commitsOf(incident);
    if (commits === null) return NOT_NOW;
    draft.tip = await seal(store, draft.tip, { incident, commits, at: seconds() });
    draft.written.set(key, { incident, commits });
    return { ok: true, incident };
  };

  let renewal: Promise<void> | null = null;
  /** A clone that has grown is made anew while writing goes on; only the change itself waits for its turn. */
  const renew = async (): Promise<void> => {
    if (!(await store.grown())) return;
    await store.prepare(LEDGER_BRANCH);
    await alone(async () => {
      for (let tries = 0; tries < RENEWALS; tries++) {
        await pull();
        if (await store.renew(LEDGER_BRANCH, state.tip.commit ?? '')) return;
      }
    });
  };
  const renewIfGrown = (): Promise<void> => {
    renewal ??= renew().finally(() => {
      renewal = null;
    });
    return renewal;
  };

  await alone(async () => {
    await pull();
    if (state.tip.commit === null) await start(store);
    if (state.tip.commit === null) await pull();
  }).catch((error: unknown) => {
    store.close(); // whoever tries again opens another
    throw error;
  });

  return {
    ...viewOf(null),
    append: (key, decide) => write((draft) => decideAndWrite(key, decide, draft)),
    refresh: () => alone(pull),
    async find(key) {
      await state.ready(key);
      return incidentIn(null, key);
    },
    async numbered(number) {
      const keys = await state.numbered(number);
      for (const key of keys) await state.ready(key);
      return keys.map((key) => incidentIn(null, key)).filter((one) => one !== null);
    },
    past: async () => [...state.open.values(), ...(await state.past())],
    async tidy(now) {
      const over = [...state.open.values()]
        .filter((incident) => isOver(incident, now))
        .slice(0, SEALED_AT_ONCE);
      const done = await Promise.all(over.map(({ key }) => write((draft) => sealOne(key, now, draft))));
      await renewIfGrown();
      return done.filter(({ ok }) => ok).length;
    },
    head: () => state.tip.commit ?? '',
    broken: () => state.broken,
    health: () => health,
    async lookForRoom() {
      health.full = await roomIn([options.dir, dirname(options.dir)]);
      // Whoever is not ready gets nothing to write, and would never find out by writing.
      if (health.full === null && health.failing && FULL.test(health.failing.reason)) health.failing = null;
    },
    close: () => store.close(),
  };
}

/** Creates the branch with a first commit that says what it is. Losing this race is fine. */
async function start(store: Store): Promise<void> {
  const { commit } = await begin(store, seconds());
  await store.push(commit ?? '', LEDGER_BRANCH);
}
