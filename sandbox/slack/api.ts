// The methods of Slack's Web API that a bot with one channel needs. As with Slack, `ok` and `error` say how it went, arguments
// come as form or JSON, and a repeated post makes a second message. https://docs.slack.dev/apis/web-api/
import type { Hono } from 'hono';
import { z } from 'zod';
import { Blocks, faults, filled } from './blocks.ts';
import { type Answer, type Args, openDoor } from './door.ts';

const Metadata = z.object({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});
export type Message = {
  type: 'message';
  ts: string;
  user: string;
  bot_id: string;
  app_id: string;
  team: string;
  text: string;
  blocks?: Blocks;
  thread_ts?: string;
  metadata?: z.infer<typeof Metadata>;
  edited?: { user: string; ts: string };
};
export type Channel = { id: string; name: string; isPrivate?: boolean };
/** What an administrator may do to the channel at any time. */
export type Room = {
  archived: boolean;
  invited: boolean /** A workspace may let nobody edit what is older than a set time. */;
  editable: boolean;
};
export type Member = { id: string; name: string; member: boolean }; // `member`: of the channel, not only of the workspace

const self = { user: 'U0SANDBOX', bot_id: 'B0SANDBOX', app_id: 'A0SANDBOX', team: 'T0SANDBOX' };
const whoami = {
  user: 'vigil',
  user_id: self.user,
  bot_id: self.bot_id,
  team: 'Sandbox',
  team_id: self.team,
  is_enterprise_install: false,
};
/** Forms carry structures as JSON text. */
const structure = (value: unknown) => (typeof value === 'string' ? parsed(value) : value);
const yes = (value: unknown) => value === true || value === 'true' || value === '1';
const parsed = (value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
};

type Refusal = Answer & { error: string };
type Content = Pick<Message, 'text' | 'blocks' | 'metadata'>;

/** What may be said: limits of text, blocks and metadata. `chat.update` takes less text than `chat.postMessage`. */
function content(args: Args, longest: number): Content | Refusal {
  const text = typeof args['text'] === 'string' ? args['text'] : '';
  if (text.length > longest) return { error: 'msg_too_long' };
  const given = structure(args['blocks']);
  const blocks = Blocks.optional().safeParse(given);
  if (args['blocks'] !== undefined && !Array.isArray(given)) return { error: 'invalid_blocks_format' };
  if (!blocks.success) {
    const errors = faults(blocks.error);
    const messages = errors.map((line) => `[ERROR] ${line}`);
    return { error: 'invalid_blocks', errors, response_metadata: { messages } };
  }
  if (JSON.stringify(blocks.data ?? '').length > 13_200) return { error: 'msg_blocks_too_long' };
  const metadata = Metadata.optional().safeParse(structure(args['metadata']));
  if (!metadata.success) return { error: 'invalid_metadata_format' };
  if (text === '' && !blocks.data?.length) return { error: 'no_text' };
  return {
    text: text.slice(0, 40_000),
    ...(blocks.data ? { blocks: filled(blocks.data) } : {}),
    ...(metadata.data ? { metadata: metadata.data } : {}),
  };
}

/** One page of a list behind an opaque cursor. */
function paged<T>(args: Args, all: T[], most: number): { items: T[]; next_cursor: string } | Refusal {
  const limit = Math.min(Math.max(Number(args['limit'] ?? 100), 1), most);
  const cursor = String(args['cursor'] ?? '');
  const from = cursor === '' ? 0 : Number(/^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]);
  if (Number.isNaN(from)) return { error: 'invalid_cursor' };
  const next = from + limit;
  return { items: all.slice(from, next), next_cursor: next < all.length ? btoa(`next:${next}`) : '' };
}

/** The time of a message, later than all there are; a message is known by it. */
export function nextStamp(messages: readonly Message[]): string {
  const last = Math.max(0, ...messages.map(({ ts }) => Math.round(Number(ts) * 1e6)));
  const micros = Math.max(last + 1, Date.now() * 1000);
  return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
}

type Workspace = {
  token: string;
  scopes: readonly string[];
  channel: Channel;
  people: Member[];
  messages: Message[];
  room: Room;
};

export function webApi({ token, scopes, channel, people, messages, room }: Workspace): Hono {
  const { isPrivate = false } = channel;
  const { app, on } = openDoor({ token, scopes, isPrivate });
  const stamp = () => nextStamp(messages);
  /** Why the channel is closed to the bot. A private channel does not exist for who is not in it. */
  const closed = (args: Args, { byName = false, archived = '', open = false } = {}): Refusal | undefined => {
    const at = String(args['channel']);
    const here = at === channel.id || (byName && at.replace(/^#/, '') === channel.name);
    if (!here || (isPrivate && !room.invited)) return { error: 'channel_not_found' };
    if (archived && room.archived) return { error: archived };
    return room.invited || open ? undefined : { error: 'not_in_channel' };
  };

  on('auth.test', (_, c) => ({ ...whoami, url: new URL('/', c.req.url).href }));
  on('chat.postMessage', (args) => {
    const refused = closed(args, { byName: true, archived: 'is_archived' });
    if (refused) return refused;
    const said = content(args, Infinity);
    if ('error' in said) return said;
    const thread = typeof args['thread_ts'] === 'string' ? { thread_ts: args['thread_ts'] } : {};
    const message: Message = { type: 'message', ts: stamp(), ...self, ...said, ...thread };
    messages.push(message);
    return { channel: channel.id, ts: message.ts, message };
  });
  on('chat.update', (args) => {
    const refused = closed(args, { archived: 'is_inactive' });
    if (refused) return refused;
    const message = messages.find(({ ts }) => ts === args['ts']);
    if (!message) return { error: 'message_not_found' };
    if (message.bot_id !== self.bot_id) return { error: 'cant_update_message' };
    if (!room.editable) return { error: 'edit_window_closed' };
    const said = content(args, 4000);
    if ('error' in said) return said;
    Object.assign(message, said, { edited: { user: self.user, ts: stamp() } });
    return { channel: channel.id, ts: message.ts, text: message.text, message };
  });
  on('conversations.history', (args) => {
    const refused = closed(args);
    if (refused) return refused;
    const oldest = Number(args['oldest'] ?? 0);
    const top = messages.filter(({ ts, thread_ts = ts }) => thread_ts === ts && Number(ts) > oldest);
    const page = paged(
      args,
      top.toSorted((a, b) => Number(b.ts) - Number(a.ts)),
      999,
    );
    if ('error' in page) return page;
    const bare = ({ metadata: _, ...message }: Message) => message;
    const { items, next_cursor } = page;
    const shown = yes(args['include_all_metadata']) ? items : items.map(bare);
    const more = { has_more: next_cursor !== '', pin_count: 0 };
    return { messages: shown, ...more, response_metadata: { next_cursor } };
  });
  on('conversations.members', (args) => {
    const refused = closed(args, { open: true });
    if (refused) return refused;
    const inside = people.filter(({ member }) => member).map(({ id }) => id);
    const page = paged(args, [...(room.invited ? [self.user] : []), ...inside], 1000);
    if ('error' in page) return page;
    return { members: page.items, response_metadata: { next_cursor: page.next_cursor } };
  });
  app.all('/api/*', (c) => c.json({ ok: false, error: 'unknown_method' }));
  return app;
}
