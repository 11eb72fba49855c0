// Comment commands on an incident's issue or pull request. Only new comments by people who may write are heard.
// Must never act on an edited comment: GitHub still names its first author. https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment
import type { Probot } from 'probot';
import { replyTo } from '#adapters/github';
import { permissionOf, readPull } from '#adapters/reviews';
import { humanLane } from '#core/approval';
import { type Command, parseCommand } from '#core/commands';
import { explain } from '#core/decision';
import type { Fact } from '#core/facts';
import {
  commandHelp,
  explanation,
  howToApprove,
  impossible,
  notAllowed,
  unknownCommand,
} from '#core/messages/replies';
import { WITHHELD_TEXT } from '#core/messages/withheld';
import { type Incident, known } from '#core/replay';
import { normalise } from '#core/untrusted';
import type { Desk } from '../desk/desk.ts';
import type { World } from '../desk/world.ts';

const writers = ['write', 'maintain', 'admin'];

export function registerComments(app: Probot, world: World, desk: Desk): void {
  app.on('issue_comment.created', async ({ payload }) => {
    const { issue, comment } = payload;
    const parsed = parseCommand(comment.body ?? '');
    if (parsed.kind === 'none' || comment.user?.type === 'Bot') return;
    await world.ledger.refresh();
    const incident = incidentAt(world, issue.number);
    const login = comment.user?.login;
    if (!incident || !login) return;
    const answer = async (): Promise<string | null> => {
      if (!writers.includes(await permissionOf(world.repo, login))) return notAllowed(login);
      if (parsed.kind === 'unknown') return unknownCommand(parsed.word);
      return obey(world, desk, incident, login, parsed.command);
    };
    const words = await answer();
    if (words !== null) await replyTo(world.repo, issue.number, words);
  });
}

function incidentAt(world: World, number: number): Incident | null {
  for (const incident of world.ledger.all())
    if (incident.issue?.number === number || known(incident, 'pull.opened')?.number === number)
      return incident;
  return null;
}

/** Does what was said; what is to be answered, or null when the status comment will show it. */
async function obey(
  world: World,
  desk: Desk,
  incident: Incident,
  login: string,
  command: Command,
): Promise<string | null> {
  if (command.word === 'help') return commandHelp;
  if (command.word === 'approve') return howToApprove(incident);
  if (command.word === 'explain') return explanation(incident, await peopleTree(world, incident));
  const reason = await world.clean(incident.key, [normalise(command.reason, { maxChars: 400 })]);
  const fact = factOf(command, login, reason.ok ? (reason.texts[0] ?? '') : WITHHELD_TEXT);
  const written = await world.ledger.append(incident.key, (now) =>
    now
      ? { facts: [fact], actor: { kind: 'person', login }, at: world.now() }
      : { standDown: 'there is no such incident' },
  );
  await desk.sweep();
  return written.ok ? null : impossible(written.reason);
}

function factOf(command: Command, by: string, reason: string): Fact {
  const scope = command.all ? 'all' : 'incident';
  if (command.word === 'hold') return { type: 'hold.set', data: { scope, by, reason } };
  if (command.word === 'release') return { type: 'hold.released', data: { scope, by } };
  if (command.word === 'retry') return { type: 'incident.retried', data: { by } };
  return { type: 'remediation.rejected', data: { by, reason: reason || 'no reason given' } };
}

/** How people's reviews stand right now, as the decision tree. */
async function peopleTree(world: World, incident: Incident): Promise<string> {
  const pull = known(incident, 'pull.opened');
  const judged = known(incident, 'remediation.judged');
  if (!pull || !judged) return 'There is no pull request yet.';
  const seen = await readPull(world.repo, pull.number);
  const { settings } = await world.source();
  return explain(humanLane({ judged, pull: seen, reviews: seen.reviews, settings }).decision);
}
