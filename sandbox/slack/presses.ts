// Buttons of the stand-in's page: who presses one, what Slack sends to the app for it, and what only that person is told.
// It must send what Slack sends, signed as Slack signs, and wait no longer. https://docs.slack.dev/interactivity/handling-user-interaction
import { createHmac, randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { z } from 'zod';
import type { Channel, Member, Message } from './api.ts';

export type Interactivity = { url: string; secret: string };
/** What one person alone sees under a message. */
export type Whisper = { to: string; ts: string; text: string };

const PATIENCE_MS = 3000;
const USES = 5;
const USABLE_MS = 30 * 60_000;
const TEAM = { id: 'T0SANDBOX', domain: 'sandbox' };
const Form = z.object({ ts: z.string(), action: z.string() });
const Answer = z.object({
  response_type: z.literal('ephemeral').optional(),
  replace_original: z.boolean().optional(),
  text: z.string(),
});

export function presses(channel: Channel, people: Member[], messages: Message[]) {
  const app = new Hono();
  const whispers: Whisper[] = [];
  const addresses = new Map<string, { to: string; ts: string; left: number; until: number }>();
  const aimed: { at?: Interactivity } = {};

  app.post('/press', csrf(), async (c) => {
    // The press of a link comes from the anchor's `ping`, and may press nothing but links.
    const link = c.req.query('action') !== undefined;
    const form = Form.safeParse(link ? c.req.query() : await c.req.parseBody());
    const person = people.find(({ id }) => id === c.req.query('as'));
    const message = messages.find(({ ts }) => ts === form.data?.ts);
    const pressed = message?.blocks
      ?.flatMap((block) => (block.type === 'actions' ? block.elements.map((one) => ({ ...one, block })) : []))
      .find(({ action_id, url }) => action_id === form.data?.action && (url !== undefined || !link));
    if (!person || !message || !pressed || !aimed.at) return c.text('there is no such button', 404);
    const id = randomBytes(12).toString('hex');
    addresses.set(id, { to: person.id, ts: message.ts, left: USES, until: Date.now() + USABLE_MS });
    const { block, action_id, text, value } = pressed;
    const payload = {
      type: 'block_actions',
      user: { id: person.id, username: person.name, team_id: TEAM.id },
      ...{ api_app_id: 'A0SANDBOX', team: TEAM, channel, message },
      container: { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: false },
      trigger_id: `${Date.now()}.${TEAM.id}`,
      response_url: new URL(`/actions/${TEAM.id}/${id}`, c.req.url).href,
      actions: [
        {
          type: 'button',
          action_id,
          block_id: block.block_id,
          text,
          value,
          action_ts: `${Date.now() / 1000}`,
        },
      ],
    };
    const fault = await send(aimed.at, `${new URLSearchParams({ payload: JSON.stringify(payload) })}`);
    if (fault) whispers.push({ to: person.id, ts: message.ts, text: `⚠ ${fault}` });
    return c.redirect(`/?as=${person.id}`, 303);
  });
  app.post(`/actions/${TEAM.id}/:id`, async (c) => {
    const address = addresses.get(c.req.param('id'));
    const answer = Answer.safeParse(await c.req.json().catch(() => undefined));
    if (!address || address.left-- <= 0 || address.until < Date.now())
      return c.json({ ok: false, error: 'expired_url' }, 404);
    if (!answer.success) return c.json({ ok: false, error: 'invalid_payload' }, 400);
    whispers.push({ to: address.to, ts: address.ts, text: answer.data.text });
    return c.text('ok');
  });
  return { app, whispers, aim: (at: Interactivity) => void Object.assign(aimed, { at }) };
}

/** What Slack would show when the app does not answer as it should; undefined when it did. */
async function send({ url, secret }: Interactivity, body: string): Promise<string | undefined> {
  const timestamp = `${Math.floor(Date.now() / 1000)}`;
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.status === 200 ? undefined : `The app answered ${answer.status}.`;
  } catch {
    return 'The app did not answer within 3 seconds.';
  }
}
