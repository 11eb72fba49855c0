// The Probot app: registers what comes in, nothing else.
import type { ApplicationFunction } from 'probot';
import type { Desk } from './desk/desk.ts';
import type { World } from './desk/world.ts';
import { registerComments } from './webhooks/comments.ts';
import { type FactsPort, handleFacts } from './webhooks/facts.ts';
import { registerGitHubEvents } from './webhooks/github.ts';
import { handleHealth, handleReady } from './webhooks/health.ts';
import { answer } from './webhooks/http.ts';
import { handlePagerDuty } from './webhooks/pagerduty.ts';

export type Parts = { world: World; desk: Desk; facts: FactsPort; draining: () => boolean };

export function vigil({ world, desk, facts, draining }: Parts): ApplicationFunction {
  return (app, { addHandler }) => {
    registerGitHubEvents(app, world, desk);
    registerComments(app, world, desk);
    addHandler(async (request, response) => {
      const path = new URL(request.url ?? '/', 'http://vigil').pathname;
      if (request.method === 'GET' && path === '/health') return handleHealth(response);
      if (request.method === 'GET' && path === '/readyz') return handleReady(world, draining(), response);
      if (request.method !== 'POST' || (path !== '/webhooks/pagerduty' && path !== '/facts')) return false;
      if (draining()) return answer(response, 503, { error: 'shutting down; deliver again' });
      if (path === '/facts') return handleFacts(world, desk, facts, request, response);
      return handlePagerDuty(world, desk, request, response);
    });
  };
}
