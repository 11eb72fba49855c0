// Slack through its Web API: one message an incident, found again by its metadata, updated in place.
// Must never stop an incident: every failure is a value the caller notes and leaves behind.
import { WebClient } from '@slack/web-api';
import type { SlackMessage } from '#core/messages/chat';

export type SlackAccount = { token: string; channel: string; api: string };
export type Sent = { ok: true; ts: string } | { ok: false; reason: string };

const EVENT = 'vigil_incident';

function client(account: SlackAccount): WebClient {
  // The defaults wait without limit and retry for half an hour (https://tools.slack.dev/node-slack-sdk/web-api).
  return new WebClient(account.token, {
    slackApiUrl: `${account.api}/`,
    timeout: 10_000,
    retryConfig: { retries: 2, minTimeout: 300 },
    rejectRateLimitedCalls: true,
  });
}

function content(message: SlackMessage, key: string) {
  return {
    text: message.text,
    blocks: message.blocks,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT, event_payload: { incident: key } },
  };
}

/** Posts the incident's message, or brings the one in the channel's recent history up to date. */
export async function postOnce(account: SlackAccount, key: string, message: SlackMessage): Promise<Sent> {
  try {
    const slack = client(account);
    const recent = await slack.conversations.history({
      channel: account.channel,
      limit: 100,
      include_all_metadata: true,
    });
    const mine = recent.messages?.find((posted) => {
      const metadata = posted.metadata as
        | { event_type?: string; event_payload?: { incident?: string } }
        | undefined;
      return metadata?.event_type === EVENT && metadata.event_payload?.incident === key;
    });
    if (mine?.ts) return updateMessage(account, key, mine.ts, message);
    const posted = await slack.chat.postMessage({ channel: account.channel, ...content(message, key) });
    return posted.ts ? { ok: true, ts: posted.ts } : { ok: false, reason: 'Slack gave no ts' };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

export async function updateMessage(
  account: SlackAccount,
  key: string,
  ts: string,
  message: SlackMessage,
): Promise<Sent> {
  try {
    await client(account).chat.update({ channel: account.channel, ts, ...content(message, key) });
    return { ok: true, ts };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const platform = (error as { data?: { error?: string } }).data?.error;
  return `Slack: ${platform ?? (error as Error).message}`.slice(0, 300);
}
