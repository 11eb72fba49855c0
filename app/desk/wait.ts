// Who waits for a root-cause tool: the app does, for a bounded time, so that no runner has to.
// Must never wait where no author is configured, nor longer than was set; a tool that is silent only costs that time.
import { listNotes } from '#adapters/pagerduty';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Settings } from '#core/settings';
import type { World } from './world.ts';

/** Whether the investigation should still wait for a finding: none by an allow-listed author yet, and time is left. */
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
  // What cannot be read may still come; the deadline ends it.
  if (!notes.ok) return true;
  return !notes.value.some(({ user }) => settings.rca.authors.includes(user?.id ?? ''));
}
