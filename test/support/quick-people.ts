// People and monitors around a quick world, by the doors they have: PagerDuty's Events API and REST, GitHub's API with their
// own token; and what they see afterwards. It must never ask the app.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dueEffects } from '#core/incident/due';
import { incidentKey } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { routingKey } from '../../sandbox/pagerduty/events.ts';
import { github } from './outside.ts';
import type { QuickWorld } from './quick-world.ts';

export type Alert = { key: string; id: string; service: string; title: string };

async function call(url: string, init: RequestInit): Promise<void> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** A monitor rings: a new PagerDuty incident, which PagerDuty tells the app of. */
export async function ring(world: QuickWorld, title: string, service = world.nextService()): Promise<Alert> {
  const key = randomUUID();
  await call(`${world.pagerduty.events}/v2/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ routing_key: routingKey(service), event_action: 'trigger', dedup_key: key },
      payload: { summary: title, source: 'shop', severity: 'critical', custom_details: { status: 500 } },
    }),
  });
  const id = world.pagerduty.incidents().find(({ incident_key }) => incident_key === key)?.id ?? '';
  return { key: incidentKey(id), id, service, title };
}

/** Somebody moves the PagerDuty incident; `triggered` opens a resolved one again. */
export async function page(world: QuickWorld, alert: Alert, status: 'resolved' | 'triggered'): Promise<void> {
  await call(`${world.pagerduty.api}/incidents/${alert.id}`, {
    method: 'PUT',
    headers: {
      authorization: `Token token=${world.secrets.key}`,
      'content-type': 'application/json',
      from: 'olga@acme.example',
    },
    body: JSON.stringify({ incident: { type: 'incident_reference', status } }),
  });
}

/** One call of GitHub's API in a person's name. */
export function as<T>(
  world: QuickWorld,
  login: string,
  path: string,
  method = 'GET',
  body?: object,
): Promise<T> {
  const door = { api: world.github.api, owner: 'acme', repo: 'production', token: world.people[login] ?? '' };
  return github<T>(door, path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
}

/** Riley reviews the head of the incident's pull request. */
export async function review(
  world: QuickWorld,
  key: string,
  event: 'APPROVE' | 'REQUEST_CHANGES',
): Promise<void> {
  const incident = await incidentThat(
    world,
    key,
    'has a pull request',
    (one) => !!latestOf(one, 'pull.opened'),
  );
  const { number = 0, head = '' } = latestOf(incident, 'pull.opened') ?? {};
  await as(world, 'riley', `/pulls/${number}/reviews`, 'POST', {
    ...{ event, commit_id: head, body: event === 'APPROVE' ? '' : 'Not like this.' },
  });
}

/** Riley approves, and again whenever Vigil says that the approval counts for nothing, until it is merged. */
export async function approve(world: QuickWorld, key: string): Promise<void> {
  const told = ({ records }: Incident): number =>
    records.findLast(({ type, data }) => type === 'review.discounted' && data.by === 'riley')?.seq ?? 0;
  for (let heard = 0; ; ) {
    await review(world, key, 'APPROVE');
    const seen = await incidentThat(
      world,
      key,
      'is merged, or asks again',
      (one) => latestOf(one, 'pull.merged') !== null || told(one) > heard,
    );
    if (latestOf(seen, 'pull.merged')) return;
    heard = told(seen);
  }
}

/** Waits until the ledger shows what is asked for; the failure tells how far the incident came. */
export async function incidentThat(
  world: QuickWorld,
  key: string,
  what: string,
  holds: (incident: Incident) => boolean,
): Promise<Incident> {
  let read = '';
  let seen: Incident | null = null;
  // Patience counts from the last sign of life.
  for (let end = Date.now() + world.patienceMs; Date.now() < end; await pause(40)) {
    const head = await readFile(join(world.github.bareRepository, 'refs/heads/vigil/ledger'), 'utf8').catch(
      () => '',
    );
    if (head === read) continue;
    read = head;
    end = Date.now() + world.patienceMs;
    seen = await world.incident(key);
    if (seen && holds(seen)) return seen;
  }
  const last = seen?.records
    .slice(-4)
    .map(({ type, data }) => `${type} ${JSON.stringify(data).slice(0, 200)}`);
  throw new Error(`${key}: waited in vain until it ${what}; it is ${seen?.stage}:\n${last?.join('\n')}`);
}

/** Waits until the incident has ended and the app owes it nothing more. */
export const settled = (world: QuickWorld, key: string, attempt = 1): Promise<Incident> =>
  incidentThat(
    world,
    key,
    'has ended and is told everywhere',
    (seen) =>
      seen.attempt === attempt &&
      (seen.stage === 'RESOLVED' || seen.stage === 'ESCALATED') &&
      dueEffects(seen).length === 0,
  );

type Issue = {
  number: number;
  title: string;
  body: string;
  state: string;
  labels: { name: string }[];
  pull_request?: object;
};
export type Outside = {
  issues: { state: string; labels: string[]; title: string; body: string; comments: string[] }[];
  pulls: { state: string; merged: boolean; checks: number }[];
  runs: string[];
  slack: string[];
  page: { status: string; notes: string[] };
  /** Writes of the app to issues, comments, pull requests and checks of this incident. */
  writes: number;
};

/** Everything the world shows of one incident. */
export async function outside(world: QuickWorld, { key, id }: Alert): Promise<Outside> {
  const ask = <T>(path: string) => as<T>(world, 'riley', path);
  const all = await ask<Issue[]>('/issues?state=all&per_page=100');
  const mine = all.filter(({ pull_request, body }) => !pull_request && body.includes(`vigil:issue ${key} `));
  const addresses: string[] = [];
  const issues: Outside['issues'] = [];
  for (const { number, state, labels, title, body } of mine) {
    const comments = await ask<{ id: number; body: string }[]>(`/issues/${number}/comments?per_page=100`);
    addresses.push(`/issues/${number}`, ...comments.map((comment) => `/issues/comments/${comment.id}`));
    const names = labels.map(({ name }) => name);
    issues.push({ state, title, body, labels: names, comments: comments.map((comment) => comment.body) });
  }
  const proposals = all.filter(
    ({ pull_request, body }) => pull_request && body.includes(`vigil:pull ${key} `),
  );
  const pulls: Outside['pulls'] = [];
  for (const { number } of proposals.toReversed()) {
    const { state, merged, head } = await ask<{ state: string; merged: boolean; head: { sha: string } }>(
      `/pulls/${number}`,
    );
    const checks = await ask<{ total_count: number }>(
      `/commits/${head.sha}/check-runs?check_name=vigil%2Fapproval&filter=all`,
    );
    addresses.push(`/issues/${number}`, `/pulls/${number}`);
    pulls.push({ state, merged, checks: checks.total_count });
  }
  const changes = world.github.calls.filter(
    ({ method, path, actor }) =>
      method !== 'GET' &&
      actor === 'vigil[bot]' &&
      addresses.some((address) => `${path}/`.includes(`/production${address}/`)),
  );
  const messages = world.slack
    .messages()
    .filter(({ metadata }) => metadata?.event_payload['incident'] === key);
  const paged = world.pagerduty.incidents().find((one) => one.id === id);
  const checks = pulls.reduce((sum, pull) => sum + pull.checks, 0);
  return {
    ...{ issues, pulls },
    runs: world.jobs.runs
      .map(({ state }) => state.displayTitle)
      .filter((title) => title.includes(key))
      .map((title) => title.replace(` ${key} attempt`, '')),
    slack: messages.map(({ text, blocks }) => `${text}\n${JSON.stringify(blocks)}`),
    page: { status: paged?.status ?? 'unknown', notes: paged?.notes.map(({ content }) => content) ?? [] },
    writes: issues.length + pulls.length + checks + changes.length,
  };
}
