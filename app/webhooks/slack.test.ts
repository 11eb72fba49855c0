// Pressing Reject and Hold in Slack: who may, what is written down, and what only the person who pressed is told.
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAnswerAddress, postOnce } from '#adapters/slack';
import { holdOn } from '#core/incident/hold';
import { type Slack, startSlack } from '../../sandbox/slack/server.ts';
import { type Door, door, hearing, memoryLedger, NOW, testConfig } from '../../test/support/hearing.ts';
import {
  fact,
  incidentOf,
  KEY,
  untilMerged,
  untilVerifying,
  withFacts,
} from '../../test/support/incidents.ts';
import { slackMessageOf } from '../desk/slack-message.ts';
import { fromSlack, handleSlack } from './slack.ts';

const SECRET = 'a signing secret of the tests';
const channel = { id: 'C0INCIDENTS', name: 'incidents' };
const people = [
  { id: 'U0RILEY', name: 'riley', member: true },
  { id: 'U0ROBIN', name: 'robin', member: false },
];
const waiting = incidentOf(untilMerged.slice(0, -2));

let slack: Slack;
let app: Door;
let woken: string[];
let world: ReturnType<typeof hearing>;

beforeEach(async () => {
  slack = await startSlack({ token: 'xoxb-test', channel, people });
  woken = [];
  const config = testConfig({
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_APPROVAL_CHANNEL: channel.id,
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slack.api.replace(/\/$/, ''),
  });
  world = { ...hearing(memoryLedger([waiting]), config), now: () => new Date() };
  app = await door((request, response) =>
    handleSlack(world, { wake: (key) => void woken.push(key) }, request, response),
  );
  slack.setInteractivity({ url: app.url, secret: SECRET });
  if (!config.slack) throw new Error('no Slack');
  await postOnce(config.slack, KEY, slackMessageOf(world, waiting));
});
afterEach(async () => {
  await app.close();
  await slack.close();
});

const view = async (as: string) => (await fetch(`${slack.web}/?as=${as}`)).text();
/** Presses as somebody who looks at the page; what they see afterwards. */
async function press(as: string, action: string): Promise<string> {
  const ts = slack.messages()[0]?.ts ?? '';
  const headers = { origin: new URL(slack.web).origin };
  const body = new URLSearchParams({ ts, action });
  await fetch(`${slack.web}/press?as=${as}`, { method: 'POST', body, headers });
  return view(as);
}
const incident = () => {
  const found = world.ledger.get(KEY);
  if (!found) throw new Error('the ledger lost it');
  return found;
};

describe('a member of the approval channel', () => {
  test('rejects: the fact is theirs, and the buttons are gone', async () => {
    expect(await view('U0RILEY')).toMatch(/Approve[\s\S]*Reject[\s\S]*Hold/);
    const seen = await press('U0RILEY', 'vigil_reject');
    expect(seen).toContain('Rejected. Nothing runs, and people take over.');
    expect(incident().stage).toBe('ESCALATED');
    expect(incident().records.at(-1)).toMatchObject({
      type: 'remediation.rejected',
      actor: { kind: 'person', login: 'slack:U0RILEY' },
      data: { by: 'slack:U0RILEY', reason: 'rejected in Slack' },
    });
    expect(woken).toEqual([KEY]);
    expect(seen).not.toMatch(/<button|class="button/);
    expect(await view('U0ROBIN')).not.toContain('Only visible to you');
  });

  test('holds, once, and the message says so', async () => {
    const seen = await press('U0RILEY', 'vigil_hold');
    expect(holdOn(null, incident())).toEqual({
      scope: 'incident',
      by: 'slack:U0RILEY',
      reason: 'held in Slack',
    });
    expect(seen).toContain('On hold: nothing starts until');
    expect(seen).toMatch(/<b>On hold<\/b> by slack:U0RILEY/);
    expect(seen).not.toContain('value="vigil_hold"');
    expect(seen).toContain('value="vigil_reject"');
  });

  test('presses Hold when it is over: told so, and nothing is written', async () => {
    const over = withFacts(waiting, [fact('remediation.rejected')]);
    world = { ...world, ledger: memoryLedger([over]) };
    expect(await press('U0RILEY', 'vigil_hold')).toContain('it is over, so there is nothing to hold');
    expect(incident().seq).toBe(over.seq);
  });

  test('presses twice before the message has changed: the second does nothing', async () => {
    await Promise.all([press('U0RILEY', 'vigil_hold'), press('U0RILEY', 'vigil_hold')]);
    expect(incident().records.filter(({ type }) => type === 'hold.set')).toHaveLength(1);
    expect(await view('U0RILEY')).toContain('It is on hold already.');
  });

  test.each([
    [
      'a script that runs',
      incidentOf(untilVerifying.slice(0, -1)),
      'That cannot be done now: remediation.rejected cannot happen in EXECUTING.',
    ],
    [
      'an older proposal',
      withFacts(waiting, [fact('remediation.withdrawn')]),
      'That proposal is no longer the current one',
    ],
    [
      'a new attempt',
      withFacts(waiting, [fact('incident.escalated'), fact('incident.retried')]),
      'no longer the current one',
    ],
  ])('is too late for %s', async (_, now, said) => {
    world = { ...world, ledger: memoryLedger([now]) };
    expect(await press('U0RILEY', 'vigil_reject')).toContain(said);
    expect(incident().seq).toBe(now.seq);
  });
});

test('somebody who is not in the channel is told so, alone, and nothing is written', async () => {
  for (const action of ['vigil_reject', 'vigil_hold'])
    expect(await press('U0ROBIN', action)).toContain('Only members of the approval channel may do that');
  expect(incident().seq).toBe(waiting.seq);
  expect(await view('U0RILEY')).not.toContain('Only visible to you');
});

describe('what Slack did not send', () => {
  const payload = (change: object = {}) => ({
    type: 'block_actions',
    user: { id: 'U0RILEY' },
    channel: { id: channel.id },
    message: { ts: slack.messages()[0]?.ts },
    response_url: `${slack.web}/actions/T0SANDBOX/x`,
    actions: [{ action_id: 'vigil_reject', value: `${KEY} 1 ${'a'.repeat(40)}` }],
    ...change,
  });
  const send = async (body: string, how = {}) => (await sendWhole(body, how)).status;
  const sendWhole = (body: string, { secret = SECRET, age = 0, more = '' } = {}) => {
    const timestamp = `${Math.floor(Date.now() / 1000) - age}`;
    const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
    const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` };
    return fetch(app.url, { method: 'POST', body: body + more, headers });
  };
  const form = (change: object = {}) =>
    `${new URLSearchParams({ payload: JSON.stringify(payload(change)) })}`;

  test.each([
    ['is signed with another secret', { secret: 'another secret of enough length' }],
    ['is older than five minutes', { age: 301 }],
    ['is from the future', { age: -310 }],
    ['was changed on the way', { more: '&x=1' }],
  ])('is refused when it %s', async (_, how) => {
    expect(await send(form(), how)).toBe(401);
    expect(incident().seq).toBe(waiting.seq);
  });

  test('is refused without a signature, and everywhere where no secret is set', async () => {
    expect((await fetch(app.url, { method: 'POST', body: form() })).status).toBe(401);
    world = { ...world, config: testConfig() };
    expect(await send(form())).toBe(404);
  });

  test.each([
    ['a link that was pressed', { actions: [{ action_id: 'vigil_approve' }] }],
    ['another interaction', { type: 'view_submission' }],
    ['a message elsewhere', { channel: { id: 'C0OTHER' } }],
    ['a value that was made up', { actions: [{ action_id: 'vigil_reject', value: '../../x 1 y' }] }],
    ['a user id that is none', { user: { id: 'riley; rm' } }],
  ])('is acknowledged and does nothing: %s', async (_, change) => {
    expect(await send(form(change))).toBe(200);
    expect(incident().seq).toBe(waiting.seq);
  });

  test.each([
    [
      'the test of an address for events',
      JSON.stringify({ type: 'url_verification', challenge: '3eZbrw1aB', token: 'x' }),
      /^\{"challenge":"3eZbrw1aB","note":"Vigil listens to no events of Slack\. Leave event subscriptions off/,
    ],
    [
      'an event',
      JSON.stringify({ type: 'event_callback', event: { type: 'app_mention', text: 'approve' } }),
      /^$/,
    ],
    [
      'a slash command',
      'command=%2Fvigil&text=approve&user_id=U0RILEY&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands',
      /^\{"response_type":"ephemeral","text":"Vigil has no slash commands in Slack\..*`\/vigil help` in a comment/,
    ],
    ['a check of the certificate', 'ssl_check=1&token=x', /^$/],
  ])('is answered with the cure and does nothing: %s', async (_, body, expected) => {
    const sent = await sendWhole(body);
    expect(sent.status).toBe(200);
    expect(await sent.text()).toMatch(expected);
    expect((await sendWhole(body, { secret: 'another secret of enough length' })).status).toBe(401);
    expect(incident().seq).toBe(waiting.seq);
  });

  test('gets no answer to a foreign address, but is obeyed', async () => {
    expect(await send(form({ response_url: 'http://127.0.0.1:9/steal' }))).toBe(200);
    expect(incident().stage).toBe('ESCALATED');
  });
});

test('answers go to Slack’s own host only', () => {
  const slackCom = 'https://slack.com/api';
  expect(isAnswerAddress(slackCom, 'https://hooks.slack.com/actions/T1/2/x')).toBe(true);
  for (const address of [
    'http://hooks.slack.com/actions/T1',
    'https://hooks.slack.com.evil.example/actions',
    'https://evil.example/hooks.slack.com',
    'https://user@hooks.slack.com/actions',
    'https://hooks.slack.com:8443/actions',
    'nothing',
  ])
    expect(isAnswerAddress(slackCom, address), address).toBe(false);
});

test('Slack’s own example of a signature is accepted, and only in its time', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const timestamp = '1531420618';
  const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
  // Printed in Slack's documentation, in two parts so that no scanner takes it for a live one.
  const secret = ['8f742231b10e8888', 'abcd99yyyzzz85a5'].join('');
  const at = (ms: number) => fromSlack(Buffer.from(body), { timestamp, signature }, secret, new Date(ms));
  expect(at(1_531_420_618_000)).toBe(true);
  expect(at(NOW.getTime())).toBe(false);
  expect(fromSlack(Buffer.from(body), { timestamp: '', signature }, secret, new Date(0))).toBe(false);
});
