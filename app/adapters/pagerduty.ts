// PagerDuty's REST API: alerts of an incident, notes, resolving. https://developer.pagerduty.com/api-reference/
// Must never acknowledge (that would stop escalation or reopen a resolved incident) and never post a note twice.
import * as z from 'zod';
import { pagerdutyAnswered } from '#core/messages/failure-words';
import { requestJson } from './http-json.ts';

export type PagerDuty = { api: string; apiKey: string; from: string };
type Done<T> = { ok: true; value: T } | { ok: false; reason: string; permanent: boolean };

const Alerts = z.object({
  alerts: z.array(
    z.object({
      id: z.string(),
      summary: z.string().nullish(),
      status: z.string().nullish(),
      alert_key: z.string().nullish(),
      severity: z.string().nullish(),
      body: z.object({ details: z.unknown().optional() }).nullish(),
    }),
  ),
  more: z.boolean().nullish(),
});
const Notes = z.object({
  notes: z.array(
    z.object({
      id: z.string(),
      content: z.string(),
      created_at: z.string().nullish(),
      user: z.object({ id: z.string().nullish(), summary: z.string().nullish() }).nullish(),
    }),
  ),
});
const OneIncident = z.object({
  incident: z.object({ id: z.string(), status: z.string(), title: z.string().nullish() }),
});
const Failure = z.object({ error: z.object({ code: z.number() }) });

export type Alert = z.infer<typeof Alerts>['alerts'][number];
export type Note = z.infer<typeof Notes>['notes'][number];

async function call<T>(
  account: PagerDuty,
  method: string,
  path: string,
  schema: z.ZodType<T>,
  body?: unknown,
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

/** Alerts of an incident, at most 300 of them. */
export async function listAlerts(account: PagerDuty, incident: string): Promise<Done<Alert[]>> {
  const alerts: Alert[] = [];
  for (let offset = 0; offset < 300; offset += 100) {
    const page = await call(
      account,
      'GET',
      `/incidents/${encodeURIComponent(incident)}/alerts?limit=100&offset=${offset}`,
      Alerts,
    );
    if (!page.ok) return page;
    alerts.push(...page.value.alerts);
    if (!page.value.more) break;
  }
  return { ok: true, value: alerts };
}

export async function listNotes(account: PagerDuty, incident: string): Promise<Done<Note[]>> {
  const answer = await call(account, 'GET', `/incidents/${encodeURIComponent(incident)}/notes`, Notes);
  return answer.ok ? { ok: true, value: answer.value.notes } : answer;
}

export async function incidentStatus(account: PagerDuty, incident: string): Promise<Done<string>> {
  const answer = await call(account, 'GET', `/incidents/${encodeURIComponent(incident)}`, OneIncident);
  return answer.ok ? { ok: true, value: answer.value.incident.status } : answer;
}

/** The present title, not cleaned. */
export async function incidentTitle(account: PagerDuty, incident: string): Promise<Done<string | null>> {
  const answer = await call(account, 'GET', `/incidents/${encodeURIComponent(incident)}`, OneIncident);
  return answer.ok ? { ok: true, value: answer.value.incident.title ?? null } : answer;
}

const Open = z.object({
  incidents: z.array(
    z.object({
      type: z.literal('incident').catch('incident'),
      id: z.string(),
      incident_number: z.number().int().nullish(),
      html_url: z
        .url({ protocol: /^https?$/ })
        .nullish()
        .catch(null),
      title: z.string().nullish(),
      urgency: z.string().nullish(),
      priority: z.object({ summary: z.string().nullish() }).nullish(),
      service: z.object({ id: z.string(), summary: z.string().nullish() }),
    }),
  ),
});
type OpenIncident = z.infer<typeof Open>['incidents'][number];

/** Triggered and acknowledged incidents of the given services, at most 100. */
export async function listOpenIncidents(
  account: PagerDuty,
  services: readonly string[],
): Promise<Done<OpenIncident[]>> {
  if (services.length === 0) return { ok: true, value: [] };
  const query = [
    ...['triggered', 'acknowledged'].map((status) => `statuses[]=${status}`),
    ...services.map((id) => `service_ids[]=${encodeURIComponent(id)}`),
  ].join('&');
  const answer = await call(account, 'GET', `/incidents?${query}&limit=100`, Open);
  return answer.ok ? { ok: true, value: answer.value.incidents } : answer;
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
  if (mine) return { ok: true, value: mine.id };
  const answer = await call(
    account,
    'POST',
    `/incidents/${encodeURIComponent(incident)}/notes`,
    z.object({ note: z.object({ id: z.string() }) }),
    { note: { content } },
  );
  return answer.ok ? { ok: true, value: answer.value.note.id } : answer;
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
  const answer = await call(account, 'PUT', `/incidents/${encodeURIComponent(incident)}`, OneIncident, {
    incident: { type: 'incident_reference', status: 'resolved', resolution },
  });
  return answer.ok ? { ok: true, value: 'resolved' } : answer;
}
