// The methods of Slack's Web API that a bot with one channel needs. As with Slack, every answer is 200 and says in `ok` and
// `error` how it went, arguments come as form or JSON, and a repeated post makes a second message.
// https://docs.slack.dev/apis/web-api/
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { Blocks, faults } from './blocks.ts';

const Metadata = z.object({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});
export type Message = {
  type: 'message';
  ts: string;
  user: string;
  bot_id: string;
  text: string;
  blocks?: Blocks;
  thread_ts?: string;
  metadata?: z.infer<typeof Metadata>;
  edited?: { user: string; ts: string };
};
export type Channel = { id: string; name: string; archived?: boolean };
export type Member = { id: string; name: string; member: boolean }; // `member`: of the channel, not only of the workspace

const self = { user: 'U0SANDBOX', bot_id: 'B0SANDBOX' };
const whoami = {
  user: 'vigil',
  user_id: self.user,
  bot_id: self.bot_id,
  team: 'Sandbox',
  team_id: 'T0SANDBOX',
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

type Refusal = { error: string; [more: string]: unknown };
type Content = Pick<Message, 'text' | 'blocks' | 'metadata'>;

/** What may be said: limits of text, blocks and metadata. `chat.update` takes less text than `chat.postMessage`. */
function content(args: Record<string, unknown>, longest: number): Content | Refusal {
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
    ...(blocks.data ? { blocks: blocks.data } : {}),
    ...(metadata.data ? { metadata: metadata.data } : {}),
  };
}

export function webApi(token: string, channel: Channel, people: Member[], messages: Message[]): Hono {
  const app = new Hono();
  let last = 0;
  const stamp = () => {
    last = Math.max(last + 1, Date.now() * 1000);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
  };
  const method = (name: string, answer: (args: Record<string, unknown>, c: Context) => object) =>
    app.on(['GET', 'POST'], `/api/${name}`, async (c) => {
      const json = c.req.header('content-type')?.startsWith('application/json');
      const args: Record<string, unknown> = {
        ...c.req.query(),
        ...(json ? await c.req.json().catch(() => ({})) : await c.req.parseBody()),
      };
      const given = c.req.header('authorization')?.replace(/^Bearer /, '') ?? args['token'];
      if (given !== token) return c.json({ ok: false, error: given ? 'invalid_auth' : 'not_authed' });
      const body = answer(args, c);
      return c.json({ ok: !('error' in body), ...body });
    });
  const elsewhere = (args: Record<string, unknown>) => args['channel'] !== channel.id;

  method('auth.test', (_, c) => ({ ...whoami, url: new URL('/', c.req.url).href }));
  method('chat.postMessage', (args) => {
    if (elsewhere(args) && String(args['channel']).replace(/^#/, '') !== channel.name)
      return { error: 'channel_not_found' };
    if (channel.archived) return { error: 'is_archived' };
    const said = content(args, Infinity);
    if ('error' in said) return said;
    const thread = typeof args['thread_ts'] === 'string' ? { thread_ts: args['thread_ts'] } : {};
    const message: Message = { type: 'message', ts: stamp(), ...self, ...said, ...thread };
    messages.push(message);
    return { channel: channel.id, ts: message.ts, message };
  });
  method('chat.update', (args) => {
    if (elsewhere(args)) return { error: 'channel_not_found' };
    if (channel.archived) return { error: 'is_archived' };
    const message = messages.find(({ ts }) => ts === args['ts']);
    if (!message) return { error: 'message_not_found' };
    const said = content(args, 4000);
    if ('error' in said) return said;
    Object.assign(message, said, { edited: { user: self.user, ts: stamp() } });
    return { channel: channel.id, ts: message.ts, text: message.text, message };
  });
  method('conversations.history', (args) => {
    if (elsewhere(args)) return { error: 'channel_not_found' };
    const limit = Math.min(Math.max(Number(args['limit'] ?? 100), 1), 999);
    const from = Number(args['cursor'] || 0);
    const top = messages.filter(({ ts, thread_ts = ts }) => thread_ts === ts).toReversed();
    const bare = ({ metadata: _, ...message }: Message) => message;
    const shown = top
      .slice(from, from + limit)
      .map((one) => (yes(args['include_all_metadata']) ? one : bare(one)));
    const next_cursor = from + limit < top.length ? String(from + limit) : '';
    return { messages: shown, has_more: next_cursor !== '', response_metadata: { next_cursor } };
  });
  method('conversations.members', (args) => {
    if (elsewhere(args)) return { error: 'channel_not_found' };
    const members = [self.user, ...people.filter(({ member }) => member).map(({ id }) => id)];
    return { members, response_metadata: { next_cursor: '' } };
  });
  app.all('/api/*', (c) => c.json({ ok: false, error: 'unknown_method' }));
  return app;
}
