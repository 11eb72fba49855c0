// Rulesets: one evaluator for git push, the refs API and merging. It must never be looser than GitHub for a rule it
// loads; a rule that it does not know stops the start instead.
// https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
import { matchesGlob } from 'node:path';
import * as z from 'zod';
import { unownedFiles } from './codeowners.ts';
import { type Actor, type Forge, idOf, type PullRequest } from './forge.ts';
import { ZERO } from './git.ts';
import { missing, ok, REPO, route } from './http.ts';

const PullRequestRule = z.object({
  required_approving_review_count: z.number().int().min(0).max(10),
  dismiss_stale_reviews_on_push: z.boolean().default(false),
  require_code_owner_review: z.boolean().default(false),
  require_last_push_approval: z.boolean().default(false),
  required_review_thread_resolution: z.boolean().default(false), // the sandbox has no review threads to resolve
  allowed_merge_methods: z
    .array(z.enum(['merge', 'squash', 'rebase']))
    .default(['merge', 'squash', 'rebase']),
});
const StatusRule = z.object({
  strict_required_status_checks_policy: z.boolean().default(false),
  required_status_checks: z.array(z.object({ context: z.string(), integration_id: z.number().optional() })),
});
const Rule = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['creation', 'update', 'deletion', 'non_fast_forward', 'required_linear_history']),
  }),
  z.object({ type: z.literal('pull_request'), parameters: PullRequestRule }),
  z.object({ type: z.literal('required_status_checks'), parameters: StatusRule }),
]);
const Ruleset = z.object({
  name: z.string(),
  target: z.literal('branch'),
  enforcement: z.enum(['active', 'evaluate', 'disabled']),
  conditions: z.object({
    ref_name: z.object({ include: z.array(z.string()), exclude: z.array(z.string()).default([]) }),
  }),
  bypass_actors: z
    .array(
      z.object({
        actor_id: z.number().nullable(),
        actor_type: z.string(),
        bypass_mode: z.enum(['always', 'pull_request', 'exempt']),
      }),
    )
    .default([]),
  rules: z.array(Rule),
});
type Rule = z.infer<typeof Rule>;
export type Ruleset = z.infer<typeof Ruleset>;

/**
 * Reads the rulesets that the first commit carries in GitHub's export format. An export holds the installation's own
 * app id; the checked-in files hold 0, which stands for the app of this sandbox.
 */
export async function loadRulesets(forge: Forge): Promise<Ruleset[]> {
  const files = await forge.git.text(['ls-tree', '-r', '--name-only', 'main', '.github/rulesets/']);
  const names = files.split('\n').filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => {
      const json = JSON.parse(await forge.git.text(['cat-file', 'blob', `main:${name}`]), (key, value) =>
        value === 0 && (key === 'actor_id' || key === 'integration_id') ? forge.options.app.id : value,
      );
      const parsed = Ruleset.safeParse(json);
      if (!parsed.success)
        throw new Error(`${name}: the sandbox cannot hold this ruleset: ${z.prettifyError(parsed.error)}`);
      return parsed.data;
    }),
  );
}

const BRANCH = /^refs\/heads\//;
function covers({ conditions }: Ruleset, ref: string): boolean {
  const matches = (pattern: string) =>
    pattern === '~ALL' ||
    (pattern === '~DEFAULT_BRANCH' ? ref === 'refs/heads/main' : matchesGlob(ref, pattern));
  return (
    BRANCH.test(ref) &&
    conditions.ref_name.include.some(matches) &&
    !conditions.ref_name.exclude.some(matches)
  );
}

// Ids of the built-in roles: https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset (actor_type RepositoryRole)
const ROLES: Record<number, string> = { 4: 'write', 5: 'admin' };
function bypasses({ bypass_actors }: Ruleset, actor: Actor, merging: boolean): boolean {
  return bypass_actors.some(({ actor_id, actor_type, bypass_mode }) => {
    if (bypass_mode === 'pull_request' && !merging) return false;
    if (actor_type === 'Integration') return actor.kind === 'app' && actor.appId === actor_id;
    return (
      actor_type === 'RepositoryRole' && actor.kind === 'person' && ROLES[actor_id ?? 0] === actor.permission
    );
  });
}

/** The rules that bind this actor on this ref, bypasses taken off. */
export function rulesFor(forge: Forge, actor: Actor, ref: string, merging = false): Rule[] {
  return forge.rulesets
    .filter((set) => set.enforcement === 'active' && covers(set, ref) && !bypasses(set, actor, merging))
    .flatMap((set) => set.rules);
}

export type Change = {
  ref: string;
  from: string;
  to: string;
  force: boolean;
  merge?: { pull: PullRequest; method: string };
};

/** Why this change of a branch is not allowed; an empty list when it is. */
export async function violations(forge: Forge, actor: Actor, change: Change): Promise<string[]> {
  const rules = rulesFor(forge, actor, change.ref, change.merge !== undefined);
  return (await Promise.all(rules.map((rule) => broken(forge, rule, change)))).flat();
}

async function broken(forge: Forge, rule: Rule, { ref, from, to, force, merge }: Change): Promise<string[]> {
  const deleting = to === ZERO;
  const creating = from === ZERO;
  switch (rule.type) {
    case 'creation':
      return creating ? [`Cannot create ${ref}: creations are restricted.`] : [];
    case 'deletion':
      return deleting ? ['Cannot delete this branch'] : [];
    case 'update':
      return creating || deleting || merge ? [] : ['Cannot update this protected ref.'];
    case 'non_fast_forward':
      return force ? ['Cannot force-push to this branch'] : [];
    case 'required_linear_history':
      return merge?.method === 'merge' ? ['This branch must not contain merge commits.'] : [];
    case 'pull_request':
      if (deleting) return [];
      return merge
        ? unreviewed(forge, merge.pull, merge.method, rule.parameters)
        : ['Changes must be made through a pull request.'];
    case 'required_status_checks':
      return deleting ? [] : unchecked(forge, rule.parameters, merge?.pull.pull.headSha ?? to, from);
  }
}

/** What the newest opinion of each person with write access still lacks. Apps' reviews are not counted. */
async function unreviewed(
  forge: Forge,
  pr: PullRequest,
  method: string,
  rule: z.infer<typeof PullRequestRule>,
) {
  const reasons: string[] = [];
  const opinions = opinionsOn(forge, pr);
  const approvals = opinions.filter((review) => review.state === 'APPROVED');
  const needed = rule.required_approving_review_count;
  if (!rule.allowed_merge_methods.some((one) => one === method))
    reasons.push(`The ${method} method is not allowed on this branch.`);
  if (needed > 0 && opinions.some((review) => review.state === 'CHANGES_REQUESTED'))
    reasons.push('1 review requesting changes by reviewers with write access.');
  if (approvals.length < needed)
    reasons.push(`At least ${needed} approving review is required by reviewers with write access.`);
  if (
    rule.require_last_push_approval &&
    !approvals.some(({ author, commitId }) => author !== pr.pull.pushedBy && commitId === pr.pull.headSha)
  )
    reasons.push('New changes require approval from someone other than the last pusher.');
  if (rule.require_code_owner_review && (await unownedFiles(forge, pr, approvals)).length > 0)
    reasons.push('Waiting on code owner review.');
  return reasons;
}

/** The newest review that says yes or no, for each person with write access other than the author. */
export function opinionsOn(forge: Forge, pr: PullRequest) {
  const writers = forge.options.people.filter(
    (p) => p.login !== pr.author && (p.permission === 'write' || p.permission === 'admin'),
  );
  const said = forge.state.reviews.filter(
    (review) => review.pull === pr.number && review.state !== 'COMMENTED',
  );
  return writers.flatMap(({ login }) => said.findLast((review) => review.author === login) ?? []);
}

async function unchecked(
  forge: Forge,
  rule: z.infer<typeof StatusRule>,
  sha: string,
  base: string,
): Promise<string[]> {
  const reasons = rule.required_status_checks.flatMap(({ context, integration_id }) => {
    const run = forge.state.checks.findLast(
      (check) =>
        check.headSha === sha && check.name === context && (integration_id ?? check.appId) === check.appId,
    );
    if (!run) return [`Required status check "${context}" is expected.`];
    return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '')
      ? []
      : [`Required status check "${context}" is ${run.conclusion ?? 'in progress'}.`];
  });
  if (
    rule.strict_required_status_checks_policy &&
    base !== ZERO &&
    !(await forge.git.attempt(['merge-base', '--is-ancestor', base, sha])).ok
  )
    reasons.push('This branch is out of date with the base branch.');
  return reasons;
}

const view = (set: Ruleset) => ({ id: idOf(set.name), source_type: 'Repository', ...set });
export const rulesetRoutes = [
  route(`GET ${REPO}/rulesets`, ['metadata:read', 'read'], z.unknown(), (forge) =>
    ok(forge.rulesets.map(view)),
  ),
  route(`GET ${REPO}/rulesets/:number`, ['metadata:read', 'read'], z.unknown(), (forge, { number }) => {
    const found = forge.rulesets.find((set) => idOf(set.name) === number);
    return found ? ok(view(found)) : missing;
  }),
];
