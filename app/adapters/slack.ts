// Slack through its Web API: one message for each incident, found again by its metadata and updated in place.
// Must never stop an incident: every failure is a value, and the caller decides.
import { WebClient } from '@slack/web-api';
import type { SlackMessage } from '#core/messages/chat';
import { requestJson } from './http-json.ts';

type SlackAccount = { token: string; channel: string; api: string };
type Sent = { ok: true; ts: string } | { ok: false; reason: string };

const EVENT = 'vigil_incident';

function client(account: SlackAccount, timeout = 10_000): WebClient {
  // By default the SDK waits without limit and retries for half an hour (https://tools.slack.dev/node-slack-sdk/web-api). A message
  // may stand there although its answer was lost: only the desk repeats, for it looks first.
  return new WebClient(account.token, {
    slackApiUrl: `${account.api}/`,
    timeout,
    retryConfig: { retries: 0 },
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

/** Posts the incident's message. If the channel's recent history has it already, that message is updated. */
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

/** Whether somebody is in the approval channel. Null: Slack did not tell. Needs channels:read, or groups:read if private. */
export async function isMember(account: SlackAccount, user: string): Promise<boolean | null> {
  const slack = client(account, 2000);
  try {
    for (let cursor = '', pages = 0; pages < 20; pages++) {
      const { members, response_metadata } = await slack.conversations.members({
        channel: account.channel,
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      if (members?.includes(user)) return true;
      cursor = response_metadata?.next_cursor ?? '';
      if (cursor === '') return false;
    }
    return null;
  } catch {
    return null;
  }
}

/** Whether an answer may be sent there: to Slack's own host or, when another Slack is configured, to that host. */
export function isAnswerAddress(api: string, address: string): boolean {
  const [url, own] = [URL.parse(address), new URL(api)];
  if (!url || url.username || url.password) return false;
  if (own.origin === 'https://slack.com') return url.origin === 'https://hooks.slack.com';
  return url.origin === own.origin;
}

/** Answers the person who pressed, and only them. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export async function answerPress(
  account: Pick<SlackAccount, 'api'>,
  address: string,
  text: string,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  if (!isAnswerAddress(account.api, address)) return { ok: false, reason: 'the address is not Slack’s' };
  const sent = await requestJson({
    method: 'POST',
    url: address,
    headers: {},
    body: { response_type: 'ephemeral', replace_original: false, text },
    timeoutMs: 5000,
  });
  return sent.ok ? { ok: true } : { ok: false, reason: sent.reason };
}

function reasonOf(error: unknown): string {
  const platform = (error as { data?: { error?: string } }).data?.error;
  return `Slack: ${platform ?? (error as Error).message}`.slice(0, 300);
}
