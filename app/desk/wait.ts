// The app waits for a root-cause tool, for a limited time, so that no runner has to wait.
// Must never wait when no author is configured, and never longer than was set. A silent tool costs only that time.
import { listNotes } from '#adapters/pagerduty';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Settings } from '#core/settings';
import type { World } from './world.ts';

/** Whether the investigation should still wait: no author on the allow list has written yet, and there is time left. */
export async function waitsForFinding(
  world: Pick<World, 'now'> & {
    config: Pick<World['config'], 'pagerduty' | 'rcaWaitMs'>;
    cachedSource(): Promise<{ settings: Pick<Settings, 'rca'> }>;
  },
  incident: Incident,
): Promise<boolean> {
  if (incident.stage !== 'TRIGGERED' || latestOf(incident, 'investigation.started')) return false;
  const end = Date.parse(incident.openedAt) + world.config.rcaWaitMs;
  if (world.now().getTime() >= end) return false;
  const { settings } = await world.cachedSource();
  if (settings.rca.authors.length === 0) return false;
  const notes = await listNotes(world.config.pagerduty, incident.opened.pagerduty.id);
  // Notes that cannot be read now may be readable later. The deadline ends the wait.
  if (!notes.ok) return true;
  return !notes.value.some(({ user }) => settings.rca.authors.includes(user?.id ?? ''));
}
