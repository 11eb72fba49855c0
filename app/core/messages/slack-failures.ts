// What Slack's error codes mean for Vigil and for whoever can mend them. Must never repeat more of an answer than such a code: what
// is no code, as the page of a proxy, is nobody's words. https://docs.slack.dev/reference/methods/chat.postMessage#errors

/**
 * `gone`: this message can no longer be edited, another one can be posted. `never`: it comes again however often Vigil asks, until
 * somebody does what the reason says. `later`: it passes. `unknown`: nobody can say.
 */
export type SlackFailure = { kind: 'gone' | 'never' | 'later' | 'unknown'; reason: string };

const says = (kind: SlackFailure['kind'], codes: readonly string[], words: string) =>
  codes.map((code) => [code, { kind, words }] as const);

const known = new Map([
  ...says(
    'gone',
    ['message_not_found', 'cant_update_message', 'edit_window_closed'],
    'the message can no longer be edited',
  ),
  ...says(
    'never',
    ['channel_not_found'],
    'Slack knows no such channel. Set SLACK_APPROVAL_CHANNEL to the channel’s id, and invite the bot when the channel is private',
  ),
  ...says(
    'never',
    ['is_archived', 'is_inactive'],
    'the Slack channel is archived. Unarchive it, or set SLACK_APPROVAL_CHANNEL to another one',
  ),
  ...says('never', ['not_in_channel'], 'the bot is not in the Slack channel. Invite it there'),
  ...says(
    'never',
    ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'user_is_bot'],
    'Slack does not accept the token. Put a valid bot token into SLACK_BOT_TOKEN',
  ),
  ...says(
    'never',
    ['missing_scope', 'not_allowed_token_type', 'no_permission', 'access_denied'],
    'the token may not do that. The bot needs the scopes that docs/integrations/slack.md names',
  ),
  ...says(
    'never',
    [
      ...[
        'restricted_action',
        'restricted_action_read_only_channel',
        'restricted_action_thread_only_channel',
      ],
      ...['restricted_action_non_threadable_channel', 'team_access_not_granted', 'enterprise_is_restricted'],
      ...['org_login_required', 'ekm_access_denied', 'two_factor_setup_required', 'messages_tab_disabled'],
    ],
    'a rule of the Slack workspace forbids it. Its administrator can let the bot post there',
  ),
  ...says(
    'never',
    [
      ...['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long', 'no_text'],
      ...['metadata_too_large', 'invalid_metadata_format', 'invalid_metadata_schema', 'invalid_arguments'],
    ],
    'Slack does not take the form of the message. That is a fault of Vigil',
  ),
  ...says(
    'later',
    ['ratelimited', 'rate_limited', 'message_limit_exceeded', 'service_unavailable', 'team_added_to_org'],
    'Slack asks for patience',
  ),
  ...says(
    'later',
    ['internal_error', 'fatal_error', 'request_timeout', 'accesslimited'],
    'Slack is not well',
  ),
]);

/** What came back, as the client saw it: a code of Slack's, a status of HTTP, or neither when nothing came back. */
export function slackFailure(answer: {
  code?: string | undefined;
  status?: number | undefined;
}): SlackFailure {
  const { code, status } = answer;
  if (code !== undefined && /^[a-z][a-z_]{1,60}$/.test(code)) {
    const meant = known.get(code);
    return meant
      ? { kind: meant.kind, reason: `${meant.words} (${code})` }
      : { kind: 'unknown', reason: `Slack refused with ${code}` };
  }
  if (code !== undefined)
    return { kind: 'later', reason: 'Slack’s address answered with something that is not Slack’s' };
  if (status === undefined) return { kind: 'later', reason: 'Slack could not be reached' };
  return { kind: status >= 500 || status === 429 ? 'later' : 'unknown', reason: `Slack answered ${status}` };
}
