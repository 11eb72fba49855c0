// Ends the workspaces that no open incident owns, and says of each what was done and why. Must never end one on what the ledger said
// a while ago: it is read again right before each end. Must never say that a workspace is gone without the proof of its place.
import type { Ended, Watch, Workspaces } from '#adapters/workspace/port';
import { judgeWorkspace, type Owner } from '#core/incident/janitor';
import { isLeft, standingOnLedger } from '#core/incident/left-workspaces';
import { workspaceNamed } from '#core/ledger/incident-key';
import type { Incident } from '#core/ledger/replay';

/** So many are ended at the same time, and no end begins after so long: what is not begun is found again by the next run. */
const AT_ONCE = 6;
const BEGIN_WITHIN_MS = 10 * 60_000;

export type Reader = {
  /** What the ledger has of an incident now. */
  owner(key: string): Promise<Exclude<Owner, null>>;
  /** Every incident that is not sealed and can be read. */
  open(): Promise<Incident[]>;
};
export type Done = 'stays' | 'ended' | 'would end' | 'not gone' | 'not begun' | 'not told';
export type Row = { name: string; done: Done; because: string };
type Work = {
  workspaces: Pick<Workspaces, 'list' | 'end'>;
  ledger: Reader;
  watch: Watch;
  dryRun: boolean;
  /** Tells the app that a workspace of this incident is gone. Null, or why it does not know that now. */
  post(incident: Incident, workspace: string): Promise<string | null>;
};

export async function tidy(work: Work): Promise<Row[]> {
  const { workspaces, ledger, watch } = work;
  const now = (): Date => new Date(watch.now());
  const listed = await workspaces.list();
  if (!listed.ok) throw new Error(`the workspaces could not be listed: ${listed.reason}`);
  const standing = new Map(listed.standing.map((one) => [one.name, { ...one, seen: true }]));
  // What the ledger still waits for may be gone already; that has to be proved and said too.
  for (const incident of await ledger.open())
    for (const one of standingOnLedger(incident))
      if (isLeft(incident, one, now()) && !standing.has(one.name))
        standing.set(one.name, { name: one.name, since: one.started, seen: one.seen });
  const until = watch.now() + BEGIN_WITHIN_MS;
  return sideBySide([...standing.values()], async ({ name, since, seen }): Promise<Row> => {
    const key = workspaceNamed(name)?.key ?? null;
    const owner = key === null ? null : await ledger.owner(key);
    const { ends, because } = judgeWorkspace({ name, since }, owner, now());
    if (!ends) return { name, done: 'stays', because };
    if (work.dryRun) return { name, done: 'would end', because };
    if (watch.now() > until) return { name, done: 'not begun', because };
    const ended = await workspaces.end(name, watch, { seen }).catch((error: Error): Ended => {
      return { dead: false, gone: false, reason: error.message };
    });
    if (!ended.gone) return { name, done: 'not gone', because: wordsOf(ended) };
    const incident = owner?.ok ? owner.incident : null;
    const untold =
      incident && standingOnLedger(incident).some((one) => one.name === name)
        ? await work.post(incident, name).catch((error: Error) => error.message)
        : null;
    return untold === null
      ? { name, done: 'ended', because }
      : { name, done: 'not told', because: `it is gone, and the app does not know it: ${untold}` };
  });
}

const wordsOf = ({ dead, reason }: Ended): string =>
  `${reason}; ${dead ? 'nothing is at work in it any more' : 'it is not known whether its script is still at work'}`;

async function sideBySide<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const rows: R[] = [];
  const left = [...all.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) rows[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return rows;
}
