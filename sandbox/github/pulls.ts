// Pull requests: open, list, read, close, and follow their branch. https://docs.github.com/en/rest/pulls/pulls
import * as z from 'zod';
import { mayWrite } from './auth.ts';
import { commitView } from './commits.ts';
import { pullFiles } from './diffs.ts';
import { type Actor, type Forge, isoTime, type PullRequest, pullsOf } from './forge.ts';
import { ZERO } from './git.ts';
import { ANY, type Call, page, REPO, route } from './http.ts';
import { addIssue, Body, editIssue, Title } from './issues.ts';
import { pullRoute, readPulls } from './pull-route.ts';
import { announcePull, commitsOf, fullPullView, pullView } from './pull-view.ts';
import type { Move } from './refs.ts';
import { created, ok, type Reply, refuse } from './reply.ts';
import { dismissStale } from './reviews.ts';

/** Open pull requests of a branch take its new head as theirs; a deleted branch closes them. */
export async function followBranch(forge: Forge, actor: Actor, { ref, from, to }: Move): Promise<void> {
  const open = pullsOf(forge).filter(
    ({ state, pull }) => state === 'open' && `refs/heads/${pull.head}` === ref,
  );
  for (const pr of open) {
    if (to === ZERO) {
      await closePull(forge, actor, pr);
      continue;
    }
    const baseSha = (await forge.git.resolve(`heads/${pr.pull.base}`)) ?? pr.pull.baseSha;
    Object.assign(pr.pull, { headSha: to, baseSha, pushedBy: actor.login });
    pr.updated_at = isoTime();
    await forge.git.text(['update-ref', `refs/pull/${pr.number}/head`, to]);
    await announcePull(forge, actor, 'synchronize', pr, { before: from, after: to });
    await dismissStale(forge, actor, pr);
  }
}

export async function closePull(forge: Forge, actor: Actor, pr: PullRequest): Promise<void> {
  editIssue(forge, actor, pr, { state: 'closed' });
  await announcePull(forge, actor, 'closed', pr);
}

/** Somebody presses “Convert to draft” or “Ready for review”, which GitHub's REST API cannot do. */
export async function turnDraft(forge: Forge, login: string, number: number, draft: boolean): Promise<void> {
  const pr = pullsOf(forge).find((one) => one.number === number);
  const person = forge.options.people.find((one) => one.login === login);
  if (!pr || !person) throw new Error(`there is no pull request #${number}, or nobody called ${login}`);
  const { permission } = person;
  Object.assign(pr.pull, { draft });
  const action = draft ? 'converted_to_draft' : 'ready_for_review';
  await announcePull(forge, { kind: 'person', login, permission }, action, pr);
}

const NewPull = z.object({
  ...{ title: Title, head: z.string(), base: z.string(), body: Body.nullish() },
  draft: z.boolean().default(false),
});

async function open(forge: Forge, { actor, input }: Call<z.infer<typeof NewPull>>): Promise<Reply> {
  const { owner } = forge.options;
  const { base, head: named } = input;
  const head = named.replace(`${owner}:`, '');
  const invalid = (field: string, message: string) =>
    refuse(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', field, message }]);
  const headSha = await forge.git.resolve(`heads/${head}`);
  const baseSha = await forge.git.resolve(`heads/${base}`);
  if (!headSha) return invalid('head', 'head is no branch');
  if (!baseSha) return invalid('base', 'base is no branch');
  if (pullsOf(forge).some(({ state, pull }) => state === 'open' && pull.head === head && pull.base === base))
    return invalid('head', `A pull request already exists for ${owner}:${head}.`);
  if ((await forge.git.text(['rev-list', '-n', '1', `${baseSha}..${headSha}`])) === '')
    return invalid('head', `No commits between ${base} and ${head}`);
  const pull = { head, headSha, base, baseSha, pushedBy: actor.login, draft: input.draft, merged: null };
  const pr = addIssue(forge, actor, { ...input, pull });
  await forge.git.text(['update-ref', `refs/pull/${pr.number}/head`, headSha]);
  await announcePull(forge, actor, 'opened', pr);
  return created(await fullPullView(forge, pr));
}

const Edit = z.object({
  title: Title.optional(),
  body: Body.nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

async function edit(
  forge: Forge,
  pr: PullRequest,
  { actor, input }: Call<z.infer<typeof Edit>>,
): Promise<Reply> {
  if (pr.author !== actor.login && !mayWrite(actor))
    return refuse(403, 'Must have write access to the repository');
  const turns = input.state !== undefined && input.state !== pr.state;
  const gone =
    pr.pull.merged !== null || (await forge.git.resolve(`heads/${pr.pull.head}`)) !== pr.pull.headSha;
  if (turns && input.state === 'open' && gone)
    return refuse(422, 'The branch was changed, deleted or merged.');
  const { base } = pr.pull;
  const turned = input.base !== undefined && input.base !== base;
  const baseSha = turned ? await forge.git.resolve(`heads/${input.base}`) : pr.pull.baseSha;
  if (!baseSha)
    return refuse(422, 'Validation Failed', [{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
  const from = { ref: { from: base }, sha: { from: pr.pull.baseSha } };
  Object.assign(pr.pull, { base: input.base ?? base, baseSha });
  const changes = { ...editIssue(forge, actor, pr, input), ...(turned ? { base: from } : {}) };
  if (Object.keys(changes).length > 0) await announcePull(forge, actor, 'edited', pr, { changes });
  if (turns) await announcePull(forge, actor, pr.state === 'open' ? 'reopened' : 'closed', pr);
  return ok(await fullPullView(forge, pr));
}

const Filter = z.object({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  head: z.string().optional(),
  base: z.string().optional(),
  direction: z.enum(['asc', 'desc']).default('desc'),
});

function select(forge: Forge, { state, head, base, direction }: z.infer<typeof Filter>): PullRequest[] {
  const found = pullsOf(forge).filter(
    (pr) =>
      (state === 'all' || pr.state === state) &&
      (!head || head === `${forge.options.owner}:${pr.pull.head}`) &&
      (!base || base === pr.pull.base),
  );
  return direction === 'asc' ? found : found.toReversed();
}

// What is beyond these is not listed at all: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
const MOST_FILES = 3000;
const MOST_COMMITS = 250;

export const pullRoutes = [
  route(`POST ${REPO}/pulls`, ['pull_requests:write', 'write'], NewPull, (forge, call) =>
    forge.exclusive(() => open(forge, call)),
  ),
  route(`GET ${REPO}/pulls`, readPulls, Filter, (forge, call) =>
    page(call, select(forge, call.input), (some) => some.map((pr) => pullView(forge, pr))),
  ),
  pullRoute('GET', readPulls, ANY, async (forge, pr) => ok(await fullPullView(forge, pr))),
  pullRoute('PATCH', ['pull_requests:write', 'read'], Edit, edit),
  pullRoute('GET /files', readPulls, ANY, async (forge, pr, call) =>
    page(call, (await pullFiles(forge, pr)).slice(0, MOST_FILES)),
  ),
  pullRoute('GET /commits', readPulls, ANY, async (forge, pr, call) =>
    page(call, (await commitsOf(forge, pr)).slice(0, MOST_COMMITS), (some) =>
      some.map((commit) => commitView(forge, commit)),
    ),
  ),
];
