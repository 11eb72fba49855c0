// Comment commands on an incident's issue or pull request. They count only in new comments by people with write access.
// Must never act on an edited comment: GitHub still names its first author. https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment
import { reactTo, replyTo } from '#adapters/github/comments';
import { permissionOf } from '#adapters/github/reviews';
import { decisionText } from '#core/decision';
import { confirmLink } from '#core/gate/confirm';
import { discountedFact } from '#core/gate/discounted';
import { mayWrite } from '#core/gate/people';
import { meansApproval } from '#core/gate/reviews';
import { type Command, nearMiss, parseCommand } from '#core/incident/commands';
import { type Steered, steer } from '#core/incident/steering';
import { type Incident, latestOf } from '#core/ledger/replay';
import { stateWords } from '#core/messages/put-back';
import {
  COMMENT_APPROVES_NOTHING,
  commandHelp,
  explanation,
  howToApprove,
  impossible,
  notAllowed,
  notHeard,
  stopHeld,
  unknownCommand,
} from '#core/messages/replies';
import { WITHHELD_TEXT } from '#core/messages/withheld';
import { normalise } from '#core/text/untrusted';
import { stillOut } from '#core/trust/summary';
import { approvalTree } from '../desk/approval-tree.ts';
import type { Desk } from '../desk/desk.ts';
import { incidentAt } from '../desk/of-number.ts';
import { confirmBase } from '../desk/slack-message.ts';
import type { World } from '../desk/world.ts';
import type { Listener } from './own-events.ts';

export function registerComments(app: Listener, world: World, desk: Desk): void {
  app.on('issue_comment.created', async ({ payload }) => {
    const { issue, comment } = payload;
    const text = comment.body ?? '';
    const parsed = parseCommand(text);
    const login = comment.user?.login;
    if (!login || comment.user?.type === 'Bot') return;
    const near = parsed.kind === 'none' ? nearMiss(text) : null;
    const approves = parsed.kind === 'none' && meansApproval(text);
    if (parsed.kind === 'none' && near === null && !approves) return;
    await world.ledger.refresh();
    const incident = await incidentAt(world, issue.number);
    if (!incident) return;
    if (approves) return noteApproval(world, desk, incident.key, login);
    const may = mayWrite(await permissionOf(world.repo, login));
    const answer = async (): Promise<string | null> => {
      // Whoever may not is told so only where he said something that would be done.
      if (parsed.kind === 'none') return may && near !== null ? notHeard(near) : null;
      if (!may) return notAllowed(login);
      if (parsed.kind === 'unknown') return unknownCommand(parsed.word);
      return obey(world, desk, incident, login, parsed.command);
    };
    const words = await answer();
    if (words !== null) return replyTo(world.repo, issue.number, words);
    // What was taken shows on the issue; the sign shows whoever said it that it was heard.
    if (parsed.kind === 'command')
      await reactTo(world.repo, comment.id).catch((error: Error) =>
        world.log.warn({ incident: incident.key, reason: error.message }, 'a command got no sign'),
      );
  });
}

/** “LGTM” on the issue or the pull request is no approval: who says so is told once. */
async function noteApproval(world: World, desk: Desk, key: string, login: string): Promise<void> {
  const written = await world.ledger.append(key, (incident) => {
    const pull = incident && latestOf(incident, 'pull.opened');
    const waits = incident?.stage === 'SYNTHESIZING' && pull && !latestOf(incident, 'remediation.approved');
    const facts = waits ? discountedFact(incident, pull.head, login, COMMENT_APPROVES_NOTHING) : [];
    return facts.length > 0
      ? { facts, actor: { kind: 'app' }, at: world.now() }
      : { standDown: 'there is nothing to tell' };
  });
  if (written.ok) desk.wake(key);
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
  if (command.word === 'state')
    return stateWords(stillOut(await world.ledger.past()), incident.opened.service.id, world.now());
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
    return {
      facts: [steered.fact, ...(steered.then ?? [])],
      actor: { kind: 'person', login },
      at: world.now(),
    };
  });
  await desk.sweep();
  if (!written.ok) return impossible(written.reason);
  return held ? stopHeld : null;
}
