// What GitHub told while nobody listened, found again: pull requests and merge groups without their check, pull requests that were
// opened again after their end, issues that somebody closed. It runs at start and once an hour.
// Must never stop at one that cannot be read: what is gone, moved or locked is passed over and told in the log.

import { hasCheck, openPulls, queuedGroups } from '#adapters/github/open-pulls';
import { closerOf } from '#adapters/github/pulls';
import { APPROVAL_CHECK } from '#core/gate/approval';
import { hasEnded } from '#core/ledger/lifecycle';
import { closedIssue } from './closed-issue.ts';
import type { Desk } from './desk.ts';
import { judgeGroup, judgePull } from './foreign-pulls.ts';
import { closeLeft, isLeft } from './left-pulls.ts';
import { incidentOfPull } from './of-number.ts';
import type { World } from './world.ts';

export async function sweepPulls(world: World, desk: Pick<Desk, 'wake'>): Promise<void> {
  const { repo, log } = world;
  await world.ledger.refresh();
  const each = async <T>(what: string, all: readonly T[], look: (one: T) => Promise<void>): Promise<void> => {
    for (const one of all)
      await look(one).catch((error: Error) =>
        log.warn({ [what]: one, reason: error.message }, 'it was passed over'),
      );
  };
  await each('pull', await openPulls(repo), async ({ number, head, base, proposal, updatedAt }) => {
    const incident = proposal ? await incidentOfPull(world, number) : null;
    if (incident && isLeft(incident, number)) return closeLeft(world, incident, number, updatedAt);
    if (incident) return desk.wake(incident.key);
    if (!proposal && !(await hasCheck(repo, head, APPROVAL_CHECK)))
      await judgePull(world, { number, head, base });
  });
  await each('group', await queuedGroups(repo), async ({ ref, sha }) => {
    if (!(await hasCheck(repo, sha, APPROVAL_CHECK))) await judgeGroup(world, ref, sha);
  });
  const going = [...world.ledger.open()].filter(({ opened }) => !opened.sample);
  await each('incident', going, async (incident) => {
    if (hasEnded(incident) || !incident.issue) return;
    const { by, own, at } = await closerOf(repo, incident.issue.number);
    if (at !== '' && !own)
      await closedIssue(world, desk, incident.issue.number, { by: by ?? 'somebody', at });
  });
}
