// What a signed body of PagerDuty's says: which event, about which page. https://developer.pagerduty.com/docs/webhooks-overview
// Must never throw, and must never put a word of the body into the reason why it could not be read.
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Moment, type Page, PageShape, Words } from '#core/incident/page-shapes';
import { normalise } from '#core/text/untrusted';
import { parseJson } from './http.ts';

export type Event = { id: string; type: string; at: string | null; by: string | null };
export type Read =
  | { kind: 'incident'; event: Event; page: Page }
  | { kind: 'note'; event: Event; incident: string }
  | { kind: 'other'; event: Event }
  | { kind: 'unreadable'; why: string };

const Envelope = z.object({
  event: z.object({
    id: Words,
    event_type: z.string().min(1),
    occurred_at: Moment,
    agent: z.object({ summary: Words }).nullish().catch(undefined),
    data: z.looseObject({ type: z.unknown().optional(), incident: z.unknown().optional() }),
  }),
});
const About = z.object({ id: z.string().regex(/^[A-Z0-9]{5,40}$/) });

/** `event_type` and `resource_type` say what happened; what `data` is, its own `type` says. Old payloads may lack it. */
export function readEvent(raw: Buffer): Read {
  const body = parseJson(raw);
  if (body === undefined) return { kind: 'unreadable', why: 'it is not JSON' };
  const envelope = Envelope.safeParse(body);
  if (!envelope.success) return { kind: 'unreadable', why: 'it is not an event with a type and data' };
  const { id, event_type, occurred_at, agent, data } = envelope.data.event;
  const event: Event = {
    id: id ? normalise(id, { maxChars: 60 }) : `body:${createHash('sha256').update(raw).digest('hex')}`,
    type: event_type,
    at: occurred_at ?? null,
    by: agent?.summary ?? null,
  };
  const kind = typeof data.type === 'string' ? data.type : null;
  if (kind === 'incident_note') {
    const about = About.safeParse(data.incident);
    return about.success
      ? { kind: 'note', event, incident: about.data.id }
      : { kind: 'unreadable', why: 'the note does not say of which incident it is' };
  }
  const isPage = kind === 'incident' || (kind === null && /^incident\.\w+$/.test(event_type));
  if (!isPage) return { kind: 'other', event };
  const page = PageShape.safeParse(data);
  return page.success
    ? { kind: 'incident', event, page: page.data }
    : { kind: 'unreadable', why: 'the incident has no id' };
}
