// PagerDuty's v3 webhooks: verify, claim in the ledger, answer. https://developer.pagerduty.com/docs/webhooks-overview
// Must never answer 4xx to a valid body, because PagerDuty then drops the event for good. Must never write an alert's text
// before it was cleaned.

import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Fact } from '#core/ledger/facts';
import { incidentKey } from '#core/ledger/incident-key';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { WITHHELD_TEXT } from '#core/messages/withheld';
import { normalise } from '#core/text/untrusted';
import type { Desk } from '../desk/desk.ts';
import { CLEAN_MS, IncidentData, type Opened, openedFact } from '../desk/opened.ts';
import type { Hearing } from '../desk/world.ts';
import { answer, parseJson, readBody, signedBy } from './http.ts';

const CAP = 262_144;
const DEADLINE_MS = 4000;
const DAY_MS = 86_400_000;

const Envelope = z.object({
  event: z.object({
    id: z.string(),
    event_type: z.string(),
    agent: z.object({ summary: z.string().nullish() }).nullish(),
    data: z.looseObject({ type: z.string() }),
  }),
});
const NoteData = z.object({
  type: z.literal('incident_note'),
  incident: z.object({ id: z.string().regex(/^[A-Z0-9]{5,40}$/) }),
});

/** The v1 signatures of the header. There may be spaces after commas. */
function signaturesOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => /^v1=([0-9a-f]{64})$/.exec(part.trim())?.[1])
    .filter((hex) => hex !== undefined);
}

/** What an event means for the incident as the ledger has it. Null: nothing new. */
function factsFor(
  world: Hearing,
  event: { id: string; type: string; by: string },
  opened: Opened | null,
  incident: Incident | null,
): Fact[] | null {
  if (event.type === 'incident.triggered') return incident || !opened ? null : [opened];
  if (!incident) return opened ? [opened] : null;
  const ended = hasEnded(incident);
  if (event.type === 'incident.resolved' && !ended) {
    const heard = incident.records.some(
      (record) => record.type === 'alert.resolved' && record.data.event === event.id,
    );
    return heard ? null : [{ type: 'alert.resolved', data: { event: event.id, by: event.by } }];
  }
  // The alert came back before anything was decided, so it is not quiet any more.
  if (event.type === 'incident.reopened' && !ended && latestOf(incident, 'alert.resolved'))
    return [{ type: 'alert.joined', data: { event: event.id, title: incident.opened.title } }];
  const last = Date.parse(incident.records.at(-1)?.at ?? '');
  if (event.type === 'incident.reopened' && ended && world.now().getTime() - last < DAY_MS)
    return [{ type: 'incident.reopened', data: { event: event.id } }];
  return null;
}

export async function handlePagerDuty(
  world: Hearing,
  desk: Pick<Desk, 'wake'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<true> {
  const body = await readBody(request, CAP);
  if (!body.ok) return answer(response, body.status, { error: body.reason });
  const header = request.headers['x-pagerduty-signature'];
  const signatures = signaturesOf(Array.isArray(header) ? header.join(',') : header);
  if (signatures.length === 0)
    return answer(response, 400, { error: 'x-pagerduty-signature is missing or malformed' });
  if (!signedBy(body.raw, world.config.pagerduty.secrets, signatures))
    return answer(response, 403, { error: 'the signature does not match' });
  const envelope = Envelope.safeParse(parseJson(body.raw));
  if (!envelope.success) return answer(response, 202, { ignored: 'not an event Vigil knows' });
  const { event } = envelope.data;
  const note = NoteData.safeParse(event.data);
  if (note.success) {
    // The webhook only says that there is a note. The desk reads the note and its author from PagerDuty.
    desk.wake(incidentKey(note.data.incident.id));
    return answer(response, 202, { heard: event.event_type });
  }
  const data = IncidentData.safeParse(event.data);
  if (!data.success) return answer(response, 202, { ignored: event.event_type });
  const key = incidentKey(data.data.id);
  const id = normalise(event.id, { maxChars: 60 });
  const type = event.event_type;
  const claim = async () => {
    const opens =
      ['incident.triggered', 'incident.reopened'].includes(type) && !(await world.ledger.find(key));
    const opened = opens ? await openedFact(world, data.data) : null;
    const by = type === 'incident.resolved' ? await agentName(world, key, event.agent?.summary) : '';
    return world.ledger.append(key, (incident) => {
      const facts = factsFor(world, { id, type, by }, opened, incident);
      return facts ? { facts, actor: { kind: 'app' }, at: world.now() } : { standDown: 'nothing new' };
    });
  };
  const written = await withDeadline(claim()).catch((error: unknown) => {
    world.log.error({ incident: key, err: error }, 'the claim could not be written');
    return null;
  });
  if (written === null)
    return answer(response, 503, { error: 'the ledger did not take it in time; deliver again' });
  desk.wake(key);
  return answer(response, 202, written.ok ? { incident: key } : { incident: key, note: written.reason });
}

/** Who did something in PagerDuty. This is often a person's name, so it is cleaned. */
async function agentName(world: Hearing, key: string, summary: string | null | undefined): Promise<string> {
  const name = normalise(summary ?? 'PagerDuty', { maxChars: 100 });
  const cleaned = await world.clean(key, [name], CLEAN_MS);
  return cleaned.ok ? (cleaned.texts[0] ?? '') : WITHHELD_TEXT;
}

async function withDeadline<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DEADLINE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
