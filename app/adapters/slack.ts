// Slack through its Web API: one message for each incident, found again by its metadata and updated in place.
// Must never stop an incident: every failure is a value, and the caller decides.
import { WebClient } from '@slack/web-api';
import type { SlackMessage } from '#core/messages/chat';
import { type SlackFailure, slackFailure } from '#core/messages/slack-failures';
import { requestJson } from './http-json.ts';

type SlackAccount = { token: string; channel: string; api: string };
type Refused = { ok: false } & SlackFailure;
export type Sent = { ok: true; ts: string } | Refused;

const EVENT = 'vigil_incident';
/** Slack recommends at most 200 on a page. So many newer messages are looked through, as long as they are newer than the claim. */
const PAGE = 200;
const MOST_PAGES = 20;

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

/** What is known of the incident's message already. */
export type Posted = {
  /** Its `ts`, where the ledger has it. */
  ts: string | null;
  /** The earliest time at which it can have been posted without the ledger knowing. Null: it is looked for in all that is recent. */
  since: Date | null;
};

/**
 * Puts the incident's message into the channel: the one that is known or found there is updated, otherwise a new one is posted. A
 * message that can no longer be edited is replaced. Only messages of this app count, whatever metadata another app's may carry.
 * https://docs.slack.dev/messaging/message-metadata
 */
export async function postOnce(
  account: SlackAccount,
  key: string,
  message: SlackMessage,
  { ts, since }: Posted = { ts: null, since: null },
): Promise<Sent> {
  try {
    const slack = client(account);
    const gone = new Set<string>();
    const edited = async (at: string): Promise<Sent | null> => {
      const sent = await updateMessage(account, key, at, message);
      if (sent.ok || sent.kind !== 'gone') return sent;
      gone.add(at);
      return null;
    };
    const known = ts === null ? null : await edited(ts);
    if (known) return known;
    for await (const found of ownMessages(account, slack, key, since)) {
      const sent = gone.has(found) ? null : await edited(found);
      if (sent) return sent;
    }
    const posted = await slack.chat.postMessage({ channel: account.channel, ...content(message, key) });
    return posted.ts
      ? { ok: true, ts: posted.ts }
      : { ok: false, kind: 'later', reason: 'Slack did not say where the message is' };
  } catch (error) {
    return refused(error);
  }
}

/** This app's messages about the incident, newest first. */
async function* ownMessages(
  account: SlackAccount,
  slack: WebClient,
  key: string,
  since: Date | null,
): AsyncGenerator<string> {
  const self = await slack.auth.test();
  for (let cursor = '', pages = 0; pages < MOST_PAGES; pages++) {
    const recent = await slack.conversations.history({
      channel: account.channel,
      limit: PAGE,
      include_all_metadata: true,
      ...(since ? { oldest: String(since.getTime() / 1000) } : {}),
      ...(cursor ? { cursor } : {}),
    });
    for (const { ts, bot_id, user, metadata } of recent.messages ?? []) {
      const own = self.bot_id ? bot_id === self.bot_id : user !== undefined && user === self.user_id;
      const { event_type, event_payload } = (metadata ?? {}) as {
        event_type?: string;
        event_payload?: { incident?: string };
      };
      if (ts && own && event_type === EVENT && event_payload?.incident === key) yield ts;
    }
    cursor = recent.response_metadata?.next_cursor ?? '';
    if (cursor === '') return;
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
    return refused(error);
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

/** Slack itself, and the Slack of the US government. https://docs.slack.dev/govslack/ */
const HOOKS = new Map([
  ['https://slack.com', 'https://hooks.slack.com'],
  ['https://www.slack.com', 'https://hooks.slack.com'],
  ['https://slack-gov.com', 'https://hooks.slack-gov.com'],
  ['https://www.slack-gov.com', 'https://hooks.slack-gov.com'],
]);

/** Whether an answer may be sent there: to the host of Slack's own hooks or, when another Slack is configured, to that host. */
export function isAnswerAddress(api: string, address: string): boolean {
  const [url, own] = [URL.parse(address), new URL(api)];
  if (!url || url.username || url.password) return false;
  return url.origin === (HOOKS.get(own.origin) ?? own.origin);
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

function refused(error: unknown): Refused {
  const { data, statusCode, retryAfter } = error as {
    data?: { error?: unknown };
    statusCode?: number;
    retryAfter?: number;
  };
  const code = data === undefined ? undefined : String(data.error);
  return { ok: false, ...slackFailure({ code, status: retryAfter === undefined ? statusCode : 429 }) };
}
