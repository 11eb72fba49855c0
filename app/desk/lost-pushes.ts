// Pushes to a proposal's branch that no event told of: GitHub tells of each once, and nobody may have been listening. Its list of a
// repository's activity names who pushed, as the event would have. When it does not, Vigil's own bytes take their place.
// Must never believe a commit about who pushed it.
import { activityOf } from '#adapters/github/activity';
import { ownAgain } from '#core/incident/own-bytes';
import { lastPull, pushersOf } from '#core/incident/pushes';
import type { Fact } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { nobodyKnown } from '#core/messages/pushes';
import type { World } from './world.ts';

export type Pushed = Extract<Fact, { type: 'pull.pushed' }>;

/** So many sweeps GitHub may take to tell who pushed. */
const SWEEPS = 20;

/** What GitHub's list knows of pushes by others that the ledger does not, oldest first. */
export async function lostPushes(world: World, incident: Incident, branch: string): Promise<Pushed[]> {
  const own = `${world.repo.appSlug}[bot]`;
  const known = new Set(
    incident.records.flatMap((record) =>
      record.type === 'pull.pushed' && record.attempt === incident.attempt
        ? [`${record.data.head} ${record.data.by}`]
        : [],
    ),
  );
  // Without the list it is not known who pushed; that is no reason not to look at the rest.
  const told = await activityOf(world.repo, branch).catch((error: Error) => {
    world.log.warn(
      { incident: incident.key, reason: error.message },
      'GitHub’s list of activity was not read',
    );
    return [];
  });
  return told
    .filter(({ by, head }) => by !== own && !known.has(`${head} ${by}`))
    .map((data) => ({ type: 'pull.pushed', data }));
}

/** For a head of which it is not known who pushed it: asks GitHub, and after a while goes back to Vigil's own bytes. */
export async function unknownPusher(world: World, incident: Incident): Promise<Fact[]> {
  const pull = lastPull(incident);
  if (!pull || !latestOf(incident, 'remediation.proposed')?.pushed) return [];
  if (pushersOf(incident, pull.head).known) return [];
  const found = await lostPushes(world, incident, pull.branch);
  if (found.length > 0) return found;
  const since = incident.latest['pull.opened']?.at ?? '';
  if (world.now().getTime() - Date.parse(since) < SWEEPS * world.config.sweepMs) return [];
  return ownAgain(incident, nobodyKnown(pull.head), { by: null, head: pull.head, bytes: 'unknown' });
}
