// What Vigil answers to a comment command. Must never repeat what the status comment shows: answers are short and rare.

import { type Incident, latestOf } from '#core/ledger/replay';
import { link } from '#core/text/markdown';
import { told } from './outside.ts';
import { treeBlock } from './pull.ts';

export const commandHelp = [
  'Commands, on the first line of a new comment, by people who may write:',
  '',
  '- `/vigil approve`: where to approve; a review of the pull request is the approval, a comment is not',
  '- `/vigil reject [reason]`: nothing runs, people take over',
  '- `/vigil hold [all] [reason]` and `/vigil release [all]`: nothing starts until it is released',
  '- `/vigil stop [reason]`: ends a running script; before one runs, it holds',
  '- `/vigil undo`: runs the approved undo of a script that was started',
  '- `/vigil state`: everything that fixes left out of its usual state, until when, and who approved it',
  '- `/vigil keep <reason>`: what this incident’s fix changed stays as it is, or was put back by hand',
  '- `/vigil retry`: begin again with a new attempt',
  '- `/vigil explain`: every condition of approval and run, and what is still missing',
].join('\n');

export function notAllowed(login: string): string {
  return `\`${login}\` may not do that here: commands are for people with write access.`;
}

export function unknownCommand(word: string): string {
  return `There is no command ${told(word, 60)}.\n\n${commandHelp}`;
}

/** Somebody meant a command; Vigil hears only its exact form, so that nothing is done by accident. */
export function notHeard(word: string): string {
  return `Nothing was done. A command is heard when \`/vigil ${word}\`, in small letters, is the beginning of a new comment.`;
}

/** Why a comment that means to approve has no effect. */
export const COMMENT_APPROVES_NOTHING = 'a comment does not approve';

export function impossible(reason: string): string {
  return `That cannot be done now: ${told(reason, 1000)}.`;
}

/** `confirm` is the address of the confirm page for what is proposed now, if there is one. */
export function howToApprove(incident: Incident, confirm: string | null = null): string {
  const pull = latestOf(incident, 'pull.opened');
  if (!pull) return 'There is nothing to approve yet.';
  if (confirm)
    return `${link('Read and approve it here', confirm)}, signed in with GitHub, or review #${pull.number} yourself; that review is the approval of exactly these bytes.`;
  return `Approve #${pull.number} with a review of its newest commit; that review is the approval of exactly these bytes.`;
}

/** A stop became a hold, because nothing runs yet. */
export const stopHeld =
  'Nothing runs yet, so this holds the incident: nothing starts until `/vigil release`.';

/** `tree` holds every condition as it is now, one on each line. GitHub takes 65,536 characters in a comment. */
export function explanation(incident: Incident, tree: string): string {
  const judged = latestOf(incident, 'remediation.judged');
  if (!judged) return 'There is no judged proposal to explain.';
  return `Lane: **${judged.lane}**.\n\n${treeBlock(tree)}`;
}
