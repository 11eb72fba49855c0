// The incident's Slack message with the doors this installation has: confirm page, buttons that are heard, the hold of now.
// Must never be kept: what it offers is true at the moment it is written.
import { holdOn } from '#core/hold';
import { type SlackMessage, slackMessage } from '#core/messages/chat';
import type { Incident } from '#core/replay';
import type { World } from './world.ts';

export function slackMessageOf(
  { config, ledger }: Pick<World, 'config' | 'ledger'>,
  incident: Incident,
): SlackMessage {
  return slackMessage(incident, {
    confirm: confirmBase(config),
    interactive: Boolean(config.slack?.signingSecret),
    hold: holdOn(ledger.held(), incident),
  });
}

/** Where the confirm page is; null when nobody can sign in. */
export function confirmBase({ signIn, url }: World['config']): string | null {
  return signIn ? url : null;
}
