// Presses of buttons in Slack: each is verified, becomes a fact by the person who pressed, and is answered to them alone.
// Must never approve anything: a Slack account is not a GitHub account. https://docs.slack.dev/authentication/verifying-requests-from-slack
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { answerPress, isMember, updateMessage } from '#adapters/slack';
import { holdOn } from '#core/incident/hold';
import { type Order, steer } from '#core/incident/steering';
import { isIncidentKey } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import * as words from '#core/messages/slack-answers';
import type { Desk } from '../desk/desk.ts';
import { slackMessageOf } from '../desk/slack-message.ts';
import type { Hearing } from '../desk/world.ts';
import { answer, parseJson, readBody, signedBy } from './http.ts';

const CAP = 262_144;
const WINDOW_S = 300;
/** Slack shows an error after 3 s. So what takes longer goes on after the answer. */
const DEADLINE_MS = 2500;

const Press = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string().regex(/^[UW][A-Z0-9]{1,30}$/) }),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string().regex(/^\d{1,12}\.\d{6}$/) }),
  response_url: z.url(),
  actions: z.tuple([z.object({ action_id: z.string(), value: z.string().max(200).optional() })]),
});
type Press = z.infer<typeof Press>;
type Slack = NonNullable<Hearing['config']['slack']>;
type Parts = { world: Hearing; desk: Pick<Desk, 'wake'>; slack: Slack };

/** Whether the raw body has Slack's signature, and its time is at most five minutes before or after ours. */
export function fromSlack(
  raw: Buffer,
  headers: { timestamp: string; signature: string },
  secret: string,
  now: Date,
): boolean {
  const { timestamp, signature } = headers;
  const hex = /^v0=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (!hex || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_S) return false;
  return signedBy(Buffer.concat([Buffer.from(`v0:${timestamp}:`), raw]), [secret], [hex]);
}

export async function handleSlack(
  world: Hearing,
  desk: Pick<Desk, 'wake'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<true> {
  const { slack } = world.config;
  if (!slack?.signingSecret) return answer(response, 404, { error: words.noButtons });
  const body = await readBody(request, CAP);
  if (!body.ok) return answer(response, body.status, { error: body.reason });
  const header = (name: string): string => String(request.headers[name] ?? '');
  const signed = { timestamp: header('x-slack-request-timestamp'), signature: header('x-slack-signature') };
  if (!fromSlack(body.raw, signed, slack.signingSecret, world.now()))
    return answer(response, 401, { error: 'the signature does not match, or it is too old' });
  const form = new URLSearchParams(body.raw.toString('utf8'));
  const wrong = wrongRequest(body.raw, form);
  if (wrong) {
    world.log.warn({ cure: wrong.cure }, 'Slack asks for something that Vigil does not do');
    return wrong.body ? answer(response, 200, wrong.body) : acknowledge(response);
  }
  const press = Press.safeParse(parseJson(Buffer.from(form.get('payload') ?? '')));
  // Other interactions, and the press of a link, need only an empty answer.
  if (!press.success || !isOurs(press.data)) return acknowledge(response);
  const work = hear({ world, desk, slack }, press.data).catch((error: unknown) =>
    world.log.error({ err: error }, 'a press in Slack stumbled'),
  );
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((late) => (timer = setTimeout(late, DEADLINE_MS)))]);
  clearTimeout(timer);
  return acknowledge(response);
}

const Event = z.object({ type: z.string(), challenge: z.string().max(500).optional() });

/**
 * What comes when more is set up in Slack than the buttons: the test of an address for events, an event, or a slash command. Each is
 * answered as Slack wants it, and with the cure where a person sees the answer.
 * https://docs.slack.dev/reference/events/url_verification and https://docs.slack.dev/interactivity/implementing-slash-commands
 */
function wrongRequest(
  raw: Buffer,
  form: URLSearchParams,
): { cure: string; body: Record<string, unknown> | null } | null {
  if (form.has('command'))
    return { cure: words.noCommands, body: { response_type: 'ephemeral', text: words.noCommands } };
  const event = Event.safeParse(parseJson(raw));
  if (!event.success) return null;
  const { type, challenge } = event.data;
  const verifies = type === 'url_verification' && challenge !== undefined;
  return { cure: words.noEvents, body: verifies ? { challenge, note: words.noEvents } : null };
}

/** An empty 200. Slack would show any other answer in the channel, or put it in place of the message. */
function acknowledge(response: ServerResponse): true {
  response.writeHead(200, { 'content-length': 0, 'cache-control': 'no-store' });
  response.end();
  return true;
}

const actionOf = ({ actions: [{ action_id }] }: Press): string => action_id;

function isOurs(press: Press): boolean {
  return actionOf(press) === 'vigil_reject' || actionOf(press) === 'vigil_hold';
}

async function hear(parts: Parts, press: Press): Promise<void> {
  const { world, slack } = parts;
  const said = await obey(parts, press);
  const told = await answerPress(slack, press.response_url, said);
  if (!told.ok) world.log.warn({ reason: told.reason }, 'somebody in Slack was not answered');
}

/** Does what was pressed, and returns the answer. */
async function obey({ world, desk, slack }: Parts, press: Press): Promise<string> {
  const member = press.channel.id === slack.channel ? await isMember(slack, press.user.id) : false;
  if (member === null) return words.cannotTell;
  const by = `slack:${press.user.id}`;
  if (!member) {
    world.log.warn({ by, action: actionOf(press) }, 'a press by somebody who may not');
    return words.notAMember;
  }
  const [key = '', attempt = '', head = ''] = (press.actions[0].value ?? '').split(' ');
  if (!isIncidentKey(key)) return words.staleButton;
  await world.ledger.refresh();
  let refusal = '';
  const written = await world.ledger
    .append(key, (incident, view) => {
      refusal = '';
      if (!incident || !isCurrent(incident, Number(attempt), head)) refusal = words.staleButton;
      else if (actionOf(press) === 'vigil_hold' && holdOn(view.held(), incident)) refusal = words.heldAlready;
      const steered =
        refusal || !incident ? null : steer(incident, orderOf(press), by, orderOf(press).reason);
      if (steered && !steered.ok) refusal = words.impossibleNow(steered.reason);
      return !steered?.ok
        ? { standDown: refusal }
        : { facts: [steered.fact], actor: { kind: 'person', login: by }, at: world.now() };
    })
    .catch((error: unknown) => {
      world.log.error({ incident: key, err: error }, 'a press could not be written down');
      refusal = words.notWritten;
      return { ok: false as const, reason: refusal };
    });
  desk.wake(key);
  if (!written.ok) return refusal || words.impossibleNow(written.reason);
  await updateMessage(slack, key, press.message.ts, slackMessageOf(world, written.incident));
  return actionOf(press) === 'vigil_hold' ? words.heldNow : words.rejectedNow;
}

function isCurrent(incident: Incident, attempt: number, head: string): boolean {
  return incident.attempt === attempt && latestOf(incident, 'pull.opened')?.head === head;
}

/** One rule for every channel says what it comes to. */
function orderOf(press: Press): Order {
  return actionOf(press) === 'vigil_hold'
    ? { word: 'hold', all: false, reason: words.pressedHold }
    : { word: 'reject', all: false, reason: words.pressedReject };
}
