// Finds what no webhook told: open PagerDuty incidents that are not in the ledger, alerts that have been quiet long enough,
// runs that ended. Must never open an incident for a service that is not in the inventory.

import { listOpenIncidents } from '#adapters/pagerduty';
import { incidentKey } from '#core/ledger/incident-key';
import type { Incident } from '#core/ledger/replay';
import { lookAtRuns } from './awaited-runs.ts';
import type { Desk } from './desk.ts';
import { openedFact } from './opened.ts';
import { tellWithheldTitles } from './withheld-titles.ts';
import type { World } from './world.ts';

export async function reconcile(world: World, desk: Desk): Promise<void> {
  await lookAtRuns(world, desk);
  const { settings } = await world.cachedSource();
  const open = await listOpenIncidents(world.config.pagerduty, Object.keys(settings.services));
  if (!open.ok) throw new Error(open.reason);
  for (const data of open.value) {
    const key = incidentKey(data.id);
    if (await world.ledger.find(key)) continue;
    const opened = await openedFact(world, data);
    const written = await world.ledger.append(key, (incident) =>
      incident ? { standDown: 'known' } : { facts: [opened], actor: { kind: 'app' }, at: world.now() },
    );
    if (written.ok)
      world.log.info({ incident: key }, 'found an open PagerDuty incident that no webhook told of');
    desk.wake(key);
  }
  // An alert that PagerDuty still lists is not quiet, whatever a webhook said before.
  const firing = new Set(open.value.map(({ id }) => incidentKey(id)));
  for (const incident of [...world.ledger.open()].filter(
    (candidate) => !firing.has(candidate.key) && quietSince(candidate, world) !== null,
  )) {
    await world.ledger.append(incident.key, (now) => {
      const quiet = now ? quietSince(now, world) : null;
      return quiet === null
        ? { standDown: 'no longer quiet' }
        : {
            facts: [{ type: 'alert.cleared', data: { quietSeconds: Math.round(quiet / 1000) } }],
            actor: { kind: 'app' },
            at: world.now(),
          };
    });
    desk.wake(incident.key);
  }
  await tellWithheldTitles(world, desk);
}

/** Milliseconds since somebody else resolved the alert. Null: that is not long enough ago, or a script has run. */
function quietSince(incident: Incident, { config, now }: World): number | null {
  if (
    !['TRIGGERED', 'INVESTIGATING', 'HYPOTHESIS_RECEIVED', 'CONTEXT_RETRIEVED', 'SYNTHESIZING'].includes(
      incident.stage,
    )
  )
    return null;
  const { 'alert.resolved': resolved, 'alert.joined': joined } = incident.latest;
  if (!resolved || (joined?.seq ?? 0) > resolved.seq) return null;
  const quiet = now().getTime() - Date.parse(resolved.at);
  return quiet >= config.quietMs ? quiet : null;
}
