// PagerDuty's v3 webhooks: verify, claim in the ledger, answer. https://developer.pagerduty.com/docs/webhooks-overview
// Must never answer 4xx to a valid body: PagerDuty drops such events for good. Alert text is cleaned before it is written.
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Fact } from '#core/facts';
import { incidentKey } from '#core/incident-key';
import { WITHHELD_TEXT } from '#core/messages/withheld';
import { type Incident, known } from '#core/replay';
import { normalise } from '#core/untrusted';
import type { Desk } from '../desk/desk.ts';
import type { Hearing } from '../desk/world.ts';
import { answer, parseJson, readBody, signedBy } from './http.ts';

const CAP = 262_144;
const DEADLINE_MS = 4000;
/** PagerDuty waits five seconds for an answer, and the claim must be pushed in them too. */
const CLEAN_MS = 2000;
const DAY_MS = 86_400_000;

const Envelope = z.object({
  event: z.object({
    id: z.string(),
    event_type: z.string(),
    agent: z.object({ summary: z.string().nullish() }).nullish(),
    data: z.looseObject({ type: z.string() }),
  }),
});
const IncidentData = z.object({
  type: z.literal('incident'),
  id: z.string(),
  number: z.number().int().nullish(),
  html_url: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .catch(null),
  title: z.string().nullish(),
  urgency: z.string().nullish(),
  priority: z.object({ summary: z.string().nullish() }).nullish(),
  service: z.object({ id: z.string(), summary: z.string().nullish() }),
});
const NoteData = z.object({
  type: z.literal('incident_note'),
  incident: z.object({ id: z.string().regex(/^[A-Z0-9]{5,40}$/) }),
});
export type IncidentData = z.infer<typeof IncidentData>;

/** The v1 signatures of the header; spaces after commas are tolerated. */
export function signaturesOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => /^v1=([0-9a-f]{64})$/.exec(part.trim())?.[1])
    .filter((hex) => hex !== undefined);
}

type Opened = Extract<Fact, { type: 'incident.opened' }>;

/** The title as it may be written down; null when it could not be cleaned in time. */
export async function cleanTitle(
  world: Hearing,
  data: Pick<IncidentData, 'id' | 'title'>,
): Promise<string | null> {
  const title = normalise(data.title ?? 'an alert without a title', { maxChars: 300 });
  const cleaned = await world.clean(incidentKey(data.id), [title], CLEAN_MS);
  return cleaned.ok ? (cleaned.texts[0] ?? null) : null;
}

/** What is written of an incident when it is first heard of. A title that cannot be cleaned now is told later. */
export async function openedFact(world: Hearing, data: IncidentData): Promise<Opened> {
  const key = incidentKey(data.id);
  const title = await cleanTitle(world, data);
  const clean = (text: string, maxChars: number): string => world.redact(key, normalise(text, { maxChars }));
  return {
    type: 'incident.opened',
    data: {
      key,
      source: 'pagerduty',
      pagerduty: { id: clean(data.id, 40), number: data.number ?? null, url: data.html_url ?? null },
      service: { id: clean(data.service.id, 40), name: clean(data.service.summary ?? data.service.id, 200) },
      title: title?.slice(0, 500) ?? WITHHELD_TEXT,
      urgency: clean(data.urgency ?? 'unknown', 20),
      priority: data.priority?.summary ? clean(data.priority.summary, 40) : null,
      ...(title === null ? { withheld: true } : {}),
    },
  };
}

/** What an event means for the incident as the ledger has it; null: nothing new. */
function factsFor(
  world: Hearing,
  event: { id: string; type: string; by: string },
  opened: Opened | null,
  incident: Incident | null,
): Fact[] | null {
  if (event.type === 'incident.triggered') return incident || !opened ? null : [opened];
  if (!incident) return opened ? [opened] : null;
  const ended = incident.stage === 'RESOLVED' || incident.stage === 'ESCALATED';
  if (event.type === 'incident.resolved' && !ended) {
    const heard = incident.records.some(
      (record) => record.type === 'alert.resolved' && record.data.event === event.id,
    );
    return heard ? null : [{ type: 'alert.resolved', data: { event: event.id, by: event.by } }];
  }
  // The alert is back before anything was decided: it is not quiet any more.
  if (event.type === 'incident.reopened' && !ended && known(incident, 'alert.resolved'))
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
    // The desk reads the note itself, and its author, from PagerDuty: this is only a knock at the door.
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

/** Who did something in PagerDuty, which is a person's name more often than not. */
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
