// Makes text from outside safe for GitHub Markdown and Slack: words stay words.
// Must never make markup from what the text says. Only the callers' own words are markup.
import { visible } from './untrusted.ts';

// An invisible break, written as an entity. A reader still sees the words, but the matchers of Markdown and GitHub no
// longer see a pattern. An escape would not be enough: mentions, references and autolinks are also matched in the
// rendered text, where an escaped sign is whole again. The entity has a name, because an entity by number (`&#8203;`)
// looks like the very reference that it must prevent.
const BREAK = '&zwnj;';

/**
 * One line of Markdown that GitHub renders as exactly these words: no formatting, mention, reference, closing
 * keyword, autolink, image, HTML, comment, math, task list or slash command.
 */
export function inert(text: string): string {
  return visible(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/[\\`*_{}[\]<>|~!^]/g, '\\$&')
    .replace(/\$/g, '&dollar;')
    .replace(/@/g, `&commat;${BREAK}`)
    .replace(/#/g, `\\#${BREAK}`)
    .replace(/\b(GH)-(?=\d)/gi, `$1-${BREAK}`)
    .replace(/:\/(?=\/)/g, `:${BREAK}/`)
    .replace(/:(?=[a-z+-][a-z0-9_+-]*:)/gi, `:${BREAK}`)
    .replace(/\b(www|mailto|xmpp)(?=[.:])/gi, `$1${BREAK}`)
    .replace(/(^|[\s(>"'])\/(?=[a-z])/gi, '$1\\/')
    .replace(/^\//, '\\/')
    .replace(/^[-+=:]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

/**
 * A code block that its content cannot leave, and in which no line is a workflow command when it is printed by a
 * job (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
 */
export function fenced(text: string, language = ''): string {
  const body = visible(text)
    .replace(/^(\s*):(?=:)/gm, '$1: ')
    .replace(/##(?=\[)/g, '## ');
  let longest = 2;
  for (const run of body.matchAll(/`{3,}/g)) longest = Math.max(longest, run[0].length);
  const fence = '`'.repeat(longest + 1);
  const info = /^[a-z0-9+-]{1,20}$/i.test(language) ? language : '';
  return `${fence}${info}\n${body.replace(/\n+$/, '')}\n${fence}`;
}

/** No address that Vigil links to is longer; one that is would take the room of the words around it. */
const MOST_ADDRESS = 2000;

/** A link to an http(s) address; anything else, and an endless one, gives the label alone, as plain words. */
export function link(label: string, url: string): string {
  const words = inert(label) || 'link';
  const address = URL.parse(url.trim());
  if (!address || !/^https?:$/.test(address.protocol)) return words;
  // User information in a link deceives the reader about the host.
  if (address.username || address.password) return words;
  const target = address.href
    .replace(/&/g, '&amp;')
    .replace(/[()<>[\]\\`"'*_~|@{}$\s]/g, (sign) => encodeSign(sign));
  return target.length > MOST_ADDRESS ? words : `[${words}](${target})`;
}

function encodeSign(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * Text for Slack's mrkdwn: `& < >` escaped, so no mention, channel, date or disguised link can form
 * (https://docs.slack.dev/messaging/formatting-message-text), and broadcast words are broken.
 */
export function slackText(text: string): string {
  return visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@(?=channel|here|everyone|group)/gi, '@ ');
}
