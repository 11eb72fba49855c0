// GitHub's events: hints that something changed. Each only wakes the desk, which reads GitHub itself.
// Must never act on a payload's text, and never answer for pull requests that are none of Vigil's business beyond its check.
import type { Probot } from 'probot';
import { postCheckOnce } from '#adapters/github';
import { readPull } from '#adapters/reviews';
import { foreignCheck } from '#core/messages/pull';
import { type Incident, known } from '#core/replay';
import type { Desk } from '../desk/desk.ts';
import type { World } from '../desk/world.ts';

function incidentOfPull(world: World, number: number): Incident | null {
  for (const incident of world.ledger.all())
    if (known(incident, 'pull.opened')?.number === number) return incident;
  return null;
}

/** Pull requests that are not Vigil's proposals get their verdict at once, so that the required check blocks nobody else. */
async function judgeForeignPull(world: World, number: number): Promise<void> {
  const pull = await readPull(world.repo, number);
  const inside = pull.files.filter((file) => file.startsWith('remediations/'));
  const kind = inside.length === 0 ? 'outside' : inside.length < pull.files.length ? 'mixed' : 'unknown';
  await postCheckOnce(world.repo, {
    name: 'vigil/approval',
    head: pull.head,
    conclusion: kind === 'outside' ? 'success' : 'failure',
    externalId: `pull:${number}:${pull.head}`,
    ...foreignCheck[kind],
  });
}

/** Whose branch a pull request comes from: Vigil's own proposals live below vigil/. */
const ours = /^vigil\/pd-[a-z0-9]+\/\d+$/;

export function registerGitHubEvents(app: Probot, world: World, desk: Desk): void {
  app.on(
    ['pull_request.opened', 'pull_request.reopened', 'pull_request.synchronize'],
    async ({ payload }) => {
      const { number, head } = payload.pull_request;
      if (!ours.test(head.ref)) return judgeForeignPull(world, number);
      const incident = incidentOfPull(world, number);
      if (incident) desk.wake(incident.key);
    },
  );
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
    await runFailed(world, desk, payload.workflow_run.id);
  });
}

/** A run of ours that ended without success while its incident still waits for it: the incident goes to people. */
async function runFailed(world: World, desk: Desk, run: number): Promise<void> {
  await world.ledger.refresh();
  for (const { key } of [...world.ledger.all()].filter((incident) => waitsFor(incident, run))) {
    await world.ledger.append(key, (incident) => {
      if (!incident || !waitsFor(incident, run)) return { standDown: 'no longer waiting' };
      const reason = `workflow run ${run} failed`;
      const workspace = known(incident, 'remediation.started')?.workspace ?? '';
      const lost = incident.stage === 'EXECUTING';
      return {
        facts: [
          lost
            ? { type: 'remediation.lost', data: { reason, workspace } }
            : { type: 'incident.escalated', data: { code: 'run_failed', reason } },
        ],
        actor: { kind: 'app' },
        at: world.now(),
      };
    });
    desk.wake(key);
  }
}

function waitsFor(incident: Incident, run: number): boolean {
  if (incident.stage === 'RESOLVED' || incident.stage === 'ESCALATED') return false;
  const remediate =
    incident.effects.get(`remediate.dispatch#${incident.attempt}`)?.result.endsWith(`/${run}`) ?? false;
  const respond =
    known(incident, 'investigation.started')?.run.id === run && !known(incident, 'remediation.rehearsed');
  return remediate || respond;
}
