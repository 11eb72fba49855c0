// What stands in Coder, and its end, for watch. Must never take an answer it cannot read for an empty list.
import * as z from 'zod';
import { type CoderAccount, call, deleteWorkspace } from '#adapters/workspace/coder/api';
import type { Workspaces } from '#adapters/workspace/port';

const PAGE = 100;
const Listed = z.object({
  count: z.number().int(),
  workspaces: z.array(z.object({ name: z.string(), created_at: z.string() })),
});

export function coderStanding(account: CoderAccount): Pick<Workspaces, 'list' | 'end'> {
  return {
    async list() {
      const standing: { name: string; since: string }[] = [];
      for (;;) {
        const path = `/workspaces?q=owner:me&limit=${PAGE}&offset=${standing.length}`;
        const answer = await call(account, 'GET', path);
        if (!answer.ok) return { ok: false, reason: answer.reason };
        const listed = Listed.safeParse(answer.body);
        if (!listed.success) return { ok: false, reason: 'Coder answered in an unknown shape' };
        const { workspaces, count } = listed.data;
        standing.push(...workspaces.map(({ name, created_at }) => ({ name, since: created_at })));
        if (standing.length >= count || workspaces.length === 0) return { ok: true, standing };
      }
    },
    async end(name, { pause }) {
      const gone = await deleteWorkspace(account, name, pause);
      return gone.ok
        ? { dead: true, gone: true, reason: 'it is deleted' }
        : { dead: false, gone: false, reason: gone.reason };
    },
  };
}
