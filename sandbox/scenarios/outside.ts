// Questions every scenario asks the outside at its end. It must never ask the app.
import type { Incident } from '#core/ledger/replay';
import { latestOf } from '#core/ledger/replay';
import { asPerson } from '../people.ts';
import type { World } from '../world.ts';

export async function issueState(world: World, incident: Incident): Promise<string> {
  const issue = (await asPerson(world, 'riley', 'GET', `/issues/${incident.issue?.number}`)) as {
    state: string;
  };
  return issue.state;
}

export async function pullCount(world: World): Promise<number> {
  return ((await asPerson(world, 'riley', 'GET', '/pulls?state=all')) as unknown[]).length;
}

export function pageStatus(world: World, incident: Incident): string | undefined {
  return world.pagerduty.incidents().find((page) => page.id === incident.opened.pagerduty.id)?.status;
}

export function slackLinksPull(world: World, incident: Incident): boolean {
  const pull = latestOf(incident, 'pull.opened');
  return pull !== null && JSON.stringify(world.slack.messages()).includes(pull.url);
}

export function workspacesGone(world: World): boolean {
  return world.coder.workspaces().every(({ status }) => status === 'deleted');
}

export function sawRed(samples: readonly { outcome: string }[] | undefined): boolean {
  return samples?.some((sample) => sample.outcome === 'fail') === true;
}
