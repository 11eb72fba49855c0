// PagerDuty's v3 webhooks: verify, claim in the ledger, answer. https://developer.pagerduty.com/docs/webhooks-overview
// Must never answer 4xx to a valid body, because PagerDuty then drops the event for good. Must never write an alert's text
// before it was cleaned.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { incidentKey } from '#core/ledger/incident-key';
import type { Desk } from '../desk/desk.ts';
import { type Heeding, heed } from '../desk/heed.ts';
import { count } from '../desk/tally.ts';
import { answer, readBody, signedBy } from './http.ts';
import { readEvent } from './pagerduty-event.ts';

const CAP = 262_144;
const DEADLINE_MS = 4000;

/** The v1 signatures of the header. There may be spaces after commas. */
function signaturesOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => /^v1=([0-9a-f]{64})$/i.exec(part.trim())?.[1])
    .filter((hex) => hex !== undefined);
}

export async function handlePagerDuty(
  world: Heeding,
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
  const read = readEvent(body.raw);
  if (read.kind === 'unreadable') {
    const unreadable = count(world, 'unreadable events');
    world.log.warn({ why: read.why, unreadable }, 'an event of PagerDuty could not be read');
    return answer(response, 202, { ignored: 'not an event Vigil knows' });
  }
  if (read.kind === 'other') return answer(response, 202, { ignored: read.event.type });
  if (read.kind === 'note') {
    // The webhook only says that there is a note. The desk reads the note and its author from PagerDuty.
    desk.wake(incidentKey(read.incident));
    return answer(response, 202, { heard: read.event.type });
  }
  const key = incidentKey(read.page.id);
  const heeded = await withDeadline(heed(world, read.event, read.page)).catch((error: unknown) => {
    world.log.error({ incident: key, err: error }, 'the claim could not be written');
    return null;
  });
  if (heeded === null)
    return answer(response, 503, { error: 'the ledger did not take it in time; deliver again' });
  desk.wake(key);
  return answer(response, 202, heeded.ok ? { incident: key } : { incident: key, note: heeded.reason });
}

async function withDeadline<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DEADLINE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
