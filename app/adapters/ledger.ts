// The ledger: facts become commits on a branch that only the app writes. The push is the compare-and-swap.
// Must never force a push, and never report a fact as written before the remote has taken it.
import { openState, type Written } from '#adapters/git/ledger-state';
import { openStore, type Store, type StoreOptions } from '#adapters/git/store';
import type { Fact } from '#core/facts';
import type { Hold } from '#core/hold';
import { isOver, leaseHolder } from '#core/incident/open-index';
import { isIncidentKey } from '#core/incident-key';
import { type Actor, decodeRecord, encodeRecord } from '#core/record';
import { fold, type Incident, nextRecord } from '#core/replay';
import { addFact, begin, namedNext, seal, type Tip, unseal } from '#core/trust/ledger-writer';
import type { Told } from '#core/trust/summary';

export const LEDGER_BRANCH = 'vigil/ledger';

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
export type Appended = { ok: true; incident: Incident } | { ok: false; reason: string; anyHead?: true };
export type Health = {
  /** When the remote was last heard, in milliseconds; and what it said instead since then. */
  heard: number;
  deaf: string | null;
  /** Writes that failed one after the other, since when and how. */
  failing: { count: number; since: number; reason: string } | null;
};
export type Ledger = View & {
  append(key: string, decide: Decide): Promise<Appended>;
  /** Fetches; returns the keys of incidents that changed. */
  refresh(): Promise<string[]>;
  find(key: string): Promise<Incident | null>;
  /** The incidents of an issue or a pull request by its number, as a file says; ask the incident itself too. */
  numbered(number: number): Promise<Incident[]>;
  /** Everything that was ever tried: what is open, and what sealed incidents left. */
  past(): Promise<Told[]>;
  /** Puts away some of what is over; how many that were. */
  sealOver(now: Date): Promise<number>;
  /** Incidents whose chain is broken, with the file and the reason. Nothing is written to them. */
  broken(): ReadonlyMap<string, string>;
  head(): string;
  health(): Health;
  close(): void;
};

type Draft = { tip: Tip; written: Map<string, Written> };
type Outcome = Appended | { accident: unknown };
type Waiting = {
  work(draft: Draft): Promise<Outcome>;
  settle: (result: Appended) => void;
  fail: (error: unknown) => void;
};
export type LedgerOptions = StoreOptions & { tell?: (sentence: string) => void };
const ATTEMPTS = 12;
const SEALED_AT_ONCE = 20;
const NOT_WRITTEN: Appended = { ok: false, reason: 'not written' };
const NOT_NOW: Appended = { ok: false, reason: 'not now', anyHead: true };
const seconds = (): number => Math.floor(Date.now() / 1000);

export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const store = await openStore(options);
  const state = openState(store, LEDGER_BRANCH, options.tell ?? (() => undefined));
  const waiting: Waiting[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let draining = false;
  const health: Health = { heard: 0, deaf: null, failing: null };

  const serially = <T>(work: () => Promise<T>): Promise<T> => {
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
      if (
        draft.tip.commit === state.tip.commit ||
        (await store.push(draft.tip.commit ?? '', LEDGER_BRANCH))
      ) {
        state.take(draft.tip, draft.written);
        health.failing = null;
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
        continue;
      }
      await pull();
    }
    throw new Error(`the ledger push was lost ${ATTEMPTS} times in a row`);
  };

  const drain = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    try {
      while (waiting.length > 0) {
        await serially(async () => {
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
  const write = (work: Waiting['work']): Promise<Appended> =>
    new Promise<Appended>((settle, fail) => {
      waiting.push({ work, settle, fail });
      void drain();
    });

  await serially(async () => {
    await pull();
    if (state.tip.commit === null) await start(store);
    if (state.tip.commit === null) await pull();
  });

  return {
    ...viewOf(null),
    append: (key, decide) => write((draft) => decideAndWrite(key, decide, draft)),
    refresh: () => serially(pull),
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
    async sealOver(now) {
      const over = [...state.open.values()]
        .filter((incident) => isOver(incident, now))
        .slice(0, SEALED_AT_ONCE);
      const done = await Promise.all(over.map(({ key }) => write((draft) => sealOne(key, now, draft))));
      return done.filter(({ ok }) => ok).length;
    },
    head: () => state.tip.commit ?? '',
    broken: () => state.broken,
    health: () => health,
    close: () => store.close(),
  };
}

/** Creates the branch with a first commit that says what it is. Losing this race is fine. */
async function start(store: Store): Promise<void> {
  const { commit } = await begin(store, seconds());
  await store.push(commit ?? '', LEDGER_BRANCH);
}
