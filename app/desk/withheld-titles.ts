// Titles that were withheld because the privacy service did not answer. They are fetched again, and told when it answers.
// Must never write or keep a title that was not cleaned.
import { incidentTitle } from '#adapters/pagerduty';
import { cut } from '#core/text/cut';
import type { Desk } from './desk.ts';
import { cleanTitle } from './opened.ts';
import type { World } from './world.ts';

/** One pass over all incidents without a title. The first refusal ends it, because the next would be the same. */
export async function tellWithheldTitles(world: World, desk: Pick<Desk, 'wake'>): Promise<void> {
  for (const { key, opened } of [...world.ledger.open()].filter((incident) => incident.opened.withheld)) {
    const raw = await incidentTitle(world.config.pagerduty, opened.pagerduty.id);
    if (!raw.ok) continue;
    const title = await cleanTitle(world, { id: opened.pagerduty.id, title: raw.value });
    if (title === null) return;
    await world.ledger.append(key, (incident) =>
      incident?.opened.withheld
        ? {
            facts: [{ type: 'alert.described', data: { title: cut(title, 500) } }],
            actor: { kind: 'app' },
            at: world.now(),
          }
        : { standDown: 'told already' },
    );
    desk.wake(key);
  }
}
