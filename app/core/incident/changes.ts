// What scripts changed lately, off the ledger's records: each change with its target and the moment its script began.
// Must never leave out a change because nobody saw its end: only a script that is known not to have run changed nothing.
import type { Judged } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import type { Change } from '#core/policy/cool-down';
import { ranNothing } from './outcome.ts';

/**
 * Of all attempts, fix and undo alike, oldest first. A sealed incident is left out: its last record is older than a day, which is as far
 * back as a rule may look. Made-up history changed nothing.
 */
export function changesIn(incidents: Iterable<object>): Change[] {
  return [...incidents].filter(isIncident).flatMap(changesOf);
}

/** What a sealed incident left has no records. */
const isIncident = (told: object): told is Incident => 'records' in told;

function changesOf({ key, opened, records }: Incident): Change[] {
  if (opened.sample) return [];
  let changes: Change[] = [];
  let [service, effects]: [string, Judged['effects'] | null] = ['', null];
  let newest: Change[] = [];
  for (const record of records) {
    if (record.type === 'remediation.proposed') [service, effects] = [record.data.target, null];
    else if (record.type === 'remediation.judged') effects = record.data.effects;
    else if (record.type === 'remediation.started' || record.type === 'undo.started') {
      // Without a judgement it is not known what is changed. One without effects is of a script that only looks.
      const changed = effects?.filter(({ kind }) => kind !== 'read').map(({ target }) => target) ?? [null];
      newest = [...new Set(changed)].map((target) => ({ incident: key, service, target, at: record.at }));
      changes = [...changes, ...newest];
    } else if (
      (record.type === 'remediation.finished' || record.type === 'undo.finished') &&
      ranNothing(record.data)
    )
      changes = changes.filter((one) => !newest.includes(one));
  }
  return changes;
}
