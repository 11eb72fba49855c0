// Refs: the REST endpoints and the one place where a ref moves and the forge takes note. A ref must never move without
// the rulesets having been asked. https://docs.github.com/en/rest/git/refs
import * as z from 'zod';
import { type Actor, type Forge, idOf } from './forge.ts';
import { ZERO } from './git.ts';
import { created, missing, nothing, ok, page, REPO, type Reply, refuse, route } from './http.ts';
import { followBranch } from './pulls.ts';
import { pushPayload } from './push-event.ts';
import { violations } from './rulesets.ts';

export type Move = { ref: string; from: string; to: string };

/** Called after a branch has moved, however it moved: pull requests follow, `push` is sent. */
export async function refMoved(forge: Forge, actor: Actor, move: Move): Promise<void> {
  if (!/^refs\/(heads|tags)\//.test(move.ref)) return;
  forge.webhooks.emit('push', await pushPayload(forge, actor, move), actor);
  await followBranch(forge, actor, move);
}

/** Moves a ref when the rules allow it and it still stands at `from`. Call it inside `forge.exclusive`. */
async function moveRef(forge: Forge, actor: Actor, move: Move, force: boolean): Promise<Reply | undefined> {
  const { ref, from, to } = move;
  const known = from !== ZERO && to !== ZERO;
  const forward = !known || (await forge.git.attempt(['merge-base', '--is-ancestor', from, to])).ok;
  if (!forward && !force) return refuse(422, 'Update is not a fast forward');
  const reasons = await violations(forge, actor, { ...move, force: !forward });
  if (reasons.length > 0)
    return refuse(422, `Repository rule violations found\n\n${reasons.join('\n\n')}\n\n`);
  if (to !== ZERO && (await bringsWorkflows(forge, actor, to)))
    return refuse(
      403,
      'refusing to allow a GitHub App to create or update workflow without `workflows` permission',
    );
  const done = await forge.git.attempt(
    to === ZERO ? ['update-ref', '-d', ref, from] : ['update-ref', ref, to, from],
  );
  if (!done.ok) return refuse(422, `Reference cannot be updated: ${done.reason}`);
  await refMoved(forge, actor, move);
  return undefined;
}

/** https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/choosing-permissions-for-a-github-app (Workflows) */
async function bringsWorkflows(forge: Forge, actor: Actor, to: string): Promise<boolean> {
  if (actor.kind !== 'app' || actor.permissions['workflows'] === 'write') return false;
  return (
    (await forge.git.text(['rev-list', '-n', '1', to, '--not', '--all', '--', '.github/workflows'])) !== ''
  );
}

async function list(forge: Forge, prefix: string) {
  const lines = await forge.git.text(['for-each-ref', '--format=%(refname) %(objecttype) %(objectname)']);
  return lines
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([ref = '']) => ref.startsWith(prefix))
    .map(([ref = '', type = '', sha = '']) => view(forge, ref, sha, type));
}

function view(forge: Forge, ref: string, sha: string, type = 'commit') {
  const { api, owner, repo } = { ...forge.urls, ...forge.options };
  const at = `${api}/repos/${owner}/${repo}/git`;
  return {
    ref,
    node_id: `REF_${idOf(ref)}`,
    url: `${at}/${ref}`,
    object: { type, sha, url: `${at}/${type}s/${sha}` },
  };
}

async function current(forge: Forge, ref: string): Promise<string | undefined> {
  const found = await forge.git.attempt(['rev-parse', '--verify', '--quiet', ref]);
  return found.ok ? found.out.toString().trim() : undefined;
}

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const refName = z
  .string()
  .regex(/^refs\/[\w.-]+\/(?!.*(\.\.|\/\/|@\{|\.lock$|\/$))[\w./@+-]+$/, 'is not a ref name')
  .refine((ref) => !ref.startsWith('refs/pull/'), 'refs/pull is read only');
const read = ['contents:read', 'read'] as const;
const write = ['contents:write', 'write'] as const;
const parts = (call: { params: Record<string, string> }) => `refs/${call.params['ref'] ?? ''}`;

export const refRoutes = [
  route(`GET ${REPO}/git/ref/:ref{.+}`, read, z.unknown(), async (forge, call) => {
    const found = (await list(forge, parts(call))).find(({ ref }) => ref === parts(call));
    return found ? ok(found) : missing;
  }),
  route(`GET ${REPO}/git/matching-refs/:ref{.*}`, read, z.unknown(), async (forge, call) =>
    page(call, await list(forge, parts(call))),
  ),
  route(`POST ${REPO}/git/refs`, write, z.object({ ref: refName, sha }), (forge, { actor, input }) =>
    forge.exclusive(async () => {
      if (await current(forge, input.ref)) return refuse(422, 'Reference already exists');
      if (!(await forge.git.attempt(['cat-file', '-e', input.sha])).ok)
        return refuse(422, 'Object does not exist');
      const refused = await moveRef(forge, actor, { ref: input.ref, from: ZERO, to: input.sha }, false);
      return refused ?? created(view(forge, input.ref, input.sha));
    }),
  ),
  route(
    `PATCH ${REPO}/git/refs/:ref{.+}`,
    write,
    z.object({ sha, force: z.boolean().default(false) }),
    (forge, call) =>
      forge.exclusive(async () => {
        const ref = refName.safeParse(parts(call)).data;
        const from = ref && (await current(forge, ref));
        if (!from) return refuse(422, 'Reference does not exist');
        if (!(await forge.git.attempt(['cat-file', '-e', call.input.sha])).ok)
          return refuse(422, 'Object does not exist');
        const refused = await moveRef(forge, call.actor, { ref, from, to: call.input.sha }, call.input.force);
        return refused ?? ok(view(forge, ref, call.input.sha));
      }),
  ),
  route(`DELETE ${REPO}/git/refs/:ref{.+}`, write, z.unknown(), (forge, call) =>
    forge.exclusive(async () => {
      const ref = refName.safeParse(parts(call)).data;
      const from = ref && (await current(forge, ref));
      if (!from) return refuse(422, 'Reference does not exist');
      if (ref === 'refs/heads/main') return refuse(422, 'Cannot delete the default branch');
      return (await moveRef(forge, call.actor, { ref, from, to: ZERO }, true)) ?? nothing;
    }),
  ),
];
