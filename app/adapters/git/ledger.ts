// The ledger: facts become commits on a branch that only the app writes. The push is the compare-and-swap.
// Must never force a push, and never report a fact as written before the remote has taken it.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact } from '#core/ledger/facts';
import { type Actor, decodeRecord, encodeRecord } from '#core/ledger/record';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { type Clone, fetchBranch, pushHead } from './clone.ts';
import { commitMessage, keysOfPaths, listIncidents, loadIncident, writeRecord } from './ledger-files.ts';

export const LEDGER_BRANCH = 'vigil/ledger';

export type View = { get(key: string): Incident | null; all(): Iterable<Incident> };
/** What the caller wants written, decided against the newest state; it is asked again whenever the push was lost. */
export type Decide = (
  incident: Incident | null,
  view: View,
) =>
  | { facts: readonly Fact[]; actor: Actor; at: Date }
  /** `anyHead`: nothing newer could matter to the caller, so nobody need look for it. */
  | { standDown: string; anyHead?: true };
export type Appended = { ok: true; incident: Incident } | { ok: false; reason: string; anyHead?: true };
export type Ledger = View & {
  append(key: string, decide: Decide): Promise<Appended>;
  /** Fetches; returns the keys of incidents that changed. */
  refresh(): Promise<string[]>;
  /** Incidents whose chain is broken, with the file and the reason. Nothing is written to them. */
  broken(): ReadonlyMap<string, string>;
  head(): string;
};

type Waiting = {
  key: string;
  decide: Decide;
  settle: (result: Appended) => void;
  fail: (error: unknown) => void;
};
type Outcome = Appended | { accident: unknown };
const ATTEMPTS = 12;
const NOT_WRITTEN: Appended = { ok: false, reason: 'not written' };

export async function openLedger(clone: Clone): Promise<Ledger> {
  let head = '';
  let states = new Map<string, Incident>();
  let broken = new Map<string, string>();
  const waiting: Waiting[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let draining = false;

  const serially = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  };

  const load = async (keys: Iterable<string>): Promise<void> => {
    for (const key of keys) {
      const loaded = await loadIncident(clone.dir, key);
      states.delete(key);
      broken.delete(key);
      if (!loaded.ok) broken.set(key, `${loaded.file}: ${loaded.reason}`);
      else if (loaded.incident) states.set(key, loaded.incident);
    }
  };

  /** Makes the worktree exactly what a commit says: what a process left behind that died while writing is no fact. */
  const discard = async (commit: string): Promise<void> => {
    await clone.local().raw('reset', '--quiet', '--hard', commit);
    await clone.local().raw('clean', '-qfdx');
  };

  const pull = async (): Promise<string[]> => {
    const remote = await fetchBranch(clone, LEDGER_BRANCH);
    if (!remote || remote === head) return [];
    const git = clone.local();
    if (head !== '') {
      // Only records that go on from those we have seen: a shorter past could make a script run twice.
      const before = await git.raw('merge-base', head, remote).catch(() => '');
      if (before.trim() !== head)
        throw new Error(`the ledger was rewritten: ${remote} does not go on from ${head}`);
    }
    await discard(remote);
    const changed =
      head === ''
        ? await listIncidents(clone.dir)
        : [...keysOfPaths((await git.raw('diff', '--name-only', head, remote)).split('\n'))];
    if (head === '') [states, broken] = [new Map(), new Map()];
    head = remote;
    await load(changed);
    return changed;
  };

  const commit = async (key: string, decide: Decide, draft: Map<string, Incident>): Promise<Outcome> => {
    const view: View = {
      get: (other) => draft.get(other) ?? states.get(other) ?? null,
      all: () => new Map([...states, ...draft]).values(),
    };
    const fault = broken.get(key);
    if (fault) return { ok: false, reason: `the ledger of ${key} is broken: ${fault}` };
    let incident = view.get(key);
    let wanted: ReturnType<Decide>;
    try {
      wanted = decide(incident, view);
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
      records.push({ record, stage: incident.stage });
    }
    for (const { record, stage } of records) {
      const path = await writeRecord(clone.dir, key, record);
      const message = join(clone.dir, '.git', 'VIGIL_MESSAGE');
      await writeFile(message, commitMessage(key, stage, record));
      await clone.local().raw('add', '--verbose', '--', path);
      await clone.local().raw('commit', '--no-verify', '-F', message);
    }
    if (!incident) return { ok: false, reason: 'nothing to write' };
    draft.set(key, incident);
    return { ok: true, incident };
  };

  /** Everything that waits goes out in one push (group commit); when the push is lost, all of it is decided anew. */
  const settleOne = ({ settle, fail }: Waiting, result: Outcome): void => {
    if ('accident' in result) fail(result.accident);
    else settle(result);
  };

  /** Decides on what is known and pushes. Refusals are decided again when the remote turns out to know more. */
  const writeBatch = async (all: readonly Waiting[]): Promise<void> => {
    let batch = all;
    for (let tries = 0; tries < ATTEMPTS; tries++) {
      const draft = new Map<string, Incident>();
      const results: Outcome[] = [];
      try {
        for (const { key, decide } of batch) results.push(await commit(key, decide, draft));
        if (draft.size === 0 || (await pushHead(clone, LEDGER_BRANCH))) {
          head = (await clone.local().raw('rev-parse', 'HEAD')).trim();
          states = new Map([...states, ...draft]);
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
      } catch (error) {
        await discard(head);
        throw error;
      }
      await discard(head);
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
            for (const { fail } of batch) fail(error);
          });
        });
      }
    } finally {
      draining = false;
    }
  };

  await rm(join(clone.dir, '.git', 'index.lock'), { force: true });
  await serially(pull);
  if (head === '') await serially(() => begin(clone).then(pull));

  return {
    get: (key) => states.get(key) ?? null,
    all: () => states.values(),
    head: () => head,
    broken: () => broken,
    refresh: () => serially(pull),
    append: (key, decide) =>
      new Promise<Appended>((settle, fail) => {
        waiting.push({ key, decide, settle, fail });
        void drain();
      }),
  };
}

/** Creates the branch with a first commit that says what it is. Losing this race is fine. */
async function begin(clone: Clone): Promise<void> {
  const git = clone.local();
  await git.raw('update-ref', '-d', 'refs/heads/begin'); // of a start that did not get as far as its push
  await git.raw('checkout', '--quiet', '--orphan', 'begin');
  await writeFile(
    join(clone.dir, 'README.md'),
    '# Ledger\n\nEvery fact of every incident, one commit each. Only the app writes here. `vigil audit` proves it.\n',
  );
  await git.raw('add', '--', 'README.md');
  await git.raw('commit', '--quiet', '--no-verify', '-m', 'Begin the ledger');
  await pushHead(clone, LEDGER_BRANCH);
}
