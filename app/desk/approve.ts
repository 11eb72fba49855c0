// Looks whether an open proposal may go ahead: the auto lane's conditions again, or people's reviews as GitHub has them now.
// Must never take a webhook's word: it reads the pull request itself.
import { type PullFacts, readPull } from '#adapters/reviews';
import { autoLane, humanLane } from '#core/approval';
import type { Fact } from '#core/facts';
import { holdOn } from '#core/hold';
import type { Judged } from '#core/judgement';
import { type Incident, known } from '#core/replay';
import { autoRunsSince } from './judge.ts';
import { takeOver } from './take-over.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;

/** Facts that follow from how an unapproved pull request stands; an empty list means: nothing new. */
export async function observePull(world: World, incident: Incident): Promise<Fact[]> {
  return known(incident, 'remediation.approved') ? [] : lookAtPull(world, incident);
}

/** The same for one that is approved already: its bytes may have changed since. */
export async function lookAtPull(world: World, incident: Incident): Promise<Fact[]> {
  const pull = known(incident, 'pull.opened');
  const judged = known(incident, 'remediation.judged');
  if (incident.stage !== 'SYNTHESIZING' || !pull || !judged) return [];
  const seen = await readPull(world.repo, pull.number);
  if (seen.state === 'closed' && !seen.merged) return [rejected('github', 'the pull request was closed')];
  if (seen.head !== pull.head) return takeOver(world, incident, seen);
  const objection = seen.reviews.find(
    ({ state, commit, permission }) =>
      state === 'CHANGES_REQUESTED' &&
      commit === seen.head &&
      ['write', 'maintain', 'admin'].includes(permission),
  );
  if (objection) return [rejected(objection.login, 'changes requested in a review')];
  return known(incident, 'remediation.approved') ? [] : grant(world, incident, judged, seen);
}

function rejected(by: string, reason: string): Fact {
  return { type: 'remediation.rejected', data: { by, reason } };
}

async function grant(world: World, incident: Incident, judged: Judged, seen: PullFacts): Promise<Fact[]> {
  const { settings, runbooks } = await world.source();
  const now = world.now();
  const expires = new Date(now.getTime() + settings.approval.expires_hours * HOUR_MS).toISOString();
  const approved = (lane: 'auto' | 'human', by: string[]): Fact => ({
    type: 'remediation.approved',
    data: { lane, digest: judged.digest, head: seen.head, by, expires },
  });
  if (judged.lane === 'auto') {
    const proposal = known(incident, 'remediation.proposed');
    const runbook = runbooks.find((candidate) => candidate.id === proposal?.runbook?.id) ?? null;
    const matches = known(incident, 'context.retrieved')?.matches ?? [];
    const auto = autoLane({
      judged,
      runbook,
      match: matches.find((candidate) => candidate.runbook === runbook?.id)?.score ?? 0,
      rehearsed: known(incident, 'remediation.rehearsed') !== null,
      settings,
      held: holdOn(world.ledger.all(), incident.key) !== null,
      runsToday: autoRunsSince(world, now),
      eligible: proposal?.by === 'runbook',
    });
    if (auto.ok) return [approved('auto', [])];
  }
  const human = humanLane({ judged, pull: seen, reviews: seen.reviews, settings });
  return human.decision.ok ? [approved('human', human.by)] : [];
}
