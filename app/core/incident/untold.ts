// What became of telling people: what a place refused for good, what is still owed to one that is away, and since when.
// Must never look at anything but the ledger, and never count the renewal of a claim as a new beginning.
import type { Incident } from '#core/ledger/replay';

/** After so many failures in a row, about two minutes, an outage is worth a word on the issue. */
const WORTH_A_WORD = 8;

export type Place = 'issue' | 'slack' | 'pagerduty';
const placeOf = (effect: string): string => effect.split('.')[0] ?? '';

type End = { seq: number; at: string; effect: string; failed: { reason: string; final: boolean } | null };

/** Records about the ends of effects in this attempt, oldest first. */
function ends({ records, attempt }: Incident): End[] {
  return records.flatMap(({ seq, at, attempt: of, type, data }): End[] => {
    if (of !== attempt || (type !== 'effect.done' && type !== 'effect.failed')) return [];
    const failed = type === 'effect.failed' ? { reason: data.reason, final: data.final } : null;
    return [{ seq, at, effect: data.effect, failed }];
  });
}

/** Why a place was not told the last time, when it refused for good. Null: it was told, or nobody has tried yet. */
export function refusedBy(incident: Incident, place: Place, effects: RegExp = /./): string | null {
  const last = ends(incident)
    .filter(
      ({ effect, failed }) => placeOf(effect) === place && effects.test(effect) && failed?.final !== false,
    )
    .at(-1);
  return last?.failed?.reason ?? null;
}

/** How often an effect failed without being done or given up, and since when. */
export function failingSince(incident: Incident, name: string): { count: number; since: string } | null {
  const own = ends(incident).filter(({ effect }) => effect === name);
  const failed = own.filter(({ failed: how }) => how !== null && !how.final);
  const [first] = failed;
  if (!first || own.length > failed.length) return null;
  return { count: failed.length, since: first.at };
}

/** Whether people need not wait for it any longer: it fails for so long that the rest goes on without it. */
export function isOwedForLong(incident: Incident, name: string): boolean {
  return (failingSince(incident, name)?.count ?? 0) >= WORTH_A_WORD;
}

/**
 * The newest record that is news about telling itself: the first refusal of Slack or PagerDuty, and the end of an outage that the
 * issue may speak of. 0: there is none.
 */
export function newestOfTelling(incident: Incident): number {
  let newest = 0;
  const refusing = new Set<string>();
  const failures = new Map<string, number>();
  for (const { seq, effect, failed } of ends(incident)) {
    const place = placeOf(effect);
    if (place !== 'slack' && place !== 'pagerduty') continue;
    if (failed && !failed.final) failures.set(effect, (failures.get(effect) ?? 0) + 1);
    else if (failed) {
      if (!refusing.has(place)) newest = seq;
      refusing.add(place);
    } else {
      if (refusing.delete(place) || (failures.get(effect) ?? 0) >= WORTH_A_WORD) newest = seq;
    }
  }
  return newest;
}

/** The number of the record with which the newest performance of one of these effects began. 0: none was claimed. */
export function newestBeginning(incident: Incident, names: readonly string[]): number {
  let newest = 0;
  const owners = new Map<string, string>();
  for (const { seq, type, data } of incident.records) {
    if (type === 'effect.done' || type === 'effect.failed') owners.delete(data.effect);
    if (type !== 'effect.claimed') continue;
    if (names.includes(data.effect) && owners.get(data.effect) !== data.owner) newest = seq;
    owners.set(data.effect, data.owner);
  }
  return newest;
}
