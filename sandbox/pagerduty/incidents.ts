// What the stand-in knows: incidents with their alerts and notes. Changes go through here only, so that each is announced
// (`changed`) exactly once. What REST and webhooks show of them is shapes.ts.
// https://developer.pagerduty.com/docs/webhooks/webhook-payloads/
import { randomBytes } from 'node:crypto';

export type Status = 'triggered' | 'acknowledged' | 'resolved';
export type Reference = { id: string; type: string; summary: string };
export type Urls = { api: string; web: string };
export type Client = { name: string; url?: string } | null;
type Alarm = {
  service: Reference;
  summary: string;
  key: string;
  severity: string;
  source: string;
  contexts: object[];
  client: Client;
  /** What the event brought as `custom_details`; absent when it brought none. */
  details?: unknown;
};
type Happening =
  | Status
  | 'unacknowledged'
  | 'reopened'
  | 'annotated'
  | 'priority_updated'
  | 'service_updated';
/** What people change of an incident that is open. PagerDuty has no event for a new title. */
export type Edit = { title?: string; priority?: string; service?: Reference };
export type Note = ReturnType<typeof newNote>;
export type Alert = ReturnType<typeof newAlert>;
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
/** PagerDuty's times have no fractions of a second. */
const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

/** A reference with its links, as the vendor gives them everywhere. */
export function linked(to: Reference, { api, web }: Urls) {
  const path = `${to.type.replace('_reference', '')}s/${to.id}`.replace('policys/', 'policies/');
  return {
    ...to,
    self: `${api}/${path}`,
    html_url: `${web}/${path.replace('services/', 'service-directory/')}`,
  };
}
export const referenceTo = ({ id, summary }: Incident): Reference => ({
  id,
  type: 'incident_reference',
  summary,
});

const newNote = (content: string, user: Reference) => {
  const [id, at, channel] = [`P${base32(6)}`, now(), { summary: 'The PagerDuty website or APIs' }];
  return { id, user, channel, content, created_at: at, updated_at: at };
};
const newAlert = ({ service: _, ...alarm }: Alarm) => ({
  ...{ ...alarm, id: `Q${base32(13)}`, created_at: now(), status: 'triggered' as Status },
  ...{ resolved_at: null as string | null, entry: base32(26) },
});
function newIncident(number: number, alarm: Alarm, urls: Urls) {
  const { service, summary, key } = alarm;
  const alert = newAlert(alarm);
  return {
    ...linked({ id: `Q${base32(13)}`, type: 'incident', summary: `[#${number}] ${summary}` }, urls),
    ...{ number, title: summary, incident_key: key, status: 'triggered' as Status },
    ...{ created_at: alert.created_at, updated_at: alert.created_at, resolved_at: null as string | null },
    changed: { at: alert.created_at, by: linked(service, urls) },
    acknowledged: [] as { at: string; by: Reference }[],
    service: linked(service, urls),
    priority: null as Reference | null,
    /** The incident it was merged into. */
    merged: null as Reference | null,
    alerts: [alert],
    /** Alerts of other monitors that were grouped into this incident, as REST shows them. */
    joined: [] as Record<string, unknown>[],
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
    trigger(alarm: Alarm, agent: Reference): void {
      const incident = newIncident(incidents.length + 1, alarm, urls);
      incidents.push(incident);
      changed({ happened: 'triggered', incident, agent, client: alarm.client });
    },
    /** Moves an incident; "acknowledged" and "triggered" open a resolved one again, as the vendor does. */
    move(incident: Incident, status: Status, agent: Reference): void {
      const tell = (happened: Happening) => changed({ happened, incident, agent, client: null });
      const [was, at] = [incident.status, now()];
      // What a monitor did counts as done by its service.
      const by = agent.type === 'user_reference' ? linked(agent, urls) : incident.service;
      Object.assign(incident, { status, updated_at: at, changed: { at, by } });
      incident.resolved_at = status === 'resolved' ? at : null;
      incident.acknowledged = status === 'acknowledged' ? [...incident.acknowledged, { at, by }] : [];
      if (status === 'resolved')
        for (const alert of incident.alerts) Object.assign(alert, { status, resolved_at: at });
      if (was === 'resolved' && status !== 'resolved') tell('reopened');
      if (status !== 'triggered') tell(status);
      else if (was === 'acknowledged') tell('unacknowledged');
    },
    edit(incident: Incident, { title, priority, service }: Edit, agent: Reference): void {
      const tell = (happened: Happening) => changed({ happened, incident, agent, client: null });
      incident.updated_at = now();
      if (title !== undefined) incident.title = title;
      if (priority !== undefined)
        incident.priority = { id: `P${base32(6)}`, type: 'priority_reference', summary: priority };
      if (service !== undefined) incident.service = linked(service, urls);
      if (priority !== undefined) tell('priority_updated');
      if (service !== undefined) tell('service_updated');
    },
    /** Its alerts go on under the other incident, and it is resolved. */
    merge(incident: Incident, into: Incident, agent: Reference): void {
      into.alerts.push(...incident.alerts.splice(0));
      incident.merged = referenceTo(into);
      this.move(incident, 'resolved', agent);
    },
    annotate(incident: Incident, content: string, agent: Reference): Note {
      const note = newNote(content, linked(agent, urls));
      incident.notes.push(note);
      changed({ happened: 'annotated', incident, agent, client: null, note });
      return note;
    },
  };
}
