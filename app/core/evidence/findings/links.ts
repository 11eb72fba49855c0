// Finds links in what people and tools write, and removes tracking from them. Nothing follows them here.
// Must never return an address that is not http(s), or one with a user name.

const TRACKING = /^(utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src|trk|_hs\w+)$/i;
const MAX_LENGTH = 1000;

/** The address without tracking parameters. Null: it is not a plain http(s) address. */
export function safeUrl(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null;
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
  return url.href;
}

/** The first link of a line, in the form of Slack, Markdown or bare text. */
export function linkIn(line: string): string | null {
  const slack = /<(https?:\/\/[^|>\s]+)(?:\|[^>]*)?>/.exec(line)?.[1];
  const markdown = /\]\((https?:\/\/[^)\s]+)\)/.exec(line)?.[1];
  const bare = /https?:\/\/[^\s<>()"'`|]+/.exec(line)?.[0]?.replace(/[.,;:!?]+$/, '');
  return safeUrl(slack ?? markdown ?? bare ?? '');
}

/** The line for people to read: the texts of links stay, their addresses are removed. */
export function withoutLinks(line: string): string {
  return line
    .replace(/<(https?:\/\/[^|>\s]+)\|([^>]*)>/g, '$2')
    .replace(/<(https?:\/\/[^>\s]+)>/g, '$1')
    .replace(/\[([^\]]*)\]\((https?:\/\/[^)\s]+)\)/g, '$1');
}
