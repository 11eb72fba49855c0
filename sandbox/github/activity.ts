// A repository's activity: who moved which branch. It must never tell of tags, nor name a commit's author in place of who pushed.
// https://docs.github.com/en/rest/repos/repos#list-repository-activities
import * as z from 'zod';
import { nodeId } from './fields.ts';
import { type Activity, type Actor, type Forge, isoTime } from './forge.ts';
import { ZERO } from './git.ts';
import { page, REPO, route } from './http.ts';
import { userView } from './people.ts';
import type { Move } from './refs.ts';

export function noteActivity(forge: Forge, { login }: Actor, { ref, from, to }: Move, forced: boolean): void {
  if (!ref.startsWith('refs/heads/')) return;
  const moved = forced ? 'force_push' : 'push';
  const activity_type: Activity['activity_type'] =
    from === ZERO ? 'branch_creation' : to === ZERO ? 'branch_deletion' : moved;
  const about = { ref, before: from, after: to, activity_type, author: login };
  forge.state.activities.push({ id: forge.nextId(), ...about, timestamp: isoTime() });
}

const Filter = z.object({
  ref: z.string().optional(),
  actor: z.string().optional(),
  activity_type: z.string().optional(),
  direction: z.enum(['asc', 'desc']).default('desc'),
});

export const activityRoutes = [
  route(`GET ${REPO}/activity`, ['contents:read', 'read'], Filter, (forge, call) => {
    const { ref, actor, activity_type, direction } = call.input;
    const found = forge.state.activities.filter(
      (one) =>
        (ref === undefined || one.ref === ref || one.ref === `refs/heads/${ref}`) &&
        (actor ?? one.author) === one.author &&
        (activity_type ?? one.activity_type) === one.activity_type,
    );
    return page(call, direction === 'asc' ? found : found.toReversed(), (some) =>
      some.map(({ author, ...plain }) => ({
        ...plain,
        node_id: nodeId('Activity', plain.id),
        actor: userView(forge, author),
      })),
    );
  }),
];
