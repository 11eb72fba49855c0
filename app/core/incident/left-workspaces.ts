// Workspaces of an incident's scripts that nobody has confirmed gone: which are left, and whether a script may be at work in them.
// Must never call a workspace left while its script may run, or while the job that ran it may still be taking it away.
import type { Fact, FactDataOf } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { jobMinutes, jobSeconds } from './limits.ts';
import { isKnown, running } from './running.ts';

/**
 * `over`: when the ledger heard of the end of its script, or that it is lost. Null: it has heard nothing. `seen`: its end was seen, so
 * that it was there.
 */
export type Workspace = {
  name: string;
  attempt: number;
  started: string;
  over: string | null;
  seen: boolean;
};

/** A job that has told the outcome still takes the workspace away, for as long as that takes. */
const REMOVAL_S = jobSeconds.remove + jobSeconds.slack;
/** No job that runs a script lasts longer. */
export const LONGEST_RUN_S = Math.max(jobMinutes.execute, jobMinutes.undo) * 60 + jobSeconds.slack;
/** A workspace that stays is told again after one hour, two, four and so on, at most a day, and so often: a schedule looks anyway. */
const FIRST_PAUSE_S = 3600;
const LONGEST_PAUSE_S = 86_400;
const MOST_TELLINGS = 8;

/** All workspaces that were started and of which the ledger does not say that they are gone. */
export function standingOnLedger(incident: Incident): Workspace[] {
  const open = new Map<string, Workspace>();
  const begun = (name: string, attempt: number, started: string): void =>
    void open.set(name, { name, attempt, started, over: null, seen: false });
  const ended = (name: string, over: string, seen: boolean): void => {
    const workspace = open.get(name);
    if (workspace) open.set(name, { ...workspace, over, seen });
  };
  for (const { type, data, attempt, at } of incident.records) {
    switch (type) {
      case 'undo.started':
        // An undo begins only when the script of its fix is dead; its workspace may still be there.
        for (const one of [...open.values()])
          if (one.attempt === attempt && one.over === null) ended(one.name, at, false);
        begun(data.workspace, attempt, at);
        break;
      case 'remediation.started':
        begun(data.workspace, attempt, at);
        break;
      case 'remediation.lost':
        ended(data.workspace, at, false);
        break;
      case 'remediation.finished':
      case 'undo.finished':
        // What was refused made none, and one of that name would be somebody else's.
        if (data.outcome === 'refused') open.delete(data.workspace);
        else ended(data.workspace, at, type === 'remediation.finished' || isKnown(data));
        break;
      case 'workspace.deleted':
        open.delete(data.workspace);
        break;
    }
  }
  return [...open.values()];
}

/** Whether it is left behind. False: its script may be at work, or its job may still take it away. */
export function isLeft(incident: Incident, { attempt, started, over }: Workspace, now: Date): boolean {
  const since = (at: string): number => (now.getTime() - Date.parse(at)) / 1000;
  if (over !== null) return since(over) >= REMOVAL_S;
  // The app ends what is silent for too long, and only then is it lost.
  if (attempt === incident.attempt && running(incident)) return false;
  return since(started) >= LONGEST_RUN_S;
}

/** The news that workspaces are left, each in its time. Empty: there is none, or it was told not long ago. */
export function tellLeft(incident: Incident, coderUrl: string | undefined, now: Date): Fact[] {
  return standingOnLedger(incident)
    .filter((workspace) => isLeft(incident, workspace, now) && isDue(incident, workspace.name, now))
    .map(({ name }) => ({
      type: 'workspace.left',
      data: { workspace: name, ...(coderUrl ? { url: workspacePage(coderUrl, name) } : {}) },
    }));
}

function isDue(incident: Incident, name: string, now: Date): boolean {
  const told = incident.records.filter(
    ({ type, data }) => type === 'workspace.left' && data.workspace === name,
  );
  const pause = Math.min(FIRST_PAUSE_S * 2 ** (told.length - 1), LONGEST_PAUSE_S);
  const last = told.at(-1)?.at;
  if (last === undefined) return true;
  return told.length < MOST_TELLINGS && now.getTime() - Date.parse(last) >= pause * 1000;
}

/** Where people who may see it find it. Its own address would have to name its owner, whom the token cannot ask for. */
export function workspacePage(coderUrl: string, name: string): string {
  return `${coderUrl.replace(/\/$/, '')}/workspaces?filter=${encodeURIComponent(`name:${name}`)}`;
}

export type ToldLeft = FactDataOf<'workspace.left'> & { seq: number; times: number };

/** What was told to be left and is not known to be gone, as it was told last. */
export function leftAsTold({ records }: Incident): ToldLeft[] {
  const told = new Map<string, ToldLeft>();
  for (const { type, data, seq } of records) {
    if (type === 'workspace.left')
      told.set(data.workspace, { ...data, seq, times: (told.get(data.workspace)?.times ?? 0) + 1 });
    if (type === 'workspace.deleted') told.delete(data.workspace);
  }
  return [...told.values()];
}

/** How often people hear that it is still there: that it is, and that removing it has failed. */
const TELLINGS_THAT_ARE_NEWS = 2;

/** The record with which people hear something new of a workspace that is left: that it is, or that it is gone now. 0: none. */
export function newestOfLeft({ records, attempt: now }: Incident): number {
  const told = new Map<string, number>();
  let newest = 0;
  for (const { type, data, seq, attempt } of records) {
    if (type !== 'workspace.left' && type !== 'workspace.deleted') continue;
    const times = told.get(data.workspace) ?? 0;
    const news = type === 'workspace.left' ? times < TELLINGS_THAT_ARE_NEWS : times > 0;
    if (news && attempt === now) newest = seq;
    if (type === 'workspace.left') told.set(data.workspace, times + 1);
    else told.delete(data.workspace);
  }
  return newest;
}

/** The newest record that owes a look by the job that may remove workspaces. 0: none. */
export function watchOwed(incident: Incident): number {
  const newest = Math.max(0, ...leftAsTold(incident).map(({ seq }) => seq));
  return incident.records.some(({ seq, attempt }) => seq === newest && attempt === incident.attempt)
    ? newest
    : 0;
}

/** Whether the ledger has a script at work in it right now. */
export function isAtWork(incident: Incident, name: string): boolean {
  const begun = latestOf(incident, 'undo.started') ?? latestOf(incident, 'remediation.started');
  return running(incident) && begun?.workspace === name;
}
