// Looks whether an open proposal may go ahead: the auto lane's conditions again, or people's reviews as GitHub has them now.
// Must never take a webhook's word: it reads the pull request itself.

import { readPull } from '#adapters/reviews';
import { autoLane, humanLane } from '#core/approval';
import type { Fact } from '#core/facts';
import { type Incident, known } from '#core/replay';
import { autoRunsSince } from './judge.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;

/** Facts that follow from how the pull request stands; an empty list means: nothing new. */
export async function observePull(world: World, incident: Incident): Promise<Fact[]> {
  const pull = known(incident, 'pull.opened');
  const judged = known(incident, 'remediation.judged');
  if (incident.stage !== 'SYNTHESIZING' || !pull || !judged || known(incident, 'remediation.approved'))
    return [];
  const { settings, runbooks } = await world.source();
  const now = world.now();
  const seen = await readPull(world.repo, pull.number);
  if (seen.state === 'closed' && !seen.merged)
    return [{ type: 'remediation.rejected', data: { by: 'github', reason: 'the pull request was closed' } }];
  if (seen.head !== pull.head) {
    return [
      {
        type: 'remediation.withdrawn',
        data: {
          reason: `its bytes changed: head ${seen.head.slice(0, 7)} instead of ${pull.head.slice(0, 7)}`,
        },
      },
      {
        type: 'incident.escalated',
        data: { code: 'bytes_changed', reason: 'Somebody pushed to the proposal after it was made.' },
      },
    ];
  }
  const objection = seen.reviews.find(
    (review) =>
      review.state === 'CHANGES_REQUESTED' &&
      review.commit === seen.head &&
      ['write', 'maintain', 'admin'].includes(review.permission),
  );
  if (objection)
    return [
      {
        type: 'remediation.rejected',
        data: { by: objection.login, reason: 'changes requested in a review' },
      },
    ];
  const grant = (lane: 'auto' | 'human', by: string[]): Fact => ({
    type: 'remediation.approved',
    data: {
      lane,
      digest: judged.digest,
      head: pull.head,
      by,
      expires: new Date(now.getTime() + settings.approval.expires_hours * HOUR_MS).toISOString(),
    },
  });
  if (judged.lane === 'auto') {
    const proposal = known(incident, 'remediation.proposed');
    const runbook = runbooks.find((candidate) => candidate.id === proposal?.runbook?.id) ?? null;
    const match =
      known(incident, 'context.retrieved')?.matches.find((candidate) => candidate.runbook === runbook?.id)
        ?.score ?? 0;
    const auto = autoLane({
      judged,
      runbook,
      match,
      rehearsed: true,
      settings,
      held: false,
      runsToday: autoRunsSince(world, now),
      eligible: proposal?.by === 'runbook',
    });
    if (auto.ok) return [grant('auto', [])];
  }
  const human = humanLane({ judged, pull: seen, reviews: seen.reviews, settings });
  return human.decision.ok ? [grant('human', human.by)] : [];
}
