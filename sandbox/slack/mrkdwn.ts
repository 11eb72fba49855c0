// Shows Slack's mrkdwn as HTML. Text from outside must stay text: only what Slack itself would treat as a link or a mention
// becomes one, so that a bot which forgot to escape is seen to ping people here too.
// https://docs.slack.dev/messaging/formatting-message-text
import { html } from 'hono/html';
import type { Html } from '../page.ts';

const plain = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

export function mrkdwn(text: string): Html[] {
  return text.split(/(```[\s\S]+?```|`[^`\n]+`|<[^<>\n]+>|\*[^*\n]+\*)/).map((part) => {
    if (part.startsWith('```')) return html`<pre>${plain(part.slice(3, -3))}</pre>`;
    if (/^`.+`$/.test(part)) return html`<code>${plain(part.slice(1, -1))}</code>`;
    if (/^\*.+\*$/.test(part)) return html`<b>${mrkdwn(part.slice(1, -1))}</b>`;
    const [, target = '', label] = /^<([^|>]+)(?:\|([^>]*))?>$/.exec(part) ?? [];
    if (/^https?:\/\//.test(target)) return html`<a href="${plain(target)}">${plain(label || target)}</a>`;
    if (/^[!@#]/.test(target)) return html`<mark>${target}</mark>`;
    return html`${plain(part)}`;
  });
}
