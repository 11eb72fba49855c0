// Comment commands on an incident's issue or pull request. They count only in new comments by people with write access.
// Must never act on an edited comment: GitHub still names its first author. https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment
import { replyTo } from '#adapters/github/api';
import { permissionOf } from '#adapters/github/reviews';
import { decisionText } from '#core/decision';
import { confirmLink } from '#core/gate/confirm';
import { mayWrite } from '#core/gate/people';
import { type Command, parseCommand } from '#core/incident/commands';
import { isPullOf } from '#core/incident/pushes';
import { type Steered, steer } from '#core/incident/steering';
import type { Incident } from '#core/ledger/replay';
import {
  commandHelp,
  explanation,
  howToApprove,
  impossible,
  notAllowed,
  stopHeld,
  unknownCommand,
} from '#core/messages/replies';
import { WITHHELD_TEXT } from '#core/messages/withheld';
import { normalise } from '#core/text/untrusted';
import { approvalTree } from '../desk/approval-tree.ts';
import type { Desk } from '../desk/desk.ts';
import { confirmBase } from '../desk/slack-message.ts';
import type { World } from '../desk/world.ts';
import type { Listener } from './own-events.ts';

export function registerComments(app: Listener, world: World, desk: Desk): void {
  app.on('issue_comment.created', async ({ payload }) => {
    const { issue, comment } = payload;
    const parsed = parseCommand(comment.body ?? '');
    if (parsed.kind === 'none' || comment.user?.type === 'Bot') return;
    await world.ledger.refresh();
    const incident = await incidentAt(world, issue.number);
    const login = comment.user?.login;
    if (!incident || !login) return;
    const answer = async (): Promise<string | null> => {
      if (!mayWrite(await permissionOf(world.repo, login))) return notAllowed(login);
      if (parsed.kind === 'unknown') return unknownCommand(parsed.word);
      return obey(world, desk, incident, login, parsed.command);
    };
    const words = await answer();
    if (words !== null) await replyTo(world.repo, issue.number, words);
  });
}

async function incidentAt({ ledger }: World, number: number): Promise<Incident | null> {
  const own = (incident: Incident): boolean =>
    incident.issue?.number === number || isPullOf(incident, number);
  return [...ledger.open()].find(own) ?? (await ledger.numbered(number)).find(own) ?? null;
}

/** Does what was said, and returns the answer. Null: no answer, because the status comment will show it. */
async function obey(
  world: World,
  desk: Desk,
  incident: Incident,
  login: string,
  command: Command,
): Promise<string | null> {
  if (command.word === 'help') return commandHelp;
  if (command.word === 'approve')
    return howToApprove(incident, confirmLink(confirmBase(world.config), incident));
  if (command.word === 'explain')
    return explanation(incident, decisionText(await approvalTree(world, incident)));
  const reason = await world.clean(incident.key, [normalise(command.reason, { maxChars: 400 })]);
  const words = reason.ok ? (reason.texts[0] ?? '') : WITHHELD_TEXT;
  const order = { ...command, word: command.word };
  let held = false;
  const written = await world.ledger.append(incident.key, (now) => {
    const steered: Steered = now
      ? steer(now, order, login, words)
      : { ok: false, reason: 'there is no such incident' };
    if (!steered.ok) return { standDown: steered.reason };
    held = steered.held;
    return { facts: [steered.fact], actor: { kind: 'person', login }, at: world.now() };
  });
  await desk.sweep();
  if (!written.ok) return impossible(written.reason);
  return held ? stopHeld : null;
}
