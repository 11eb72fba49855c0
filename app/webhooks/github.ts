// GitHub's events: hints that something changed. Most only wake the desk, which reads GitHub itself. A push to a proposal is
// also written down, since nothing else tells who pushed. Must never act on a payload's text. Must never do more with other
// pull requests than post their check.

import { postCheckOnce } from '#adapters/github/api';
import { readPull } from '#adapters/github/reviews';
import { APPROVAL_CHECK } from '#core/gate/approval';
import { delayOf } from '#core/incident/merging';
import { isPullOf } from '#core/incident/pushes';
import { parseFact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { foreignCheck } from '#core/messages/pull';
import { runEnded } from '../desk/awaited-runs.ts';
import type { Desk } from '../desk/desk.ts';
import type { World } from '../desk/world.ts';
import type { Listener } from './own-events.ts';

async function incidentOfPull({ ledger }: World, number: number): Promise<Incident | null> {
  const own = (incident: Incident): boolean => isPullOf(incident, number);
  return [...ledger.open()].find(own) ?? (await ledger.numbered(number)).find(own) ?? null;
}

/** Pull requests that are not Vigil's proposals get their check at once, so that the required check blocks nobody. */
async function judgeForeignPull(world: World, number: number): Promise<void> {
  const pull = await readPull(world.repo, number);
  const inside = pull.files.filter((file) => file.startsWith('remediations/'));
  const some = inside.length === 0 ? 'outside' : inside.length < pull.files.length ? 'mixed' : 'unknown';
  const kind = pull.whole ? some : 'large';
  await postCheckOnce(world.repo, {
    name: APPROVAL_CHECK,
    head: pull.head,
    conclusion: kind === 'outside' ? 'success' : 'failure',
    externalId: `pull:${number}:${pull.head}`,
    ...foreignCheck[kind],
  });
}

/** The branches of Vigil's own proposals. */
const ours = /^vigil\/pd-[a-z0-9]+\/\d+$/;

export function registerGitHubEvents(app: Listener, world: World, desk: Desk): void {
  app.on(['pull_request.opened', 'pull_request.reopened'], async ({ payload }) => {
    const { number, head } = payload.pull_request;
    if (!ours.test(head.ref)) return judgeForeignPull(world, number);
    const incident = await incidentOfPull(world, number);
    if (incident) desk.wake(incident.key);
  });
  app.on('pull_request.synchronize', async ({ payload }) => {
    const { number, before, after, sender, pull_request } = payload;
    if (!ours.test(pull_request.head.ref)) return judgeForeignPull(world, number);
    await notePush(world, desk, number, { by: sender.login, head: after, before });
  });
  app.on('push', async ({ payload }) => {
    // Something that an open proposal is bound to may have changed.
    if (payload.ref !== `refs/heads/${world.repo.branch}`) return;
    await Promise.all([world.ledger.refresh(), world.source()]);
    for (const { key, stage } of world.ledger.open()) if (stage === 'SYNTHESIZING') desk.wake(key);
  });
  app.on(
    ['pull_request_review.submitted', 'pull_request_review.dismissed', 'pull_request.closed'],
    async ({ payload }) => {
      await world.ledger.refresh();
      const incident = await incidentOfPull(world, payload.pull_request.number);
      if (incident) desk.wake(incident.key);
    },
  );
  app.on(
    ['pull_request.converted_to_draft', 'pull_request.ready_for_review', 'pull_request.edited'],
    async ({ payload }) => {
      const incident = await incidentOfPull(world, payload.pull_request.number);
      if (incident) desk.wake(incident.key, true);
    },
  );
  app.on(['check_suite.completed', 'status', 'pull_request_review_thread.resolved'], async () => {
    // What a merge waits for may have come. Which of them it was for is not asked: few wait.
    for (const incident of world.ledger.open()) if (delayOf(incident) !== null) desk.wake(incident.key, true);
  });
  app.on('workflow_run.completed', async ({ payload }) => {
    if (payload.workflow_run.conclusion === 'success') return;
    await runEnded(world, desk, payload.workflow_run.id, 'failed');
  });
}

/**
 * Writes down who pushed to a proposal: the sender of GitHub's event, because a commit can name anybody. Without this the
 * desk would see the new head, but nobody's review of it would count.
 */
async function notePush(
  world: World,
  desk: Desk,
  number: number,
  push: { by: string; head: string; before: string },
): Promise<void> {
  await world.ledger.refresh();
  const key = (await incidentOfPull(world, number))?.key;
  if (key === undefined) return;
  const fact = parseFact('pull.pushed', push);
  if (fact.ok && push.by !== `${world.repo.appSlug}[bot]`)
    await world.ledger.append(key, (incident) =>
      incident?.stage === 'SYNTHESIZING' && !isNoted(incident, push)
        ? { facts: [fact.fact], actor: { kind: 'app' }, at: world.now() }
        : { standDown: 'there is nothing to note' },
    );
  desk.wake(key);
}

/** The same push by the same person; whoever pushed the same commit besides is one more. */
function isNoted(incident: Incident, { head, by }: { head: string; by: string }): boolean {
  return incident.records.some(
    ({ type, data, attempt }) =>
      type === 'pull.pushed' && attempt === incident.attempt && data.head === head && data.by === by,
  );
}
