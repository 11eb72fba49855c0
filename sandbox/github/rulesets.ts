// Rulesets: one evaluator for git push, the refs API and merging. It must never be looser than GitHub for a rule it
// loads; a rule that it does not know stops the start instead.
// https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
import { matchesGlob } from 'node:path';
import * as z from 'zod';
import { type Actor, branchOf, type Forge, idOf } from './forge.ts';
import { ZERO } from './git.ts';
import { type Merging, PullRequestRule, unreviewed } from './review-rule.ts';

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
const Bypass = z.object({
  actor_id: z.number().nullable(),
  actor_type: z.string(),
  bypass_mode: z.enum(['always', 'pull_request', 'exempt']),
});
const Ruleset = z.object({
  id: z.number().default(0),
  name: z.string(),
  target: z.literal('branch'),
  enforcement: z.enum(['active', 'evaluate', 'disabled']),
  conditions: z.object({
    ref_name: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }),
  }),
  bypass_actors: z.array(Bypass).default([]),
  rules: z.array(Rule),
});
type Rule = z.infer<typeof Rule>;
export type Ruleset = z.infer<typeof Ruleset>;

/**
 * Reads the rulesets that the first commit carries in GitHub's export format. An export holds the installation's own
 * app id; the checked-in files hold 0, which stands for the app of this sandbox.
 */
export async function loadRulesets({ git, options }: Pick<Forge, 'git' | 'options'>): Promise<Ruleset[]> {
  const files = (await git.text(['ls-tree', '-r', '--name-only', 'HEAD', '.github/rulesets/'])).split('\n');
  const ours = (key: string, value: unknown) =>
    value === 0 && (key === 'actor_id' || key === 'integration_id') ? options.app.id : value;
  const read = async (name: string) => {
    const parsed = Ruleset.safeParse(JSON.parse(await git.text(['cat-file', 'blob', `HEAD:${name}`]), ours));
    if (parsed.success) return { ...parsed.data, id: idOf(name) };
    throw new Error(`${name}: the sandbox cannot hold this ruleset: ${z.prettifyError(parsed.error)}`);
  };
  return Promise.all(files.filter((name) => name.endsWith('.json')).map(read));
}

export function covers(
  forge: Pick<Forge, 'options'>,
  { conditions: { ref_name } }: Ruleset,
  ref: string,
): boolean {
  const isDefault = ref === `refs/heads/${branchOf(forge)}`;
  const named: Record<string, boolean> = { '~ALL': true, '~DEFAULT_BRANCH': isDefault };
  const matches = (pattern: string) => named[pattern] ?? matchesGlob(ref, pattern);
  return ref.startsWith('refs/heads/') && ref_name.include.some(matches) && !ref_name.exclude.some(matches);
}

// Ids of the built-in roles: https://registry.terraform.io/providers/integrations/github/latest/docs/resources/repository_ruleset
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
  const binding = forge.rulesets.filter((set) => set.enforcement === 'active' && covers(forge, set, ref));
  return binding.filter((set) => !bypasses(set, actor, merging)).flatMap((set) => set.rules);
}

export type Change = { ref: string; from: string; to: string; force: boolean; merge?: Merging };

/** Why this change of a branch is not allowed; an empty list when it is. */
export async function violations(forge: Forge, actor: Actor, change: Change): Promise<string[]> {
  const rules = rulesFor(forge, actor, change.ref, change.merge !== undefined);
  return (await Promise.all(rules.map((rule) => broken(forge, rule, change)))).flat();
}

async function broken(forge: Forge, rule: Rule, { from, to, force, merge }: Change): Promise<string[]> {
  const [creating, deleting] = [from === ZERO, to === ZERO];
  switch (rule.type) {
    case 'creation':
      return creating ? ['Cannot create ref due to creations being restricted.'] : [];
    case 'deletion':
      return deleting ? ['Cannot delete this branch'] : [];
    case 'update':
      return creating || deleting ? [] : ['Cannot update this protected ref.'];
    case 'non_fast_forward':
      return force ? ['Cannot force-push to this branch'] : [];
    case 'required_linear_history':
      return merge?.method === 'merge' ? ['This branch must not contain merge commits.'] : [];
    case 'pull_request':
      if (merge) return unreviewed(forge, merge, rule.parameters);
      return deleting ? [] : ['Changes must be made through a pull request.'];
    case 'required_status_checks':
      return deleting ? [] : unchecked(forge, rule.parameters, merge?.pull.pull.headSha ?? to, from);
  }
}

/** What is pinned by `integration_id` counts only from that app; the newest check run and the newest status of a name decide. */
async function unchecked(forge: Forge, rule: z.infer<typeof StatusRule>, sha: string, base: string) {
  const reasons = rule.required_status_checks.flatMap(({ context, integration_id }) => {
    const counts = ({ appId }: { appId: number | null }) => (integration_id ?? appId) === appId;
    const run = forge.state.checks.findLast(
      (one) => one.head_sha === sha && one.name === context && counts(one),
    );
    const status = forge.state.statuses.findLast(
      (one) => one.sha === sha && one.context === context && counts(one),
    );
    const words = [run && (run.conclusion ?? 'in progress'), status?.state].filter(
      (word) => word !== undefined,
    );
    const bad = words.find((word) => !['success', 'neutral', 'skipped'].includes(word));
    return words.length > 0 && !bad ? [] : [`Required status check "${context}" is ${bad ?? 'expected'}.`];
  });
  const strict = rule.strict_required_status_checks_policy && base !== ZERO;
  if (strict && !(await forge.git.attempt(['merge-base', '--is-ancestor', base, sha])).ok)
    reasons.push('This branch is out of date with the base branch.');
  return reasons;
}
