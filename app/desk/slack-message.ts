// The incident's Slack message with what this installation offers: confirm page, buttons, and the present hold.
// Must never be cached: what it offers is true only at the moment when it is written.
import { holdOn } from '#core/incident/hold';
import type { Incident } from '#core/ledger/replay';
import { type SlackMessage, slackMessage } from '#core/messages/chat';
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

/** The address of the confirm page. Null: nobody can sign in. */
export function confirmBase({ signIn, url }: World['config']): string | null {
  return signIn ? url : null;
}
