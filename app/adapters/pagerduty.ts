// PagerDuty's REST API: what is open, an incident's state, alerts and notes, resolving. https://developer.pagerduty.com/api-reference/
// Must never acknowledge (that would stop escalation or reopen a resolved incident) and never post a note twice.
import * as z from 'zod';
import {
  type Alert,
  AlertShape,
  elementsOf,
  type Note,
  NoteShape,
  type Page,
  PageShape,
  Words,
} from '#core/incident/page-shapes';
import { pagerdutyAnswered } from '#core/messages/failure-words';
import { requestJson } from './http-json.ts';

export type PagerDuty = { api: string; apiKey: string; from: string };
type Failed = { ok: false; reason: string; permanent: boolean };
type Done<T> = { ok: true; value: T } | Failed;
/** What a list held: `odd` elements could not be read; `cut`: why there may be more than was read. Both only where it is so. */
export type Listing<T> = { ok: true; value: T[]; odd?: number; cut?: string } | Failed;

const PAGE = 100;
const MOST_ALERTS = 3 * PAGE;
const MOST_OPEN = 20 * PAGE;
const MOST_SERVICES = 100;

const OneIncident = z.object({ incident: PageShape });
const Failure = z.object({ error: z.object({ code: z.number() }) });

/** How long whoever asks can wait. Without it, an answer is worth some repeats. */
type Patience = { timeoutMs: number; retries: number };

async function call<T>(
  account: PagerDuty,
  method: string,
  path: string,
  schema: z.ZodType<T>,
  body?: unknown,
  patience?: Patience,
): Promise<Done<T>> {
  const writes = method !== 'GET';
  const answer = await requestJson({
    method,
    url: `${account.api}${path}`,
    headers: {
      authorization: `Token token=${account.apiKey}`,
      accept: 'application/vnd.pagerduty+json;version=2',
      ...(writes ? { from: account.from } : {}),
    },
    ...(body === undefined ? {} : { body }),
    retries: method === 'POST' ? 0 : 2,
    ...patience,
  });
  if (!answer.ok) {
    const told = Failure.safeParse(answer.body);
    return {
      ok: false,
      reason: pagerdutyAnswered(answer.status, told.success ? told.data.error.code : null),
      permanent:
        answer.status !== null && answer.status < 500 && answer.status !== 429 && answer.status !== 408,
    };
  }
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return { ok: true, value: parsed.data };
  // What is no JSON is not PagerDuty's: a proxy's page, which goes away. Whoever asked looks again before anything is repeated.
  const permanent = typeof answer.body !== 'string';
  return { ok: false, reason: 'PagerDuty answered in an unknown shape', permanent };
}

/**
 * Every page of a list, up to a bound. A list that says nothing of further pages has none when its page is not full. What was
 * read before a page failed is kept. https://developer.pagerduty.com/docs/rest-api-v2/pagination/
 */
async function everyPage<T extends { id?: string | null | undefined }>(
  account: PagerDuty,
  path: string,
  [name, shape, most]: [name: string, shape: z.ZodType<T>, most: number],
): Promise<Listing<T>> {
  const Body = z.object({ [name]: z.array(z.unknown()), more: z.unknown().optional() });
  const found = new Map<string, T>();
  let odd = 0;
  const soFar = (cut?: string): Listing<T> => ({
    ...{ ok: true, value: [...found.values()] },
    ...(odd > 0 ? { odd } : {}),
    ...(cut === undefined ? {} : { cut }),
  });
  for (let offset = 0; offset < most; offset += PAGE) {
    const page = await call(account, 'GET', `${path}limit=${PAGE}&offset=${offset}`, Body);
    if (!page.ok) return offset === 0 ? page : soFar(page.reason);
    const list = page.value[name] as unknown[];
    const read = elementsOf(list, shape);
    odd += read.odd;
    for (const [index, one] of read.elements.entries()) found.set(one.id ?? `${offset + index}`, one);
    const { more } = page.value;
    if (list.length === 0 || more === false || (more !== true && list.length < PAGE)) return soFar();
  }
  return soFar(`only the first ${most} were read`);
}

const under = (incident: string, what = ''): string => `/incidents/${encodeURIComponent(incident)}${what}`;

/** Alerts of an incident, at most 300 of them. */
export async function listAlerts(account: PagerDuty, incident: string): Promise<Listing<Alert>> {
  return everyPage(account, under(incident, '/alerts?'), ['alerts', AlertShape, MOST_ALERTS]);
}

/** Notes of an incident. They have no pages. */
export async function listNotes(account: PagerDuty, incident: string): Promise<Listing<Note>> {
  const Body = z.object({ notes: z.array(z.unknown()) });
  const answer = await call(account, 'GET', under(incident, '/notes'), Body);
  if (!answer.ok) return answer;
  const { elements, odd } = elementsOf(answer.value.notes, NoteShape);
  return { ok: true, value: elements, ...(odd > 0 ? { odd } : {}) };
}

/** The incident as PagerDuty has it now. */
export async function readIncident(
  account: PagerDuty,
  incident: string,
  patience?: Patience,
): Promise<Done<Page>> {
  const answer = await call(account, 'GET', under(incident), OneIncident, undefined, patience);
  return answer.ok ? { ok: true, value: answer.value.incident } : answer;
}

export async function incidentStatus(account: PagerDuty, incident: string): Promise<Done<string>> {
  const answer = await readIncident(account, incident);
  if (!answer.ok) return answer;
  const { status } = answer.value;
  return status === null
    ? { ok: false, reason: 'PagerDuty told no status', permanent: false }
    : { ok: true, value: status };
}

/** The present title, not cleaned. */
export async function incidentTitle(account: PagerDuty, incident: string): Promise<Done<string | null>> {
  const answer = await readIncident(account, incident);
  return answer.ok ? { ok: true, value: answer.value.title } : answer;
}

/**
 * Triggered and acknowledged incidents, however old, of the given services (null: of all), at most 2,000 of 100 services. One
 * that is not listed may be open all the same. https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents
 */
export async function listOpenIncidents(
  account: PagerDuty,
  services: readonly string[] | null,
): Promise<Listing<Page>> {
  const state = ['date_range=all', 'statuses[]=triggered', 'statuses[]=acknowledged'];
  const list = (query: string[]) =>
    everyPage(account, `/incidents?${[...state, ...query].join('&')}&`, ['incidents', PageShape, MOST_OPEN]);
  if (services === null) return list([]);
  const all: Listing<Page> = { ok: true, value: [] };
  // An address with all services of a large inventory would be too long.
  for (let from = 0; from < services.length; from += MOST_SERVICES) {
    const some = services.slice(from, from + MOST_SERVICES);
    const part = await list(some.map((id) => `service_ids[]=${encodeURIComponent(id)}`));
    if (!part.ok) return part;
    const { value, odd, cut } = part;
    all.value.push(...value);
    if (odd) all.odd = (all.odd ?? 0) + odd;
    if (cut) all.cut = cut;
  }
  return all;
}

/** Writes a note, except when one with the marker is there. Notes have no idempotency key. */
export async function noteOnce(
  account: PagerDuty,
  incident: string,
  content: string,
  marker: string,
): Promise<Done<string>> {
  const notes = await listNotes(account, incident);
  if (!notes.ok) return notes;
  const mine = notes.value.find((note) => note.content.includes(`[${marker}]`));
  if (mine) return { ok: true, value: mine.id ?? marker };
  const Noted = z.object({ note: z.object({ id: Words }) });
  const answer = await call(account, 'POST', under(incident, '/notes'), Noted, { note: { content } });
  return answer.ok ? { ok: true, value: answer.value.note.id ?? marker } : answer;
}

/** Resolves an incident that is still open. If it is resolved already, it is left alone. */
export async function resolveIncident(
  account: PagerDuty,
  incident: string,
  resolution: string,
): Promise<Done<'resolved' | 'was resolved'>> {
  const status = await incidentStatus(account, incident);
  if (!status.ok) return status;
  if (status.value === 'resolved') return { ok: true, value: 'was resolved' };
  const answer = await call(account, 'PUT', under(incident), OneIncident, {
    incident: { type: 'incident_reference', status: 'resolved', resolution },
  });
  return answer.ok ? { ok: true, value: 'resolved' } : answer;
}
