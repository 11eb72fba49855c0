// What anybody outside can do with URLs and tokens: deliver a signed PagerDuty webhook, ask GitHub, wait for something to be true.
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export type PagerDutyDoor = { webhook: string; secret: string };

/** The body of an incident.triggered webhook, in the vendor's shape. */
export function triggered(id: string, service: string, title: string, at = new Date()): string {
  return JSON.stringify({
    event: {
      id: `01${id}`,
      event_type: 'incident.triggered',
      resource_type: 'incident',
      occurred_at: at.toISOString(),
      agent: null,
      client: null,
      data: {
        id,
        type: 'incident',
        self: `https://api.pagerduty.com/incidents/${id}`,
        html_url: `https://acme.pagerduty.com/incidents/${id}`,
        number: 7,
        status: 'triggered',
        incident_key: null,
        title,
        service: { id: service, type: 'service_reference', summary: 'shop' },
        assignees: [],
        priority: null,
        urgency: 'high',
      },
    },
  });
}

export function deliver(door: PagerDutyDoor, body: string): Promise<Response> {
  const signature = createHmac('sha256', door.secret).update(body).digest('hex');
  return fetch(door.webhook, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-pagerduty-signature': `v1=${signature}`,
      'x-webhook-id': 'test',
    },
    body,
    signal: AbortSignal.timeout(30_000),
  });
}

export type GitHubDoor = { api: string; owner: string; repo: string; token: string };

export async function github<T>(door: GitHubDoor, path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`${door.api}/repos/${door.owner}/${door.repo}${path}`, {
    ...init,
    headers: {
      authorization: `token ${door.token}`,
      accept: 'application/vnd.github+json',
      ...(init.body ? { 'content-type': 'application/json' } : {}),
    },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Asks until the answer is there; the failure says what was waited for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  deadlineMs = 280_000,
): Promise<T> {
  for (const end = Date.now() + deadlineMs; Date.now() < end; await pause(250)) {
    const found = await ask();
    if (found) return found;
  }
  throw new Error(`waited ${deadlineMs} ms for ${what}`);
}
