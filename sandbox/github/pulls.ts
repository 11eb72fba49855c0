// Pull requests: open, list, read, close, and follow their branch. https://docs.github.com/en/rest/pulls/pulls
import * as z from 'zod';
import { mayWrite } from './auth.ts';
import { commitView } from './commits.ts';
import { diffFiles, forkPoint } from './diffs.ts';
import { type Actor, type Forge, findPull, isoTime, type PullRequest } from './forge.ts';
import { ZERO } from './git.ts';
import { created, missing, ok, page, REPO, refuse, route } from './http.ts';
import { addIssue, Body, editIssue, Title } from './issues.ts';
import { mergeability } from './mergeable.ts';
import { userView } from './people.ts';
import { announcePull, commitsOf, pullView } from './pull-view.ts';
import type { Move } from './refs.ts';
import { dismissStale } from './reviews.ts';

async function fullView(forge: Forge, pr: PullRequest) {
  const files = await diffFiles(forge, await forkPoint(forge, pr), pr.pull.headSha);
  const { merged } = pr.pull;
  const sum = (pick: (file: (typeof files)[number]) => number) =>
    files.reduce((total, file) => total + pick(file), 0);
  return {
    ...pullView(forge, pr),
    merged: merged !== null,
    merged_by: merged ? userView(forge, merged.by) : null,
    ...(await mergeability(forge, pr)),
    comments: forge.state.comments.filter((comment) => comment.issue === pr.number).length,
    commits: (await commitsOf(forge, pr)).length,
    additions: sum((file) => file.additions),
    deletions: sum((file) => file.deletions),
    changed_files: files.length,
  };
}

/** Open pull requests of a branch take its new head as theirs; a deleted branch closes them. */
export async function followBranch(forge: Forge, actor: Actor, { ref, from, to }: Move): Promise<void> {
  const all = forge.state.issues.flatMap((issue) => findPull(forge, issue.number) ?? []);
  for (const pr of all.filter(({ state, pull }) => state === 'open' && `refs/heads/${pull.head}` === ref)) {
    if (to === ZERO) {
      closePull(forge, actor, pr);
      continue;
    }
    const baseSha = (await forge.git.resolve(`heads/${pr.pull.base}`)) ?? pr.pull.baseSha;
    Object.assign(pr.pull, { headSha: to, baseSha, pushedBy: actor.login });
    pr.updatedAt = isoTime();
    await forge.git.text(['update-ref', `refs/pull/${pr.number}/head`, to]);
    announcePull(forge, actor, 'synchronize', pr, { before: from, after: to });
    dismissStale(forge, actor, pr);
  }
}

export function closePull(forge: Forge, actor: Actor, pr: PullRequest): void {
  editIssue(forge, actor, pr, { state: 'closed' });
  announcePull(forge, actor, 'closed', pr);
}

async function open(forge: Forge, actor: Actor, input: z.infer<typeof NewPull>) {
  const { owner } = forge.options;
  const head = input.head.replace(`${owner}:`, '');
  const invalid = (field: string, code = 'invalid', message?: string) =>
    refuse(422, 'Validation Failed', [
      { resource: 'PullRequest', field, code, ...(message ? { message } : {}) },
    ]);
  const [headSha, baseSha] = await Promise.all([
    forge.git.resolve(`heads/${head}`),
    forge.git.resolve(`heads/${input.base}`),
  ]);
  if (!headSha) return invalid('head');
  if (!baseSha) return invalid('base');
  const same = forge.state.issues.some(
    ({ state, pull }) => state === 'open' && pull?.head === head && pull.base === input.base,
  );
  if (same) return invalid('', 'custom', `A pull request already exists for ${owner}:${head}.`);
  if ((await forge.git.text(['rev-list', '-n', '1', `${baseSha}..${headSha}`])) === '')
    return invalid('', 'custom', `No commits between ${input.base} and ${head}`);
  const pull = { head, headSha, base: input.base, baseSha, pushedBy: actor.login, merged: null };
  const pr = Object.assign(addIssue(forge, actor, { ...input, pull }), { pull });
  await forge.git.text(['update-ref', `refs/pull/${pr.number}/head`, headSha]);
  announcePull(forge, actor, 'opened', pr);
  return created(await fullView(forge, pr));
}

const read = ['pull_requests:read', 'read'] as const;
const NewPull = z.object({ title: Title, head: z.string(), base: z.string(), body: Body.nullish() });
const Edit = z.object({
  title: Title.optional(),
  body: Body.nullish(),
  state: z.enum(['open', 'closed']).optional(),
});
const Filter = z.object({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  head: z.string().optional(),
  base: z.string().optional(),
  direction: z.enum(['asc', 'desc']).default('desc'),
});

export const pullRoutes = [
  route(`POST ${REPO}/pulls`, ['pull_requests:write', 'write'], NewPull, (forge, { actor, input }) =>
    forge.exclusive(() => open(forge, actor, input)),
  ),
  route(`GET ${REPO}/pulls`, read, Filter, (forge, call) => {
    const { state, head, base, direction } = call.input;
    const all = forge.state.issues.flatMap((issue) => findPull(forge, issue.number) ?? []);
    const found = all.filter(
      (pr) =>
        (state === 'all' || pr.state === state) &&
        (!head || head === `${forge.options.owner}:${pr.pull.head}`) &&
        (!base || base === pr.pull.base),
    );
    return page(call, direction === 'asc' ? found : found.toReversed(), (some) =>
      some.map((pr) => pullView(forge, pr)),
    );
  }),
  route(`GET ${REPO}/pulls/:number`, read, z.unknown(), async (forge, { number }) => {
    const pr = findPull(forge, number);
    return pr ? ok(await fullView(forge, pr)) : missing;
  }),
  route(
    `PATCH ${REPO}/pulls/:number`,
    ['pull_requests:write', 'read'],
    Edit,
    async (forge, { actor, number, input }) => {
      const pr = findPull(forge, number);
      if (!pr) return missing;
      if (pr.author !== actor.login && !mayWrite(actor))
        return refuse(403, 'Must have write access to the repository');
      const head = await forge.git.resolve(`heads/${pr.pull.head}`);
      const reopens = input.state === 'open' && pr.state === 'closed';
      if (reopens && (pr.pull.merged || head !== pr.pull.headSha))
        return refuse(422, 'Validation Failed', [
          {
            resource: 'PullRequest',
            field: 'state',
            code: 'invalid',
            message: 'state cannot be changed: the branch was changed, deleted or merged.',
          },
        ]);
      const closes = input.state === 'closed' && pr.state === 'open';
      editIssue(forge, actor, pr, input);
      announcePull(forge, actor, reopens ? 'reopened' : closes ? 'closed' : 'edited', pr);
      return ok(await fullView(forge, pr));
    },
  ),
  route(`GET ${REPO}/pulls/:number/files`, read, z.unknown(), async (forge, call) => {
    const pr = findPull(forge, call.number);
    return pr ? page(call, await diffFiles(forge, await forkPoint(forge, pr), pr.pull.headSha)) : missing;
  }),
  route(`GET ${REPO}/pulls/:number/commits`, read, z.unknown(), async (forge, call) => {
    const pr = findPull(forge, call.number);
    return pr
      ? page(
          call,
          (await commitsOf(forge, pr)).map((commit) => commitView(forge, commit)),
        )
      : missing;
  }),
];
