// What keeps an approved proposal from being merged now. Must never be taken for a hold or an approval: it only tells people.
import { type Incident, latestOf } from '#core/ledger/replay';

/** What the merge waits for, in words. Null: nothing that is known. */
export function delayOf(incident: Incident): string | null {
  if (incident.stage !== 'SYNTHESIZING' || latestOf(incident, 'pull.merged')) return null;
  return latestOf(incident, 'merge.delayed')?.reason ?? null;
}
