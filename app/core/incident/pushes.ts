// The pushes and withdrawals of an attempt: when people were asked again, and who pushed to the branch under review.
// Must never believe a commit about who pushed it: a commit can name anybody.
import type { FactDataOf } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';

/** Who pushed on top of Vigil's own commit, or why that is not known. */
export type Pushers = { known: true; logins: readonly string[] } | { known: false; reason: string };

const attemptOf = (incident: Incident) =>
  incident.records.filter((record) => record.attempt === incident.attempt);

/** The newest withdrawal of this attempt: since when people are asked again (ISO), and why. */
export function askedAnew(incident: Incident): { at: string; reason: string } | null {
  const record = attemptOf(incident).findLast(({ type }) => type === 'remediation.withdrawn');
  return record?.type === 'remediation.withdrawn' ? { at: record.at, reason: record.data.reason } : null;
}

/** The attempt's pull request as the ledger last knew it, even if its proposal was withdrawn. */
export function lastPull(incident: Incident): FactDataOf<'pull.opened'> | null {
  const record = attemptOf(incident).findLast(({ type }) => type === 'pull.opened');
  return record?.type === 'pull.opened' ? record.data : null;
}

/** The head of that pull request. The next proposal of the attempt goes on top of it. */
export function lastHead(incident: Incident): string | null {
  return lastPull(incident)?.head ?? null;
}

/** The pull request that the attempt before left open when the incident moved to another service. Null: there is none. */
export function leftPull({ records, latest, attempt }: Incident): number | null {
  if (!latest['incident.moved']) return null;
  const before = records.filter((record) => record.attempt === attempt - 1);
  const pull = before.findLast(({ type }) => type === 'pull.opened');
  const merged = before.some(({ type }) => type === 'pull.merged');
  return pull?.type === 'pull.opened' && !merged ? pull.data.number : null;
}

/** Whether somebody pushed after the present proposal was made. Then the branch may hold other bytes. */
export function pushedSince(incident: Incident): boolean {
  const records = attemptOf(incident);
  const proposed = records.findLast(({ type }) => type === 'remediation.proposed')?.seq ?? 0;
  return records.some(({ type, seq }) => type === 'pull.pushed' && seq > proposed);
}

/**
 * Everybody who pushed between a commit of Vigil's own and this head, by GitHub's events. If one event is missing, it is
 * not known who wrote what is under review, and then nobody's review may count.
 */
export function pushersOf(incident: Incident, head: string): Pushers {
  const own = new Set<string>();
  const pushes = new Map<string, { by: string; before: string }[]>();
  let pushed = false;
  for (const record of attemptOf(incident)) {
    if (record.type === 'remediation.proposed') pushed = record.data.pushed !== undefined;
    if (record.type === 'pull.opened' && !pushed) own.add(record.data.head);
    if (record.type === 'pull.pushed')
      pushes.set(record.data.head, [...(pushes.get(record.data.head) ?? []), record.data]);
  }
  const logins = new Set<string>();
  // A commit may have been pushed by several people, from several others: all of them count.
  const ahead = [head];
  const seen = new Set<string>();
  let begun = false;
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
    begun ||= own.has(at);
    if (own.has(at) || seen.has(at)) continue;
    seen.add(at);
    const known = pushes.get(at);
    if (!known) return { known: false, reason: `GitHub has not told who pushed ${at.slice(0, 7)}` };
    for (const { by, before } of known) {
      logins.add(by);
      ahead.push(before);
    }
  }
  // Pushes that lead from one to the other and never from a commit of Vigil's tell nothing of how it began.
  if (!begun) return { known: false, reason: `GitHub has not told who pushed ${head.slice(0, 7)}` };
  return { known: true, logins: [...logins] };
}

/** Whether a pull request belongs to this incident, also when its proposal was withdrawn. */
export function isPullOf(incident: Incident, number: number): boolean {
  return incident.records.some((record) => record.type === 'pull.opened' && record.data.number === number);
}
