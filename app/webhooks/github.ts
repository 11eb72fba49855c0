// GitHub's events: hints that something changed. Each only wakes the desk, which reads GitHub itself.
// Must never act on a payload's text, and never answer for pull requests that are none of Vigil's business beyond its check.

import type { Probot } from 'probot';
import { postCheckOnce } from '#adapters/github/api';
import { readPull } from '#adapters/github/reviews';
import { APPROVAL_CHECK } from '#core/gate/approval';
import { isPullOf } from '#core/incident/pushes';
import { parseFact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { foreignCheck } from '#core/messages/pull';
import { runEnded } from '../desk/awaited-runs.ts';
import type { Desk } from '../desk/desk.ts';
import type { World } from '../desk/world.ts';

function incidentOfPull(world: World, number: number): Incident | null {
  for (const incident of world.ledger.all()) if (isPullOf(incident, number)) return incident;
  return null;
}

/** Pull requests that are not Vigil's proposals get their verdict at once, so that the required check blocks nobody else. */
async function judgeForeignPull(world: World, number: number): Promise<void> {
  const pull = await readPull(world.repo, number);
  const inside = pull.files.filter((file) => file.startsWith('remediations/'));
  const kind = inside.length === 0 ? 'outside' : inside.length < pull.files.length ? 'mixed' : 'unknown';
  await postCheckOnce(world.repo, {
    name: APPROVAL_CHECK,
    head: pull.head,
    conclusion: kind === 'outside' ? 'success' : 'failure',
    externalId: `pull:${number}:${pull.head}`,
    ...foreignCheck[kind],
  });
}

/** Whose branch a pull request comes from: Vigil's own proposals live below vigil/. */
const ours = /^vigil\/pd-[a-z0-9]+\/\d+$/;

export function registerGitHubEvents(app: Probot, world: World, desk: Desk): void {
  app.on(['pull_request.opened', 'pull_request.reopened'], async ({ payload }) => {
    const { number, head } = payload.pull_request;
    if (!ours.test(head.ref)) return judgeForeignPull(world, number);
    const incident = incidentOfPull(world, number);
    if (incident) desk.wake(incident.key);
  });
  app.on('pull_request.synchronize', async ({ payload }) => {
    const { number, before, after, sender, pull_request } = payload;
    if (!ours.test(pull_request.head.ref)) return judgeForeignPull(world, number);
    await notePush(world, desk, number, { by: sender.login, head: after, before });
  });
  app.on('push', async ({ payload }) => {
    // What an open proposal is bound to may have changed.
    if (payload.ref !== `refs/heads/${world.repo.branch}`) return;
    await Promise.all([world.ledger.refresh(), world.source()]);
    for (const { key, stage } of world.ledger.all()) if (stage === 'SYNTHESIZING') desk.wake(key);
  });
  app.on(
    ['pull_request_review.submitted', 'pull_request_review.dismissed', 'pull_request.closed'],
    async ({ payload }) => {
      await world.ledger.refresh();
      const incident = incidentOfPull(world, payload.pull_request.number);
      if (incident) desk.wake(incident.key);
    },
  );
  app.on('workflow_run.completed', async ({ payload }) => {
    if (payload.workflow_run.conclusion === 'success') return;
    await runEnded(world, desk, payload.workflow_run.id, 'failed');
  });
}

/**
 * Who pushed to a proposal, by the sender of GitHub's own event: commits name whoever their author likes. The desk would
 * see the new head without this, but nobody's review of it would count.
 */
async function notePush(
  world: World,
  desk: Desk,
  number: number,
  push: { by: string; head: string; before: string },
): Promise<void> {
  await world.ledger.refresh();
  const key = incidentOfPull(world, number)?.key;
  if (key === undefined) return;
  const fact = parseFact('pull.pushed', push);
  if (fact.ok && push.by !== `${world.repo.appSlug}[bot]`)
    await world.ledger.append(key, (incident) =>
      incident?.stage === 'SYNTHESIZING' && !isNoted(incident, push.head)
        ? { facts: [fact.fact], actor: { kind: 'app' }, at: world.now() }
        : { standDown: 'there is nothing to note' },
    );
  desk.wake(key);
}

function isNoted(incident: Incident, head: string): boolean {
  return incident.records.some(
    ({ type, data, attempt }) => type === 'pull.pushed' && attempt === incident.attempt && data.head === head,
  );
}
