// When an act that is meant for a while has had its time, and what follows: it is put back, or people are reminded.
// One decision from the ledger and a time that is handed in. Must never put anything back while somebody is at work on the
// service or holds it, and must never remind without an end.
import type { Fact } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import { minutesOf, type PutBack, type PutBackBefore, type Reminding } from '#core/ledger/put-back-facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { standsResolved } from './heard.ts';
import { type OutOfState, outOfState } from './out-of-state.ts';
import { putBackOwed } from './put-back-owed.ts';
import { running } from './running.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** What waits for quiet waits so long at most. Then people hear that it never came. */
const MOST_WAIT_MS = 7 * DAY_MS;
/** A hold or another incident may keep it so long past its end. Later the yes that people gave is too old. */
const GRACE_MS = DAY_MS;
export const MOST_REMINDERS = 7;
const REMIND_EVERY_MS = DAY_MS;

export type Around = {
  /** Every other incident that is at hand. */
  others: Iterable<Incident>;
  held: boolean;
  /** Somebody else is at work on the service. */
  leased: boolean;
  now: Date;
};

/** The oldest act that has an end and is still out. */
export function actWithEnd(incident: Incident): (OutOfState & { put_back: PutBack }) | null {
  for (const act of outOfState(incident)) {
    const { put_back } = act;
    if (put_back) return { ...act, put_back };
  }
  return null;
}

const after = (at: string, words: string): number => Date.parse(at) + (minutesOf(words) ?? 0) * MINUTE_MS;

/** When it is out for the longest time that was agreed on. */
export function latestEnd({ since, put_back }: Pick<OutOfState, 'since' | 'put_back'>): number {
  return put_back?.until === undefined ? Date.parse(since) + MOST_WAIT_MS : after(since, put_back.until);
}

/** Until when the approval of the fix covers its inverse: the end that was named, and a day for what may keep it. */
export function coveredUntil(act: Pick<OutOfState, 'since' | 'put_back'>): number {
  return latestEnd(act) + GRACE_MS;
}

/** Whether something is still to come of an act's end, so that the incident stays in the index. Bounded by its last reminder. */
export function awaitsPutBack(incident: Incident, now: Date): boolean {
  const act = actWithEnd(incident);
  return act !== null && now.getTime() < coveredUntil(act) + MOST_REMINDERS * REMIND_EVERY_MS;
}

/** The fact that follows now. Null: there is none, or it is not the time. */
export function putBackFact(incident: Incident, around: Around): Fact | null {
  const act = actWithEnd(incident);
  const { now } = around;
  if (!act || !awaitsPutBack(incident, now)) return null;
  if (!hasEnded(incident) || running(incident) || putBackOwed(incident)) return null;
  const because = timeOf(incident, act, around);
  if (because === null) return null;
  const why = keepsVigil(incident, act, around);
  if (why === null) return { type: 'putback.due', data: { because } };
  const before = incident.records.filter(
    ({ type, at }) => type === 'putback.reminded' && Date.parse(at) >= Date.parse(act.since),
  );
  const last = Date.parse(before.at(-1)?.at ?? '');
  if (before.length >= MOST_REMINDERS || now.getTime() - last < REMIND_EVERY_MS) return null;
  return { type: 'putback.reminded', data: { because: why, last: before.length === MOST_REMINDERS - 1 } };
}

/** What makes it the time now. */
function timeOf(incident: Incident, act: OutOfState, around: Around): 'quiet' | 'until' | null {
  const now = around.now.getTime();
  if (now >= latestEnd(act)) return 'until';
  const { quiet_for } = act.put_back ?? {};
  const since = quiet_for === undefined ? null : quietSince(incident, act, around.others);
  const quiet =
    quiet_for !== undefined && since !== null && now >= after(new Date(since).toISOString(), quiet_for);
  return quiet ? 'quiet' : null;
}

/** Why Vigil does not put it back itself. Null: nothing keeps it. */
function keepsVigil(incident: Incident, act: OutOfState, around: Around): Reminding | null {
  const { held, leased, others, now } = around;
  if (act.put_back?.by !== 'vigil' || !act.undo) return 'agreed';
  if (act.attempt !== incident.attempt) return 'earlier';
  if (latestOf(incident, 'undo.started')) return 'failed';
  if (latestOf(incident, 'undo.refused')) return 'refused';
  if (incident.stage !== 'RESOLVED' || !latestOf(incident, 'recovery.confirmed')) return 'escalated';
  if (held) return 'held';
  if (now.getTime() >= coveredUntil(act)) return 'too_late';
  if (act.put_back.until === undefined && now.getTime() >= latestEnd(act)) return 'too_late';
  return leased || busy(incident, others) ? 'busy' : null;
}

const ofService = (incident: Incident, others: Iterable<Incident>): Incident[] =>
  [...others].filter(
    ({ key, opened }) =>
      key !== incident.key && !opened.sample && opened.service.id === incident.opened.service.id,
  );

const busy = (incident: Incident, others: Iterable<Incident>): boolean =>
  ofService(incident, others).some((other) => calmSince(other) === null);

/** Since when nothing has happened to the service. Null: something is going on. */
export function quietSince(
  incident: Incident,
  { since }: Pick<OutOfState, 'since'>,
  others: Iterable<Incident>,
): number | null {
  const times = [incident, ...ofService(incident, others)].map(calmSince);
  return times.reduce<number | null>(
    (newest, time) => (newest === null || time === null ? null : Math.max(newest, time)),
    Date.parse(since),
  );
}

/** Since when an incident is over and no alert joined it. Null: it goes on, or people have it and its alert still fires. */
function calmSince(incident: Incident): number | null {
  const { stage, latest, records, history } = incident;
  const resolved = latest['alert.resolved'];
  if (stage !== 'RESOLVED' && (stage !== 'ESCALATED' || !resolved || !standsResolved(incident))) return null;
  const ended = stage === 'RESOLVED' ? history.at(-1)?.at : resolved?.at;
  const rung = records.findLast(
    ({ type }) => type === 'incident.opened' || type === 'incident.reopened' || type === 'alert.joined',
  );
  return Math.max(Date.parse(ended ?? ''), Date.parse(rung?.at ?? ''));
}

/** The newest put-back on a service, of the last day: an alert that rings then may be of what the act had kept away. */
export function lastPutBack(incidents: Iterable<Incident>, service: string, now: Date): PutBackBefore | null {
  let newest: PutBackBefore | null = null;
  for (const { key, opened, records } of incidents) {
    if (opened.sample || opened.service.id !== service) continue;
    const due = records.findLast(({ type }) => type === 'putback.due');
    const done = records.findLast(({ type, data }) => type === 'undo.finished' && data.ok);
    const agreed = due !== undefined && done !== undefined && done.attempt === due.attempt;
    if (!agreed || now.getTime() - Date.parse(done.at) > DAY_MS) continue;
    if (newest === null || newest.at < done.at) newest = { incident: key, at: done.at };
  }
  return newest;
}
