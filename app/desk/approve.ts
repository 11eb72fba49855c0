// Looks whether an open proposal may go ahead. First it checks what the proposal is bound to, then the conditions of the
// auto lane, or people's reviews as GitHub has them now. Must never believe a webhook: it reads the pull request itself.

import type { Source } from '#adapters/git/source';
import { type PullFacts, readPull } from '#adapters/github/reviews';
import type { Decision } from '#core/decision';
import { autoLane, type HumanInput, humanLane } from '#core/gate/approval';
import { closedNow } from '#core/gate/closed-now';
import { discounted } from '#core/gate/discounted';
import { matchOf } from '#core/gate/judgement';
import { isOfThese, objections } from '#core/gate/reviews';
import { askAnew, type Now, superseded } from '#core/gate/superseded';
import { autoRunsSince } from '#core/incident/budget';
import { isDoubtful } from '#core/incident/heard';
import { holdOn } from '#core/incident/hold';
import { askedAnew, committersOf, headsOf, lastPull, pushedSince, pushersOf } from '#core/incident/pushes';
import type { Fact, Judged } from '#core/ledger/facts';
import { remediationFolder } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { mergedInto, turnedTo } from '#core/messages/github-answers';
import { mayRunAlone } from '#core/proposal/model/answer-lane';
import { trustOf } from '#core/trust/drift';
import type { Told } from '#core/trust/summary';
import { delayNews } from './delay-news.ts';
import { closedPull } from './left-pulls.ts';
import { unknownPusher } from './lost-pushes.ts';
import { takeOver } from './take-over.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;

/** The facts that follow from the present state of an open proposal. Empty: nothing new. */
export async function observePull(world: World, incident: Incident): Promise<Fact[]> {
  const facts = await observe(world, incident, world.cachedSource);
  // Before an approval is written, everything is looked at again with main as it is now, not two seconds ago.
  return facts.some(({ type }) => type === 'remediation.approved')
    ? observe(world, incident, world.source)
    : facts;
}

async function observe(world: World, incident: Incident, read: World['source']): Promise<Fact[]> {
  const pull = latestOf(incident, 'pull.opened');
  const judged = latestOf(incident, 'remediation.judged');
  const before = lastPull(incident);
  if (incident.stage === 'SYNTHESIZING' && !pull && before && pushedSince(incident)) {
    // The old bytes were proposed again while somebody pushed. So the pushed bytes are under review now.
    const now = await readPull(world.repo, before.number);
    if (now.head !== before.head) return takeOver(world, incident, now);
  }
  // After the merge there is nothing left to review. The gate in front of the run decides.
  if (incident.stage !== 'SYNTHESIZING' || !judged || latestOf(incident, 'pull.merged')) return [];
  const source = await read();
  const current = { ...source, policy: world.policy };
  if (!pull) return superseded(incident, current);
  const seen = await readPull(world.repo, pull.number);
  if (seen.state === 'closed' && !seen.merged) return closedPull(world, pull.number);
  if (seen.base !== world.repo.branch) return turned(incident, seen, current);
  if (seen.head !== pull.head) return takeOver(world, incident, seen);
  const folder = `${remediationFolder(incident.key)}/`;
  if (!seen.whole || seen.files.some((file) => !file.startsWith(folder))) return [outside()];
  const input = reviewed(world, incident, judged, seen, source);
  const objection = objections(seen.reviews).find((review) => isOfThese(input, review));
  if (objection) return [rejected(objection.login, 'changes requested in a review')];
  if (!seen.merged) {
    const gone = superseded(incident, current);
    if (gone.length > 0) return gone;
  }
  const approved = latestOf(incident, 'remediation.approved');
  if (approved && seen.merged) return [];
  const closed = closedNow(incident, judged, await around(world, source));
  const news = seen.merged ? [] : delayNews(incident, seen.draft, closed);
  if (approved) {
    const gone = await revoked(world, incident, judged, seen, source);
    return gone.length > 0 ? gone : news;
  }
  const granted = seen.draft || closed !== null ? [] : await grant(world, incident, judged, seen, source);
  if (granted.length > 0 || seen.merged) return [...news, ...granted];
  const found = await unknownPusher(world, incident);
  return [...news, ...(found.length > 0 ? found : discounted(incident, input))];
}

/** Somebody turned the pull request to another branch: it is proposed anew for the default branch, and asked again. */
function turned(incident: Incident, { base, merged }: PullFacts, current: Now): Fact[] {
  if (!merged) return askAnew(incident, current, turnedTo(base));
  return [{ type: 'incident.escalated', data: { code: 'bytes_changed', reason: mergedInto(base) } }];
}

function outside(): Fact {
  const reason = 'the pull request changes files outside the incident’s folder';
  return { type: 'incident.escalated', data: { code: 'bytes_changed', reason } };
}

function rejected(by: string, reason: string): Fact {
  return { type: 'remediation.rejected', data: { by, reason } };
}

type Lanes = { auto: Decision; human: ReturnType<typeof humanLane> };

/** The present decision of both lanes. */
export function lanes(
  world: World,
  incident: Incident,
  judged: Judged,
  seen: PullFacts,
  { settings, runbooks }: Source,
  past: readonly Told[],
): Lanes {
  const now = world.now();
  const proposal = latestOf(incident, 'remediation.proposed');
  const runbook = runbooks.find((candidate) => candidate.id === proposal?.runbook?.id) ?? null;
  return {
    auto: autoLane({
      judged,
      runbook,
      match: matchOf(incident, runbook),
      rehearsed: latestOf(incident, 'remediation.rehearsed') !== null,
      settings,
      held: holdOn(world.ledger.held(), incident) !== null,
      runsToday: autoRunsSince(world.ledger.open(), now),
      eligible: proposal !== null && mayRunAlone(proposal, runbook),
      doubtful: isDoubtful(incident),
      trust: trustOf(past, runbook?.block ?? null, settings.auto.confidence, now),
    }),
    human: humanLane(reviewed(world, incident, judged, seen, { settings })),
  };
}

/** What is asked of reviews: which bytes, by whom, since when. */
function reviewed(
  world: World,
  incident: Incident,
  judged: Judged,
  seen: PullFacts,
  { settings }: Pick<Source, 'settings'>,
): HumanInput & { hours: number } {
  const { head, author, commits, reviews } = seen;
  return {
    judged,
    pull: { head, author, committers: committersOf(incident, head, commits) },
    reviews,
    heads: headsOf(incident, judged.digest),
    settings,
    hours: settings.approval.expires_hours,
    pushers: pushersOf(incident, head),
    asked: askedAnew(incident)?.at ?? null,
    now: world.now(),
  };
}

const around = async (world: World, { settings }: Source): Promise<Parameters<typeof closedNow>[2]> => ({
  ...{ settings, past: await world.ledger.past() },
  now: world.now(),
});

async function grant(
  world: World,
  incident: Incident,
  judged: Judged,
  seen: PullFacts,
  source: Source,
): Promise<Fact[]> {
  const { auto, human } = lanes(world, incident, judged, seen, source, await world.ledger.past());
  const approved = (lane: 'auto' | 'human', by: string[], since: string): Fact => {
    const until = new Date(Date.parse(since) + source.settings.approval.expires_hours * HOUR_MS);
    const expires = until.toISOString();
    return {
      type: 'remediation.approved',
      data: { lane, digest: judged.digest, head: seen.head, by, expires },
    };
  };
  if (judged.lane === 'auto' && auto.ok) return [approved('auto', [], world.now().toISOString())];
  return human.decision.ok ? [approved('human', human.by, human.since)] : [];
}

/** Before the merge, Vigil asks again when the approval has expired or was taken back. */
async function revoked(
  world: World,
  incident: Incident,
  judged: Judged,
  seen: PullFacts,
  source: Source,
): Promise<Fact[]> {
  const approved = latestOf(incident, 'remediation.approved');
  if (!approved) return [];
  if (Date.parse(approved.expires) <= world.now().getTime())
    return askAnew(incident, source, `the approval expired at ${approved.expires}`);
  if (approved.lane === 'auto') return [];
  const { decision } = lanes(world, incident, judged, seen, source, await world.ledger.past()).human;
  return decision.ok ? [] : askAnew(incident, source, `the approval no longer holds: ${decision.reason}`);
}
