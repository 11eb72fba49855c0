// Titles that were withheld because the privacy service did not answer: asked for again and told once it does.
// Must never write a title down that was not cleaned, and never keep one anywhere until it is.
import { incidentTitle } from '#adapters/pagerduty';
import { cleanTitle } from '../webhooks/pagerduty.ts';
import type { Desk } from './desk.ts';
import type { World } from './world.ts';

/** One round over all incidents whose title is missing; the first refusal ends it, since the next would be the same. */
export async function tellWithheldTitles(world: World, desk: Pick<Desk, 'wake'>): Promise<void> {
  for (const { key, opened } of [...world.ledger.open()].filter((incident) => incident.opened.withheld)) {
    const raw = await incidentTitle(world.config.pagerduty, opened.pagerduty.id);
    if (!raw.ok) continue;
    const title = await cleanTitle(world, { id: opened.pagerduty.id, title: raw.value });
    if (title === null) return;
    await world.ledger.append(key, (incident) =>
      incident?.opened.withheld
        ? {
            facts: [{ type: 'alert.described', data: { title: title.slice(0, 500) } }],
            actor: { kind: 'app' },
            at: world.now(),
          }
        : { standDown: 'told already' },
    );
    desk.wake(key);
  }
}
