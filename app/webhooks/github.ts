// GitHub's events: hints that something changed. Most only wake the desk, which reads GitHub itself. A push to a proposal and a
// closed issue are also written down, since nothing else tells at once who did it. Must never act on a payload's text. Must never do
// more with other pull requests than post their check.

import { isOurs, isProposal } from '#adapters/github/open-pulls';
import { delayOf } from '#core/incident/merging';
import { parseFact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { howOf, runEnded } from '../desk/awaited-runs.ts';
import { closedIssue } from '../desk/closed-issue.ts';
import type { Desk } from '../desk/desk.ts';
import { judgeGroup, judgePull, proposedAt } from '../desk/foreign-pulls.ts';
import { closeLeft, isLeft } from '../desk/left-pulls.ts';
import { incidentOfPull } from '../desk/of-number.ts';
import type { World } from '../desk/world.ts';
import type { Listener } from './own-events.ts';

type PullRequest = {
  number: number;
  head: { sha: string; ref: string };
  base: { ref: string };
  user: { login: string } | null;
};

export function registerGitHubEvents(app: Listener, world: World, desk: Desk): void {
  /** Whoever may be looking at a proposal of Vigil's looks again; every other pull request gets its check. */
  const judged = async ({ number, head, base, user }: PullRequest): Promise<boolean> => {
    if (isProposal(world.repo, user?.login, head.ref)) return false;
    const proposed = proposedAt(world, head.sha);
    if (proposed) desk.wake(proposed.key);
    else await judgePull(world, { number, head: head.sha, base: base.ref });
    return true;
  };
  app.on('pull_request.opened', async ({ payload }) => {
    if (await judged(payload.pull_request)) return;
    const incident = await incidentOfPull(world, payload.pull_request.number);
    if (incident) desk.wake(incident.key);
  });
  app.on('pull_request.reopened', async ({ payload }) => {
    const { number, updated_at } = payload.pull_request;
    if (await judged(payload.pull_request)) return;
    await world.ledger.refresh();
    const incident = await incidentOfPull(world, number);
    if (!incident) return;
    // Opened again by Vigil itself, it is under review.
    if (isLeft(incident, number)) await closeLeft(world, incident, number, updated_at);
    desk.wake(incident.key);
  });
  app.on('pull_request.synchronize', async ({ payload }) => {
    const { number, before, after, sender, pull_request } = payload;
    if (await judged(pull_request)) return;
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
  app.on('merge_group.checks_requested', async ({ payload }) => {
    const { head_ref, head_sha, base_ref } = payload.merge_group;
    if (base_ref === `refs/heads/${world.repo.branch}`) await judgeGroup(world, head_ref, head_sha);
  });
  app.on('issues.closed', async ({ payload }) => {
    const { issue, sender } = payload;
    if (isOurs(world.repo, sender.login)) return;
    await world.ledger.refresh();
    await closedIssue(world, desk, issue.number, { by: sender.login, at: issue.closed_at ?? '' });
  });
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
    await runEnded(world, desk, payload.workflow_run.id, howOf(payload.workflow_run.conclusion));
  });
}

/**
 * Writes down who pushed to a proposal: the sender of GitHub's event, because a commit can name anybody. Without this the
 * desk would see the new head and would have to ask GitHub.
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
  if (fact.ok && !isOurs(world.repo, push.by))
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
