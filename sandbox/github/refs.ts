// Refs: the REST endpoints, and the one place where the forge takes note that a ref moved. A ref must never move without
// the rulesets having been asked. https://docs.github.com/en/rest/git/refs
import * as z from 'zod';
import { noteActivity } from './activity.ts';
import type { Need } from './auth.ts';
import { nodeId } from './fields.ts';
import { type Actor, branchOf, type Forge } from './forge.ts';
import { ZERO } from './git.ts';
import { ANY, page, REPO, route } from './http.ts';
import { followBranch } from './pulls.ts';
import { pushPayload } from './push-event.ts';
import { created, missing, nothing, ok, type Reply, refuse } from './reply.ts';
import { violations } from './rulesets.ts';
import { runsOfPush } from './triggers.ts';

export type Move = { ref: string; from: string; to: string };

/** Called after a ref has moved, however it moved: `push` is sent, pull requests follow their branch. */
export async function refMoved(forge: Forge, actor: Actor, move: Move): Promise<void> {
  if (!/^refs\/(heads|tags)\//.test(move.ref)) return;
  const payload = await pushPayload(forge, actor, move);
  noteActivity(forge, actor, move, payload.forced);
  forge.webhooks.emit('push', payload, actor);
  await followBranch(forge, actor, move);
  await runsOfPush(forge, actor, move, payload);
}

/** Moves a ref when the rules allow it and it still stands at `from`; else gives the refusal. Call it in `exclusive`. */
async function moveRef(forge: Forge, actor: Actor, move: Move, force: boolean): Promise<Reply | undefined> {
  const { ref, from, to } = move;
  const moves = from !== ZERO && to !== ZERO;
  const forward = !moves || (await forge.git.attempt(['merge-base', '--is-ancestor', from, to])).ok;
  if (!forward && !force) return refuse(422, 'Update is not a fast forward');
  const reasons = await violations(forge, actor, { ...move, force: !forward });
  if (reasons.length > 0)
    return refuse(422, `Repository rule violations found\n\n${reasons.join('\n\n')}\n\n`);
  if (to !== ZERO && (await bringsWorkflows(forge, actor, to)))
    return refuse(
      403,
      'refusing to allow a GitHub App to create or update workflow without `workflows` permission',
    );
  const done = await forge.git.attempt([
    'update-ref',
    ...(to === ZERO ? ['-d', ref, from] : [ref, to, from]),
  ]);
  if (!done.ok) return refuse(422, 'Reference cannot be updated');
  await refMoved(forge, actor, move);
  return undefined;
}

/** https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/choosing-permissions-for-a-github-app */
async function bringsWorkflows(forge: Forge, actor: Actor, to: string): Promise<boolean> {
  if (actor.kind !== 'app' || actor.permissions['workflows'] === 'write') return false;
  return (
    (await forge.git.text(['rev-list', '-n', '1', to, '--not', '--all', '--', '.github/workflows'])) !== ''
  );
}

const view = ({ urls }: Forge, ref: string, sha: string, type = 'commit') => ({
  ref,
  node_id: nodeId('Ref', ref),
  url: `${urls.repo}/git/${ref}`,
  object: { type, sha, url: `${urls.repo}/git/${type}s/${sha}` },
});

async function list(forge: Forge, prefix: string) {
  const lines = await forge.git.text(['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)']);
  const refs = lines.split('\n').filter((line) => line.startsWith(prefix));
  return refs.map((line) => {
    const [ref = '', sha = '', type] = line.split(' ');
    return view(forge, ref, sha, type);
  });
}

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const RefName = z
  .string()
  .regex(
    /^refs\/(?!pull\/)[\w.-]+\/(?!.*(\.\.|\/\/|@\{|\.lock$|\/$))[\w./@+-]+$/,
    'is not a ref that can be written',
  );
const read: Need = ['contents:read', 'read'];
const write: Need = ['contents:write', 'write'];
const asked = ({ params }: { params: Record<string, string> }) => `refs/${params['ref'] ?? ''}`;

/** The ref of the path, when it can be written and stands somewhere. */
async function present(forge: Forge, name: string): Promise<{ ref: string; from: string } | undefined> {
  if (!RefName.safeParse(name).success) return undefined;
  const found = await forge.git.attempt(['rev-parse', '--verify', '--quiet', name]);
  return found.ok ? { ref: name, from: found.out.toString().trim() } : undefined;
}
const stored = async ({ git }: Forge, id: string) => (await git.attempt(['cat-file', '-e', id])).ok;

export const refRoutes = [
  route(`GET ${REPO}/git/ref/:ref{.+}`, read, ANY, async (forge, call) => {
    const found = (await list(forge, asked(call))).find(({ ref }) => ref === asked(call));
    return found ? ok(found) : missing;
  }),
  route(`GET ${REPO}/git/matching-refs/:ref{.*}`, read, ANY, async (forge, call) =>
    page(call, await list(forge, asked(call))),
  ),
  route(`POST ${REPO}/git/refs`, write, z.object({ ref: RefName, sha }), (forge, { actor, input }) =>
    forge.exclusive(async () => {
      if (await present(forge, input.ref)) return refuse(422, 'Reference already exists');
      if (!(await stored(forge, input.sha))) return refuse(422, 'Object does not exist');
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
        const found = await present(forge, asked(call));
        if (!found) return refuse(422, 'Reference does not exist');
        if (!(await stored(forge, call.input.sha))) return refuse(422, 'Object does not exist');
        const refused = await moveRef(forge, call.actor, { ...found, to: call.input.sha }, call.input.force);
        return refused ?? ok(view(forge, found.ref, call.input.sha));
      }),
  ),
  route(`DELETE ${REPO}/git/refs/:ref{.+}`, write, ANY, (forge, call) =>
    forge.exclusive(async () => {
      const found = await present(forge, asked(call));
      if (!found) return refuse(422, 'Reference does not exist');
      if (found.ref === `refs/heads/${branchOf(forge)}`)
        return refuse(422, 'Cannot delete the default branch');
      return (await moveRef(forge, call.actor, { ...found, to: ZERO }, true)) ?? nothing;
    }),
  ),
];
