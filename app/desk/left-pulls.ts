// A proposal's pull request that was closed by somebody whose word ends nothing, and one that was opened again after its end.
// Must never open again what a person with write access closed, and never leave open what nobody decides on any more.

import { commentOnce, ownComments } from '#adapters/github/comments';
import { closePullOnce, closerOf, openPullAgain } from '#adapters/github/pulls';
import { permissionOf } from '#adapters/github/reviews';
import { mayWrite } from '#core/gate/people';
import type { Fact } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { closedAgain, openedAgain } from '#core/messages/left-pulls';
import type { World } from './world.ts';

/** So often people are answered on one pull request; after that it is only put right. */
const ANSWERS = 5;
const CLOSED = '<!-- vigil:closed-again ';
const OPENED = '<!-- vigil:opened-again ';

/**
 * What follows when a proposal's pull request is closed. A bot, or a person who may not write, ends nothing: it is opened again. Looks
 * first, so that it can be repeated; where GitHub does not tell who closed it, it is closed for good.
 */
export async function closedPull(world: World, number: number): Promise<Fact[]> {
  const { repo } = world;
  const closed = await closerOf(repo, number);
  const rejected = (reason: string): Fact[] => [
    { type: 'remediation.rejected', data: { by: 'github', reason } },
  ];
  const counts =
    closed.by === null || (!closed.bot && mayWrite(await permissionOf(repo, closed.by))) || closed.own;
  if (counts) return rejected('the pull request was closed');
  // Its branch may be gone, and then nothing can be opened again.
  if (!(await openPullAgain(repo, number)))
    return rejected('the pull request was closed, and its branch is gone');
  await answer(world, number, OPENED, closed.at, openedAgain(closed.by ?? 'somebody'));
  return [];
}

/** Whether nobody decides on this pull request of the incident's any more. */
export function isLeft(incident: Incident, number: number): boolean {
  return hasEnded(incident) || latestOf(incident, 'pull.opened')?.number !== number;
}

/** Closes a pull request of a proposal that has ended, and says why. `at` tells one opening from the next. */
export async function closeLeft(world: World, incident: Incident, number: number, at: string): Promise<void> {
  await closePullOnce(world.repo, number);
  await answer(world, number, CLOSED, at, closedAgain(incident, number));
}

async function answer(
  { repo, log }: World,
  number: number,
  kind: string,
  at: string,
  words: string,
): Promise<void> {
  const marker = `${kind}${at} -->`;
  const said = (await ownComments(repo, number)).filter((body) => body.includes(kind));
  if (said.length >= ANSWERS) return;
  await commentOnce(repo, number, `${words}\n${marker}`, marker).catch((error: Error) =>
    log.warn({ pull: number, reason: error.message }, 'nobody could be answered on a pull request'),
  );
}
