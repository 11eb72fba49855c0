// The `pull_request` rule of a ruleset: which reviews a merge still lacks. Reviews by apps are never counted.
// https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-a-pull-request-before-merging
import * as z from 'zod';
import { unownedFiles } from './codeowners.ts';
import { type Forge, humansOf, type PullRequest } from './forge.ts';

export const PullRequestRule = z.object({
  required_approving_review_count: z.number().int().min(0).max(10),
  dismiss_stale_reviews_on_push: z.boolean().default(false),
  require_code_owner_review: z.boolean().default(false),
  require_last_push_approval: z.boolean().default(false),
  required_review_thread_resolution: z.boolean().default(false), // the sandbox has no threads that could be open
  allowed_merge_methods: z
    .array(z.enum(['merge', 'squash', 'rebase']))
    .default(['merge', 'squash', 'rebase']),
});
export type Merging = { pull: PullRequest; method: string };

/** The newest review that says yes or no, of each person with write access other than the author. */
function opinionsOn(forge: Forge, pr: PullRequest) {
  const said = forge.state.reviews.filter(
    (review) => review.pull === pr.number && review.state !== 'COMMENTED',
  );
  const writers = humansOf(forge).filter(
    ({ permission }) => permission === 'write' || permission === 'admin',
  );
  const others = writers.filter(({ login }) => login !== pr.author);
  return others.flatMap(({ login }) => said.findLast((review) => review.author === login) ?? []);
}

export async function unreviewed(
  forge: Forge,
  { pull: pr, method }: Merging,
  rule: z.infer<typeof PullRequestRule>,
) {
  const { pushedBy, headSha } = pr.pull;
  const opinions = opinionsOn(forge, pr);
  const approvals = opinions.filter((review) => review.state === 'APPROVED');
  const needed = rule.required_approving_review_count;
  const lastPushApproved = approvals.some(
    ({ author, commit_id }) => author !== pushedBy && commit_id === headSha,
  );
  const lacking: [boolean, string][] = [
    [
      !rule.allowed_merge_methods.some((one) => one === method),
      `${method} merges are not allowed on this branch.`,
    ],
    [
      needed > 0 && opinions.some(({ state }) => state === 'CHANGES_REQUESTED'),
      'A reviewer requested changes.',
    ],
    [
      approvals.length < needed,
      `At least ${needed} approving review is required by reviewers with write access.`,
    ],
    [
      rule.require_last_push_approval && !lastPushApproved,
      'Somebody else must approve the most recent push.',
    ],
    // With no review required, the code owner rule does nothing (reported for github.com).
    [
      rule.require_code_owner_review && needed > 0 && (await unownedFiles(forge, pr, approvals)).length > 0,
      'Waiting on code owner review.',
    ],
  ];
  return lacking.flatMap(([lacks, reason]) => (lacks ? [reason] : []));
}
