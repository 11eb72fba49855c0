// Incidents in PagerDuty's own JSON, for REST answers and for webhooks. Pure: it reads and never changes anything.
// A webhook carries no alert details; whoever wants them asks REST, as with the vendor.
// https://developer.pagerduty.com/docs/webhooks/webhook-payloads/
import { type Alert, base32, type Change, type Incident, type Note, type Reference } from './incidents.ts';

export type Urls = { api: string; web: string };

const policy: Reference = { id: 'PDEFLT1', type: 'escalation_policy_reference', summary: 'Default' };

/** A reference with its links; `user_reference` leads to /users and so on. */
export function reference(to: Reference, { api, web }: Urls) {
  const path = `${to.type.replace('_reference', '').replace('_policy', '_policie')}s/${to.id}`;
  return { ...to, self: `${api}/${path}`, html_url: `${web}/${path}` };
}

export const incidentReference = (incident: Incident): Reference => ({
  id: incident.id,
  type: 'incident_reference',
  summary: incident.title,
});

/** An incident as REST and `incident.*` webhooks show it; `extra` is what only REST says. */
export function incidentBody(incident: Incident, urls: Urls) {
  const { self, html_url } = reference(incidentReference(incident), urls);
  return {
    id: incident.id,
    type: 'incident',
    self,
    html_url,
    number: incident.number,
    status: incident.status,
    incident_key: incident.key,
    created_at: incident.at,
    title: incident.title,
    service: reference(incident.service, urls),
    assignees: [],
    escalation_policy: reference(policy, urls),
    teams: [],
    priority: null,
    urgency: 'high',
    conference_bridge: null,
    resolve_reason: null,
    incident_type: { name: 'incident_default' },
  };
}

export const restIncident = (incident: Incident, urls: Urls) => ({
  ...incidentBody(incident, urls),
  summary: `[#${incident.number}] ${incident.title}`,
  alert_counts: {
    all: incident.alerts.length,
    triggered: incident.alerts.filter(({ status }) => status === 'triggered').length,
    resolved: incident.alerts.filter(({ status }) => status === 'resolved').length,
  },
});

export const alertBody = (alert: Alert, incident: Incident, urls: Urls) => ({
  id: alert.id,
  type: 'alert',
  summary: alert.summary,
  created_at: alert.at,
  status: alert.status,
  alert_key: alert.key,
  severity: alert.severity,
  service: reference(incident.service, urls),
  body: { type: 'alert_body', contexts: [], details: alert.details },
  incident: reference(incidentReference(incident), urls),
  suppressed: false,
  integration: null,
});

export const noteBody = (note: Note, urls: Urls) => ({
  id: note.id,
  user: reference(note.by, urls),
  channel: { summary: 'The PagerDuty website or APIs' },
  content: note.content,
  created_at: note.at,
  updated_at: note.at,
});

/** The `event` of a V3 webhook. */
export function eventBody({ type, incident, agent, client, note }: Change, urls: Urls) {
  const data = note
    ? {
        incident: reference(incidentReference(incident), urls),
        id: note.id,
        content: note.content,
        trimmed: false,
        type: 'incident_note',
      }
    : incidentBody(incident, urls);
  const id = `01${base32(24)}`;
  return {
    id,
    event_type: type,
    resource_type: 'incident',
    occurred_at: new Date().toISOString(),
    agent: reference(agent, urls),
    client,
    data,
  };
}
