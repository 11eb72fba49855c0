// The Probot app: registers the handlers for all that comes in. Must never do anything else.
import type { ApplicationFunction } from 'probot';
import type { Desk } from './desk/desk.ts';
import type { World } from './desk/world.ts';
import { registerComments } from './webhooks/comments.ts';
import { handleConfirm } from './webhooks/confirm/door.ts';
import { type FactsPort, handleFacts } from './webhooks/facts.ts';
import { registerGitHubEvents } from './webhooks/github.ts';
import { type Amiss, handleHealth, handleReady, markOf } from './webhooks/health.ts';
import { answer } from './webhooks/http.ts';
import { type Own, ownEvents } from './webhooks/own-events.ts';
import { handlePagerDuty } from './webhooks/pagerduty.ts';
import { handleSlack } from './webhooks/slack.ts';

export type Parts = {
  world: World;
  own: Own;
  desk: Desk;
  facts: FactsPort;
  draining: () => boolean;
  amiss: () => Amiss;
};

/** Where GitHub's events come in; Probot knows exactly this path. */
const GITHUB = '/api/github/webhooks';
const posts = new Set(['/webhooks/pagerduty', '/webhooks/slack', '/facts']);

export function vigil({ world, own, desk, facts, draining, amiss }: Parts): ApplicationFunction {
  return (app, { addHandler }) => {
    const mark = markOf(world.config);
    const events = ownEvents(app, own);
    registerGitHubEvents(events, world, desk);
    registerComments(events, world, desk);
    addHandler(async (request, response) => {
      const path = plainPath(request.url ?? '/');
      if (path === GITHUB) request.url = GITHUB;
      if (request.method === 'GET' && path === '/health') return handleHealth(response, mark);
      if (request.method === 'GET' && path === '/readyz')
        return handleReady(world, draining(), response, amiss());
      if (path.startsWith('/confirm/') && !(draining() && request.method === 'POST'))
        return handleConfirm(world, desk, request, response);
      if (request.method !== 'POST' || !posts.has(path)) return false;
      if (draining()) return answer(response, 503, { error: 'shutting down; deliver again' });
      if (path === '/facts') return handleFacts(world, desk, facts, request, response);
      if (path === '/webhooks/slack') return handleSlack(world, desk, request, response);
      return handlePagerDuty(world, desk, request, response);
    });
  };
}

/** The path without a query, doubled slashes or a slash at its end: what people enter into a vendor's form. */
function plainPath(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}
