// What the stand-in knows: incidents, their alerts and notes, in memory. Changes go through here only, so that
// every change a real account would announce is announced (`changed`) exactly once.
import { randomBytes } from 'node:crypto';

export type Status = 'triggered' | 'acknowledged' | 'resolved';
export type Reference = { id: string; type: string; summary: string };
export type Alert = {
  id: string;
  key: string;
  summary: string;
  severity: string;
  status: 'triggered' | 'resolved';
  details: unknown;
  at: string;
};
export type Note = { id: string; content: string; at: string; by: Reference };
export type Client = { name: string; url?: string } | null;
export type Incident = {
  id: string;
  number: number;
  title: string;
  status: Status;
  at: string;
  key: string | null;
  service: Reference;
  alerts: Alert[];
  notes: Note[];
  resolution?: string;
};
export type Change = {
  type: `incident.${Status | 'unacknowledged' | 'reopened' | 'annotated'}`;
  incident: Incident;
  agent: Reference;
  client: Client;
  note?: Note;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Upper-case base32 letters; 5 bits of chance each. */
export const base32 = (length: number) =>
  Array.from(randomBytes(length), (byte) => letters[byte % 32]).join('');

export type Desk = ReturnType<typeof openDesk>;

/** The account's incidents. `changed` hears of every change in the order in which it happened. */
export function openDesk(changed: (change: Change) => void) {
  const incidents: Incident[] = [];
  const now = () => new Date().toISOString();
  return {
    incidents,
    find: (id: string) => incidents.find((incident) => incident.id === id),
    /** The open incident that holds an open alert under this key, if any. */
    open: (serviceId: string, key: string) =>
      incidents.find(
        (one) =>
          one.service.id === serviceId &&
          one.status !== 'resolved' &&
          one.alerts.some((alert) => alert.key === key),
      ),
    trigger(
      service: Reference,
      title: string,
      alert: Pick<Alert, 'key' | 'severity' | 'details'>,
      agent: Reference,
      client: Client,
    ): Incident {
      const incident: Incident = {
        id: `Q${base32(13)}`,
        number: incidents.length + 1,
        title,
        status: 'triggered',
        at: now(),
        key: alert.key,
        service,
        alerts: [{ ...alert, id: `Q${base32(13)}`, summary: title, status: 'triggered', at: now() }],
        notes: [],
      };
      incidents.push(incident);
      changed({ type: 'incident.triggered', incident, agent, client });
      return incident;
    },
    /** Moves an incident; "acknowledged" and "triggered" open a resolved one again, as the vendor does. */
    move(incident: Incident, status: Status, agent: Reference): void {
      const tell = (type: Change['type']) => changed({ type, incident, agent, client: null });
      const was = incident.status;
      incident.status = status;
      if (status === 'resolved') for (const alert of incident.alerts) alert.status = 'resolved';
      if (was === 'resolved' && status !== 'resolved') tell('incident.reopened');
      if (status !== 'triggered') tell(`incident.${status}`);
      else if (was === 'acknowledged') tell('incident.unacknowledged');
    },
    annotate(incident: Incident, content: string, by: Reference): Note {
      const note: Note = { id: `P${base32(6)}`, content, at: now(), by };
      incident.notes.push(note);
      changed({ type: 'incident.annotated', incident, agent: by, client: null, note });
      return note;
    },
  };
}
