// Asks Slack whether the token and the channel are what Vigil needs. Must never write there, nor wait for long.
import { LogLevel, WebClient } from '@slack/web-api';
import type { Config } from '../config.ts';

type Account = NonNullable<Config['slack']>;
export type Tried =
  | { is: 'well' }
  | { is: 'token' | 'channel' | 'elsewhere' | 'away'; reason: string }
  | { is: 'scope'; lacks: string[] };
/** What of Slack's refusals is about the channel; other refusals are about the token. https://docs.slack.dev/reference/methods/conversations.history */
const OF_CHANNEL = /^(channel_not_found|not_in_channel|is_archived|channel_is_limited_access)$/;
const PASSING =
  /^(ratelimited|internal_error|fatal_error|request_timeout|service_unavailable|team_added_to_org|accesslimited)$/;

/** Whether Slack takes the token, lets it do what is needed, and has its bot in the channel; nothing is written. */
export async function trySlack(account: Account): Promise<Tried> {
  const slack = new WebClient(account.token, {
    slackApiUrl: `${account.api}/`,
    timeout: 5000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR, // it is told in words, once
  });
  try {
    const { response_metadata: metadata } = await slack.auth.test();
    await slack.conversations.history({ channel: account.channel, limit: 1 });
    // Slack says with each answer what the token may do: https://docs.slack.dev/reference/scopes
    const granted = metadata?.scopes;
    const lacks = granted
      ? [['chat:write'], ...(account.signingSecret === null ? [] : [['channels:read', 'groups:read']])]
          .filter((any) => !any.some((scope) => granted.includes(scope)))
          .map(([scope = '']) => scope)
      : [];
    return lacks.length > 0 ? { is: 'scope', lacks } : { is: 'well' };
  } catch (error) {
    const { data, statusCode = 0 } = error as {
      data?: { error?: string; needed?: string };
      statusCode?: number;
    };
    // A page in place of JSON, or none of Slack's addresses: Slack answers 200 and names its refusals in small letters.
    if (data?.error !== undefined && !/^[a-z_]+$/.test(data.error))
      return { is: 'elsewhere', reason: 'an answer that is not Slack’s' };
    const reason = data?.error ?? (error as Error).message.slice(0, 300);
    if (data?.error === undefined)
      return {
        is: statusCode >= 400 && statusCode < 500 && statusCode !== 429 ? 'elsewhere' : 'away',
        reason,
      };
    if (PASSING.test(data.error)) return { is: 'away', reason };
    if (data.error === 'missing_scope') return { is: 'scope', lacks: [data.needed ?? 'channels:history'] };
    return { is: OF_CHANNEL.test(data.error) ? 'channel' : 'token', reason };
  }
}
