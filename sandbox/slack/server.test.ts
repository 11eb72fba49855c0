import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Slack, startSlack } from './server.ts';

const channel = { id: 'C0INCIDENTS', name: 'incidents' };
let slack: Slack;
let client: WebClient;
const connect = (token: string) =>
  new WebClient(token, { slackApiUrl: slack.api, timeout: 5_000, retryConfig: { retries: 0 } });

beforeEach(async () => {
  slack = await startSlack({ token: 'xoxb-test', channel });
  client = connect('xoxb-test');
});
afterEach(() => slack.close());

const post = (message: object) =>
  client.apiCall('chat.postMessage', { channel: channel.id, text: 'fallback', ...message });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe("Slack's own client", () => {
  it('signs in with the right token only', async () => {
    expect(await client.auth.test()).toMatchObject({ ok: true, team: 'Sandbox', user: 'vigil' });
    await expect(connect('xoxb-wrong').auth.test()).rejects.toMatchObject({
      data: { error: 'invalid_auth' },
    });
    await expect(connect('').auth.test()).rejects.toMatchObject({ data: { error: 'not_authed' } });
  });

  it('posts, edits in place, and finds its message again by the marker', async () => {
    const metadata = { event_type: 'vigil_incident', event_payload: { id: '42' } };
    const { ts } = await client.chat.postMessage({
      channel: channel.id,
      text: 'Checkout fails',
      blocks: [section('*Checkout* fails')],
      metadata,
    });
    if (ts === undefined) throw new Error('no ts');
    expect(ts).toMatch(/^\d{10}\.\d{6}$/);
    await client.chat.postMessage({ channel: channel.id, text: 'detail', thread_ts: ts });
    await client.chat.update({
      channel: channel.id,
      ts,
      text: 'Checkout works',
      blocks: [section('Checkout works')],
    });
    const { messages } = await client.conversations.history({
      channel: channel.id,
      include_all_metadata: true,
    });
    expect(messages).toMatchObject([{ ts, text: 'Checkout works', metadata, edited: {} }]);
    expect((await client.conversations.history({ channel: channel.id })).messages?.[0]).not.toHaveProperty(
      'metadata',
    );
    expect(slack.messages()).toHaveLength(2);
  });

  it('reads history in pages, newest first', async () => {
    for (const text of ['one', 'two', 'three']) await post({ text });
    const first = await client.conversations.history({ channel: channel.id, limit: 2 });
    expect(first.messages?.map(({ text }) => text)).toEqual(['three', 'two']);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const rest = await client.conversations.history({ channel: channel.id, limit: 2, cursor });
    expect(rest.messages?.map(({ text }) => text)).toEqual(['one']);
    expect(rest.has_more).toBe(false);
  });

  it.each([
    ['another channel', { channel: 'C0OTHER' }, 'channel_not_found'],
    ['a section of 3001 characters', { blocks: [section('x'.repeat(3001))] }, 'invalid_blocks'],
    ['51 blocks', { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, 'invalid_blocks'],
    ['a block that does not exist', { blocks: [{ type: 'siren' }] }, 'invalid_blocks'],
    ['blocks that are no list', { blocks: 'siren' }, 'invalid_blocks_format'],
    [
      'a header of 151 characters',
      { blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] },
      'invalid_blocks',
    ],
    [
      'too much in all blocks together',
      { blocks: Array.from({ length: 5 }, () => section('x'.repeat(2900))) },
      'msg_blocks_too_long',
    ],
    ['metadata without a type', { metadata: { event_payload: {} } }, 'invalid_metadata_format'],
    ['nothing', { text: '' }, 'no_text'],
  ])('is refused %s', async (_, message, error) => {
    await expect(post(message)).rejects.toMatchObject({ data: { error } });
    expect(slack.messages()).toEqual([]);
  });

  it('is told where a block is wrong', async () => {
    await expect(post({ blocks: [section('ok'), section('x'.repeat(3001))] })).rejects.toMatchObject({
      data: {
        response_metadata: {
          messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]'],
        },
      },
    });
  });

  it('may post more text than it may put into an edit, and edits only what exists', async () => {
    const { ts } = await client.chat.postMessage({ channel: channel.id, text: 'x'.repeat(50_000) });
    expect(slack.messages()[0]?.text).toHaveLength(40_000);
    const update = (args: object) =>
      client.apiCall('chat.update', { channel: channel.id, ts, text: 'new', ...args });
    await expect(update({ text: 'x'.repeat(4001) })).rejects.toMatchObject({
      data: { error: 'msg_too_long' },
    });
    await expect(update({ ts: '1.000001' })).rejects.toMatchObject({ data: { error: 'message_not_found' } });
  });
});

it('takes JSON as well as forms', async () => {
  const headers = { authorization: 'Bearer xoxb-test', 'content-type': 'application/json; charset=utf-8' };
  const body = JSON.stringify({ channel: '#incidents', text: 'hello', blocks: [section('hello')] });
  expect(
    await (await fetch(`${slack.api}chat.postMessage`, { method: 'POST', headers, body })).json(),
  ).toMatchObject({ ok: true, channel: channel.id });
});

it('shows links and buttons to people, and everything else as text', async () => {
  const actions = {
    type: 'actions',
    elements: [
      { type: 'button', text: { type: 'plain_text', text: 'Review' }, url: 'http://forge.test/pull/1' },
    ],
  };
  await post({
    blocks: [
      section(
        '*Fix* is <http://forge.test/pull/1|pull request 1>, says &lt;b&gt; <!channel> <script>x</script>',
      ),
      actions,
    ],
  });
  await post({ text: 'see `rm` <javascript:alert(1)|me>' });
  const page = await (await fetch(slack.web)).text();
  expect(page).toContain('stand-in for Slack');
  expect(page).toContain(
    '<b>Fix</b> is <a href="http://forge.test/pull/1">pull request 1</a>, says &lt;b&gt; <mark>!channel</mark> &lt;script&gt;x',
  );
  expect(page).toContain('<a class="button" href="http://forge.test/pull/1">Review</a>');
  expect(page).toContain('<code>rm</code> &lt;javascript:alert(1)|me&gt;');
});
