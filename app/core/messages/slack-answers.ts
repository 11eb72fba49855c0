// What Vigil answers to somebody who pressed a button in Slack. Only they see it. Plain words, without foreign markup.
// Must never tell anything about the proposal to somebody who may not press the button.
import { said } from './chat.ts';

export const notAMember =
  'Only members of the approval channel may do that, from the message in that channel.';
export const staleButton =
  'That proposal is no longer the current one, so nothing was done. Look at the newest message or the pull request.';
export const rejectedNow = 'Rejected. Nothing runs, and people take over.';
export const heldNow = 'On hold: nothing starts until `/vigil release` is said on the issue.';
export const heldAlready = 'It is on hold already.';
export const notWritten = 'Vigil could not write that down. Please press again.';
export const cannotTell = 'Vigil could not ask Slack who you are, so nothing was done. Please press again.';

export function impossibleNow(reason: string): string {
  return `That cannot be done now: ${said(reason, 500)}.`;
}

/** The reason of a rejection in Slack, because a press carries no words. */
export const pressedReject = 'rejected in Slack';
export const pressedHold = 'held in Slack';

/** For whoever set up more in Slack than the buttons need. */
export const noButtons = 'buttons are not set up here: the app has no SLACK_SIGNING_SECRET';
export const noEvents =
  'Vigil listens to no events of Slack. Leave event subscriptions off, and set this address as the request URL of Interactivity alone.';
export const noCommands =
  'Vigil has no slash commands in Slack. Press the buttons under its message, or say `/vigil help` in a comment on the incident’s issue. This command can be removed from the Slack app.';
