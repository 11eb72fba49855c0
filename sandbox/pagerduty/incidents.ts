// What the stand-in knows, kept in PagerDuty's own JSON: incidents with their alerts and notes. Changes go through here only,
// so that each is announced (`changed`) exactly once. https://developer.pagerduty.com/docs/webhooks/webhook-payloads/
import { randomBytes } from 'node:crypto';

export type Status = 'triggered' | 'acknowledged' | 'resolved';
export type Reference = { id: string; type: string; summary: string };
export type Urls = { api: string; web: string };
export type Client = { name: string; url?: string } | null;
type Alarm = { service: Reference; summary: string; key: string; severity: string; details: unknown };
type Happening = Status | 'unacknowledged' | 'reopened' | 'annotated';
export type Note = ReturnType<typeof newNote>;
export type Incident = ReturnType<typeof newIncident>;
export type Change = {
  happened: Happening;
  incident: Incident;
  agent: Reference;
  client: Client;
  note?: Note;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Upper-case base32 letters; 5 bits of chance each. */
export const base32 = (length: number) =>
  Array.from(randomBytes(length), (byte) => letters[byte % 32]).join('');
const now = () => new Date().toISOString();

/** A reference with its links, as the vendor gives them everywhere. */
export function linked(to: Reference, { api, web }: Urls) {
  const path = `${to.type.replace('_reference', '')}s/${to.id}`;
  return { ...to, self: `${api}/${path}`, html_url: `${web}/${path}` };
}
export const referenceTo = ({ id, title }: Incident): Reference => ({
  id,
  type: 'incident_reference',
  summary: title,
});

const newNote = (content: string, user: Reference) => {
  const [id, at, channel] = [`P${base32(6)}`, now(), { summary: 'The PagerDuty API' }];
  return { id, user, channel, content, created_at: at, updated_at: at };
};
function newIncident(number: number, { service, summary, key, severity, details }: Alarm, urls: Urls) {
  const fresh = { status: 'triggered' as Status, created_at: now() };
  const alert = {
    id: `Q${base32(13)}`,
    type: 'alert',
    summary,
    alert_key: key,
    severity,
    body: { type: 'alert_body', contexts: [], details },
    suppressed: false,
    ...fresh,
  };
  return {
    ...linked({ id: `Q${base32(13)}`, type: 'incident', summary }, urls),
    ...fresh,
    number,
    title: summary,
    incident_key: key,
    urgency: 'high',
    priority: null,
    service: linked(service, urls),
    assignees: [],
    teams: [],
    conference_bridge: null,
    resolve_reason: null,
    incident_type: { name: 'incident_default' },
    alerts: [alert],
    notes: [] as Note[],
  };
}

export type Desk = ReturnType<typeof openDesk>;

/** The account's incidents. `changed` hears of every change in the order in which it happened. */
export function openDesk(urls: Urls, changed: (change: Change) => void) {
  const incidents: Incident[] = [];
  return {
    incidents,
    find: (id: string) => incidents.find((incident) => incident.id === id),
    /** The incident under this key that is not resolved, if any. */
    open: (service: string, key: string) =>
      incidents.find(
        (one) => one.service.id === service && one.incident_key === key && one.status !== 'resolved',
      ),
    trigger(alarm: Alarm, agent: Reference, client: Client): void {
      const incident = newIncident(incidents.length + 1, alarm, urls);
      incidents.push(incident);
      changed({ happened: 'triggered', incident, agent, client });
    },
    /** Moves an incident; "acknowledged" and "triggered" open a resolved one again, as the vendor does. */
    move(incident: Incident, status: Status, agent: Reference): void {
      const tell = (happened: Happening) => changed({ happened, incident, agent, client: null });
      const was = incident.status;
      incident.status = status;
      if (status === 'resolved') for (const alert of incident.alerts) alert.status = 'resolved';
      if (was === 'resolved' && status !== 'resolved') tell('reopened');
      if (status !== 'triggered') tell(status);
      else if (was === 'acknowledged') tell('unacknowledged');
    },
    annotate(incident: Incident, content: string, agent: Reference): Note {
      const note = newNote(content, agent);
      incident.notes.push(note);
      changed({ happened: 'annotated', incident, agent, client: null, note });
      return note;
    },
  };
}
