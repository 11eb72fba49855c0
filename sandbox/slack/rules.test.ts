// What Slack asks of a token and a channel before a method does anything: scopes, limits, headers, warnings; and what it does
// to a message that it gives back.
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Door, door } from '../../test/support/hearing.ts';
import { type Slack, startSlack } from './server.ts';

const channel = { id: 'C0INCIDENTS', name: 'incidents' };
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
let slack: Slack;
let client: WebClient;
async function open(options: Partial<Parameters<typeof startSlack>[0]> = {}): Promise<void> {
  await slack?.close();
  slack = await startSlack({ token: 'xoxb-test', channel, ...options });
  const retryConfig = { retries: 0 };
  client = new WebClient('xoxb-test', { slackApiUrl: slack.api, retryConfig, rejectRateLimitedCalls: true });
}
const call = async (method: string, args: object, type = 'application/json; charset=utf-8') => {
  const headers = { authorization: 'Bearer xoxb-test', 'content-type': type };
  const body = JSON.stringify({ channel: channel.id, ...args });
  const answer = await fetch(slack.api + method, { method: 'POST', headers, body });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
};

beforeEach(() => open());
afterEach(async () => {
  vi.useRealTimers();
  await slack.close();
});

describe('a token', () => {
  it('may do what its scopes say, and each answer names both', async () => {
    const { headers } = await call('chat.postMessage', { text: 'hello' });
    expect(headers.get('x-oauth-scopes')).toBe('chat:write,channels:history,channels:read');
    expect(headers.get('x-accepted-oauth-scopes')).toBe('chat:write');
    expect(headers.get('x-slack-req-id')).toMatch(/^[0-9a-f]{32}$/);
    const told = await client.conversations.history({ channel: channel.id });
    const accepted = ['channels:history', 'groups:history', 'mpim:history', 'im:history'];
    expect(told.response_metadata).toMatchObject({ acceptedScopes: accepted });
  });

  it.each([
    ['chat.postMessage', 'chat:write', ['channels:history', 'channels:read']],
    ['chat.update', 'chat:write', ['channels:history']],
    ['conversations.history', 'channels:history', ['chat:write', 'groups:history']],
    ['conversations.members', 'channels:read', ['chat:write', 'channels:history']],
  ])('is refused %s without %s', async (method, needed, scopes) => {
    await open({ scopes });
    const { status, body } = await call(method, { text: 'hello', ts: '1.000001' });
    expect(status).toBe(200);
    expect(body).toEqual({ ok: false, error: 'missing_scope', needed, provided: scopes.join(',') });
  });

  it('needs other scopes in a private channel', async () => {
    await open({ channel: { ...channel, isPrivate: true } });
    const read = (await call('conversations.history', {})).body;
    expect(read).toMatchObject({ error: 'missing_scope', needed: 'groups:history' });
    expect((await call('conversations.members', {})).body).toMatchObject({ needed: 'groups:read' });
    await open({ channel: { ...channel, isPrivate: true }, scopes: ['groups:history'] });
    expect((await call('conversations.history', {})).body.ok).toBe(true);
  });
});

describe('a limit', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-29T12:00:00Z') }));

  it('lets one message a second into a channel, after a short burst', async () => {
    const post = async () => (await call('chat.postMessage', { text: 'hello' })).status;
    expect([await post(), await post(), await post()]).toEqual([200, 200, 200]);
    const { status, headers, body } = await call('chat.postMessage', { text: 'hello' });
    expect([status, headers.get('retry-after'), body]).toEqual([
      429,
      '3',
      { ok: false, error: 'ratelimited' },
    ]);
    await expect(client.chat.postMessage({ channel: channel.id, text: 'x' })).rejects.toMatchObject({
      retryAfter: 3,
    });
    expect(slack.messages()).toHaveLength(3);
    vi.setSystemTime(Date.now() + 3000);
    expect(await post()).toBe(200);
  });

  it.each([
    ['chat.update', 50],
    ['conversations.history', 50],
    ['conversations.members', 100],
  ])('lets %s through %i times a minute', async (method, times) => {
    for (let n = 0; n < times; n++) expect((await call(method, { ts: '1' })).status).toBe(200);
    vi.setSystemTime(Date.now() + 20_000);
    const { status, headers } = await call(method, { ts: '1' });
    expect([status, headers.get('retry-after')]).toEqual([429, '40']);
    expect((await call('auth.test', {})).status).toBe(200);
  });
});

describe('a channel', () => {
  const all = async () => {
    const ts = slack.say('before');
    const methods = ['chat.postMessage', 'chat.update', 'conversations.history', 'conversations.members'];
    const answers = await Promise.all(methods.map((method) => call(method, { text: 'x', ts })));
    return answers.map(({ body }) => body.error ?? 'ok');
  };

  it('that the bot is not in is closed, and a private one is not even there', async () => {
    slack.setRoom({ invited: false });
    expect(await all()).toEqual(['not_in_channel', 'not_in_channel', 'not_in_channel', 'ok']);
    const scopes = ['chat:write', 'groups:history', 'groups:read'];
    await open({ scopes, channel: { ...channel, isPrivate: true } });
    slack.setRoom({ invited: false });
    expect(new Set(await all())).toEqual(new Set(['channel_not_found']));
  });

  it('that is archived can still be read', async () => {
    slack.setRoom({ archived: true });
    expect(await all()).toEqual(['is_archived', 'is_inactive', 'ok', 'ok']);
  });

  it('holds messages of others, which nobody else can edit', async () => {
    expect(await all()).toEqual(['ok', 'cant_update_message', 'ok', 'ok']);
    const history = await client.conversations.history({ channel: channel.id });
    expect(history.messages).toMatchObject([{ app_id: 'A0SANDBOX' }, { app_id: 'A0OTHER' }]);
  });

  it('gives its members page by page, and refuses a cursor it did not give', async () => {
    const people = ['A', 'B'].map((name) => ({ id: `U0${name}`, name, member: true }));
    await open({ people });
    const first = await client.conversations.members({ channel: channel.id, limit: 2 });
    expect(first.members).toEqual(['U0SANDBOX', 'U0A']);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const rest = await client.conversations.members({ channel: channel.id, limit: 2, cursor });
    expect([rest.members, rest.response_metadata?.next_cursor]).toEqual([['U0B'], '']);
    expect((await call('conversations.members', { cursor: 'mine' })).body.error).toBe('invalid_cursor');
    expect((await call('conversations.history', { cursor: 'mine' })).body.error).toBe('invalid_cursor');
  });
});

it('warns of a message without text, and of JSON without a charset', async () => {
  const warned = await call('chat.postMessage', { blocks: [section('hello')] }, 'application/json');
  const warnings = ['missing_text_in_message', 'missing_charset'];
  expect(warned.body).toMatchObject({ ok: true, warning: warnings.join(), response_metadata: { warnings } });
  expect((await call('chat.postMessage', { text: 'hello' })).body).not.toHaveProperty('warning');
});

it('refuses a field that a block does not have', async () => {
  const { body } = await call('chat.postMessage', { blocks: [{ ...section('hello'), colour: 'red' }] });
  expect(body.errors).toEqual(['invalid additional property: colour [json-pointer:/blocks/0]']);
});

it('gives blocks back with ids, and texts that say how they are read', async () => {
  const button = { type: 'button', text: { type: 'plain_text', text: 'Hold' }, action_id: 'hold' };
  const blocks = [section('hello'), { type: 'actions', block_id: 'doors', elements: [button] }];
  await call('chat.postMessage', { text: 'hello', blocks });
  expect(slack.messages()[0]?.blocks).toMatchObject([
    { block_id: expect.stringMatching(/^[\w-]{4}$/), text: { text: 'hello', verbatim: false } },
    { block_id: 'doors', elements: [{ text: { text: 'Hold', emoji: true } }] },
  ]);
});

describe('the press of a link', () => {
  let app: Door;
  let heard: string[];
  beforeEach(async () => {
    heard = [];
    app = await door(async (request, response) => {
      for await (const part of request) heard.push(String(part));
      response.writeHead(200).end();
      return true;
    });
    await open({ people: [{ id: 'U0RILEY', name: 'riley', member: true }] });
    slack.setInteractivity({ url: app.url, secret: 'secret' });
  });
  afterEach(() => app.close());

  it('is sent like any other, and no other button can be pressed that way', async () => {
    const text = { type: 'plain_text', text: 'Press' };
    const elements = [
      { type: 'button', text, action_id: 'review', url: 'https://forge.example/pull/1' },
      { type: 'button', text, action_id: 'hold', value: '1' },
    ];
    await call('chat.postMessage', { text: 'hello', blocks: [{ type: 'actions', elements }] });
    const page = await (await fetch(slack.web)).text();
    const ping = / ping="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const press = (path: string) =>
      fetch(slack.web + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'text/ping', origin: slack.web },
      });
    expect((await press(ping)).status).toBe(303);
    const sent = JSON.parse(new URLSearchParams(heard.join('')).get('payload') ?? '');
    expect(sent).toMatchObject({ type: 'block_actions', actions: [{ action_id: 'review' }] });
    expect((await press(ping.replace('review', 'hold'))).status).toBe(404);
    expect(heard).toHaveLength(1);
  });
});
