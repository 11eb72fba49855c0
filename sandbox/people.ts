// People of the sandbox, as they act from outside: by GitHub's API with their own token, by PagerDuty's events, by the shop's
// admin port. They must never touch Vigil itself.
import { appendFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fetchBranch, openClone, pushHead } from '#adapters/git/clone';
import { routingKey } from './pagerduty/events.ts';
import { CLERIC } from './vendors.ts';
import type { World } from './world.ts';

const DEADLINE_MS = 10_000;

async function call(url: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${answer.status} ${text.slice(0, 300)}`);
  return text === '' ? null : JSON.parse(text);
}

/** One call of GitHub's API in a person's name. */
export function asPerson(
  world: World,
  login: string,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const token = world.people[login];
  if (!token) throw new Error(`there is nobody called ${login}`);
  return call(`${world.github.api}/repos/${world.owner}/${world.repo}${path}`, {
    method,
    headers: {
      authorization: `token ${token}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

/** A submitted review of a pull request, of its head unless another commit is named. */
export async function review(
  world: World,
  login: string,
  pull: number,
  event: 'APPROVE' | 'REQUEST_CHANGES',
  commit?: string,
): Promise<void> {
  await asPerson(world, login, 'POST', `/pulls/${pull}/reviews`, {
    event,
    body: event === 'APPROVE' ? '' : 'Not like this.',
    ...(commit ? { commit_id: commit } : {}),
  });
}

/** A comment on an issue or a pull request. */
export async function comment(world: World, login: string, number: number, body: string): Promise<void> {
  await asPerson(world, login, 'POST', `/issues/${number}/comments`, { body });
}

/** Appends text to a file of a branch and pushes it, with git, as that person. */
export async function pushMore(
  world: Pick<World, 'dir' | 'github' | 'people'>,
  login: string,
  branch: string,
  path: string,
  text: string,
): Promise<void> {
  const clone = await openClone({
    dir: await mkdtemp(join(world.dir, `${login}-`)),
    url: world.github.git,
    credentials: async () => world.people[login] ?? null,
    identity: { name: login, email: `${login}@users.noreply.github.com` },
  });
  const head = await fetchBranch(clone, branch);
  if (!head) throw new Error(`there is no branch ${branch}`);
  await clone.local().raw('checkout', '--quiet', '--detach', head);
  await appendFile(join(clone.dir, path), text);
  await clone.local().raw('commit', '--quiet', '--all', '--message', 'Say what to look at next');
  if (!(await pushHead(clone, branch))) throw new Error(`${branch} moved`);
}

/** What a monitor would send: an alert with its details, or the end of it. */
export async function ring(
  world: World,
  action: 'trigger' | 'resolve',
  summary: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await call(`${world.pagerduty.events}/v2/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      routing_key: routingKey(world.pagerduty.service),
      event_action: action,
      dedup_key: `demo/${summary}`,
      payload: { summary, source: 'shop', severity: 'critical', custom_details: details },
    }),
  });
}

export async function breakShop(world: World, what: 'cache' | 'workers' | 'flag' | 'release'): Promise<void> {
  await call(`${world.shop.admin}/break/${what}`, { method: 'POST' });
}

/** What those who run the shop would do by hand, whatever is broken. */
export async function mendShop(world: World): Promise<void> {
  for (const act of ['cache/purge', 'workers/restart', 'flags/new-pricing/off', 'flags/asset-host/off'])
    await call(`${world.shop.admin}/${act}`, { method: 'POST' });
}

/** What a root-cause tool would write a moment after the alert. Its words are the scenario's: nothing here investigates. */
export async function rootCauseNote(world: World, content: string): Promise<void> {
  for (const end = Date.now() + 3 * DEADLINE_MS; ; await pause(100)) {
    const [page] = world.pagerduty.incidents();
    if (page) {
      await call(`${world.pagerduty.api}/incidents/${page.id}/notes`, {
        method: 'POST',
        headers: {
          authorization: `Token token=${world.pagerduty.apiKey}`,
          accept: 'application/vnd.pagerduty+json;version=2',
          'content-type': 'application/json',
          from: CLERIC.email,
        },
        body: JSON.stringify({ note: { content } }),
      });
      return;
    }
    if (Date.now() > end) throw new Error('no page to write a note on');
  }
}
