// The incident's one message in Slack: found by what the ledger knows or by its metadata, never mistaken for another app's, posted
// anew when it can no longer be edited. And what is made of Slack's refusals, in words that a person can act on.
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listen } from '../../sandbox/listen.ts';
import { type Slack, startSlack } from '../../sandbox/slack/server.ts';
import { isAnswerAddress, postOnce, updateMessage } from './slack.ts';

const channel = { id: 'C0INCIDENTS', name: 'incidents' };
const words = (text: string) => ({ text, blocks: [] });
const metadata = (incident = 'pd-1') => ({ event_type: 'vigil_incident', event_payload: { incident } });
let slack: Slack;
const account = (change: object = {}) => ({
  ...{ token: 'xoxb-test', channel: channel.id, api: slack.api.replace(/\/$/, '') },
  ...change,
});
const own = () => slack.messages().filter(({ bot_id }) => bot_id === 'B0SANDBOX');
const post = (text: string, known?: Parameters<typeof postOnce>[3]) =>
  postOnce(account(), 'pd-1', words(text), known);
async function posted(text = 'first'): Promise<string> {
  const sent = await post(text);
  if (!sent.ok) throw new Error(sent.reason);
  return sent.ts;
}

beforeEach(async () => {
  slack = await startSlack({ token: 'xoxb-test', channel });
});
afterEach(async () => {
  vi.useRealTimers();
  await slack.close();
});

describe('the message that is there already', () => {
  test('is edited, not posted again', async () => {
    const ts = await posted();
    expect(await post('second')).toEqual({ ok: true, ts });
    expect(own().map(({ text }) => text)).toEqual(['second']);
  });

  test('is not another incident’s', async () => {
    await posted();
    await postOnce(account(), 'pd-2', words('other'));
    expect(own().map(({ text }) => text)).toEqual(['first', 'other']);
  });

  test.each([
    ['another app’s', { bot_id: 'B0OTHER', app_id: 'A0OTHER' }],
    ['a person’s, who carries no bot’s name', { bot_id: '', app_id: '' }],
  ])('is not %s, though it has the same metadata', async (_, author) => {
    slack.say('mine', { metadata: metadata(), ...author });
    await posted();
    slack.say('mine again', { metadata: metadata(), ...author });
    await post('second');
    expect(own().map(({ text }) => text)).toEqual(['second']);
    expect(slack.messages().map(({ text }) => text)).toEqual(['mine', 'second', 'mine again']);
  });

  test('is found by what the ledger knows, however busy the channel was since', async () => {
    const ts = await posted();
    for (let index = 0; index < 450; index++) slack.say(`noise ${index}`);
    expect(await post('second', { ts, since: null })).toEqual({ ok: true, ts });
    expect(own().map(({ text }) => text)).toEqual(['second']);
  });

  test('is found behind more than two pages of newer messages where its answer was lost', async () => {
    const since = new Date(Date.now() - 60_000);
    const ts = await posted();
    for (let index = 0; index < 450; index++) slack.say(`noise ${index}`, { metadata: metadata('pd-9') });
    expect(await post('second', { ts: null, since })).toEqual({ ok: true, ts });
    expect(own()).toHaveLength(1);
  });

  test('is not looked for further back than its claim', async () => {
    await posted('of long ago');
    expect(await post('new', { ts: null, since: new Date(Date.now() + 1000) })).toMatchObject({ ok: true });
    expect(own().map(({ text }) => text)).toEqual(['of long ago', 'new']);
  });
});

describe('a message that can no longer be edited', () => {
  test('because somebody deleted it is posted again, and that one is found from then on', async () => {
    const ts = await posted();
    slack.remove();
    const again = await post('second', { ts, since: null });
    expect(again).toMatchObject({ ok: true });
    expect(await post('third', { ts, since: null })).toEqual(again);
    expect(own().map(({ text }) => text)).toEqual(['third']);
  });

  test('because it is not this app’s is left alone', async () => {
    const ts = slack.say('mine', { metadata: metadata() });
    expect(await post('second', { ts, since: null })).toMatchObject({ ok: true });
    expect(slack.messages().map(({ text }) => text)).toEqual(['mine', 'second']);
  });

  test('because its time is over is followed by a new one', async () => {
    const ts = await posted();
    slack.setRoom({ editable: false });
    expect(await post('second', { ts, since: null })).toMatchObject({ ok: true });
    expect(own().map(({ text }) => text)).toEqual(['first', 'second']);
  });
});

describe('a refusal says who can mend it, and whether to ask again', () => {
  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'an archived channel',
      async () => slack.setRoom({ archived: true }),
      'never',
      /^the Slack channel is archived\. Unarchive it, or set SLACK_APPROVAL_CHANNEL to another one \(is_archived\)$/,
    ],
    [
      'a channel without the bot',
      async () => slack.setRoom({ invited: false }),
      'never',
      /Invite it there \(not_in_channel\)/,
    ],
  ])('%s', async (_, happens, kind, reason) => {
    await happens();
    const sent = await post('x');
    expect(sent).toMatchObject({ ok: false, kind, reason: expect.stringMatching(reason) });
  });

  test('a channel that does not exist, and a token that is none', async () => {
    const elsewhere = await postOnce(account({ channel: 'C0NONE' }), 'pd-1', words('x'));
    expect(elsewhere).toMatchObject({
      kind: 'never',
      reason: expect.stringContaining('SLACK_APPROVAL_CHANNEL'),
    });
    const stranger = await postOnce(account({ token: 'xoxb-other' }), 'pd-1', words('x'));
    expect(stranger).toMatchObject({ kind: 'never', reason: expect.stringContaining('SLACK_BOT_TOKEN') });
    const edit = await updateMessage(account({ token: 'xoxb-other' }), 'pd-1', '1.000001', words('x'));
    expect(edit).toMatchObject({ kind: 'never', reason: expect.stringContaining('SLACK_BOT_TOKEN') });
  });

  test.each<[string, number, string, object, string]>([
    ['a proxy’s page', 502, '<html><h1>Bad <b>gateway</b></h1></html>', {}, 'later'],
    ['a login page that says 200', 200, '<html><h1>Sign in</h1></html>', {}, 'later'],
    ['an answer that is empty', 200, '', {}, 'later'],
    ['a limit', 429, '{"ok":false,"error":"ratelimited"}', { 'retry-after': '9' }, 'later'],
    ['a limit without a time', 429, '<b>slow down</b>', {}, 'later'],
    ['Slack’s own trouble', 200, '{"ok":false,"error":"internal_error"}', {}, 'later'],
    ['a code that nobody knew yet', 200, '{"ok":false,"error":"moon_is_full"}', {}, 'unknown'],
    ['a code that is none', 200, '{"ok":false,"error":"<b>no</b>"}', {}, 'later'],
    ['a status that says nothing', 418, '<b>teapot</b>', {}, 'unknown'],
  ])('%s, without a word of it', async (_, status, body, headers, kind) => {
    const door = await listen(
      new Hono().all('*', () => new Response(body, { status, headers: { ...headers } })),
    );
    const sent = await postOnce(account({ api: `${door.url}/api` }), 'pd-1', words('x'));
    await door.close();
    expect(sent).toMatchObject({ ok: false, kind });
    expect(JSON.stringify(sent)).not.toMatch(/<|Sign in|teapot|slow down/);
  });

  test('nobody at the address', async () => {
    const sent = await postOnce(account({ api: 'http://127.0.0.1:9/api' }), 'pd-1', words('x'));
    expect(sent).toEqual({ ok: false, kind: 'later', reason: 'Slack could not be reached' });
  });
});

test.each([
  ['https://slack.com/api', 'https://hooks.slack.com/actions/T1/2/x', true],
  ['https://slack-gov.com/api', 'https://hooks.slack-gov.com/actions/T1/2/x', true],
  ['https://slack-gov.com/api', 'https://hooks.slack.com/actions/T1/2/x', false],
  ['https://slack.com/api', 'https://hooks.slack-gov.com/actions/T1/2/x', false],
  ['https://slack-gov.com/api', 'https://hooks.slack-gov.com.evil.example/x', false],
  ['https://slack-gov.com/api', 'https://slack-gov.com/actions', false],
  ['http://127.0.0.1:7/api', 'http://127.0.0.1:7/actions/1', true],
])('under %s an answer to %s is sent: %s', (api, address, sent) =>
  expect(isAnswerAddress(api, address)).toBe(sent),
);
