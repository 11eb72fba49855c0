// Commit statuses: the older way to say that a commit is good, which every writer has. It must never count for a check
// that is pinned to an app; rulesets.ts sees to that. https://docs.github.com/en/rest/commits/statuses
import * as z from 'zod';
import type { Need } from './auth.ts';
import { nodeId } from './fields.ts';
import { type Forge, isoTime, type Status } from './forge.ts';
import { ANY, page, REPO, route } from './http.ts';
import { userView } from './people.ts';
import { created, refuse } from './reply.ts';

const NewStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().default('default'),
  description: z.string().nullable().default(null),
  target_url: z.string().nullable().default(null),
});

function view(forge: Forge, { author, appId: _, sha, ...status }: Status) {
  const url = `${forge.urls.repo}/statuses/${sha}`;
  const creator = userView(forge, author);
  const node_id = nodeId('Status', status.id);
  return { ...status, url, node_id, avatar_url: creator.avatar_url, updated_at: status.created_at, creator };
}

const read: Need = ['statuses:read', 'read'];
const write: Need = ['statuses:write', 'write'];
export const statusRoutes = [
  route(`POST ${REPO}/statuses/:sha`, write, NewStatus, async (forge, { actor, params, input }) => {
    const sha = await forge.git.resolve(params['sha'] ?? '');
    if (!sha || sha !== params['sha']) return refuse(422, `No commit found for SHA: ${params['sha']}`);
    const appId = actor.kind === 'app' ? actor.appId : null;
    const status = { id: forge.nextId(), sha, ...input, created_at: isoTime(), author: actor.login, appId };
    forge.state.statuses.push(status);
    return created(view(forge, status));
  }),
  route(`GET ${REPO}/commits/:ref{.+}/statuses`, read, ANY, async (forge, call) => {
    const sha = await forge.git.resolve(call.params['ref'] ?? '');
    const found = forge.state.statuses.filter((status) => status.sha === sha).toReversed();
    return page(call, found, (some) => some.map((status) => view(forge, status)));
  }),
];
