// The budget of the auto lane: how many runs it has started lately. Must never count sample history.
import { type Incident, latestOf } from '#core/ledger/replay';

const DAY_MS = 86_400_000;

/** How many runs the auto lane started in the last 24 hours. */
export function autoRunsSince(incidents: Iterable<Incident>, now: Date): number {
  const since = now.getTime() - DAY_MS;
  return [...incidents].filter(
    (incident) =>
      !incident.opened.sample &&
      latestOf(incident, 'remediation.approved')?.lane === 'auto' &&
      Date.parse(incident.latest['remediation.started']?.at ?? '1970-01-01T00:00:00Z') > since,
  ).length;
}
