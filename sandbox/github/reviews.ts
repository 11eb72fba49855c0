// Reviews of pull requests. It must never let somebody approve their own. https://docs.github.com/en/rest/pulls/reviews
import * as z from 'zod';
import { ACTIONS_APP_ID } from './auth.ts';
import { type Actor, type Forge, findPull, isoTime, type PullRequest, type Review } from './forge.ts';
import { missing, ok, page, REPO, type Reply, refuse, route } from './http.ts';
import { Body } from './issues.ts';
import { association, userView } from './people.ts';
import { pullUrl, pullView } from './pull-view.ts';
import { rulesFor } from './rulesets.ts';

const NewReview = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']), // without one GitHub keeps a draft; the sandbox has no drafts
  body: Body.default(''),
  commit_id: z.string().optional(),
});
const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export function reviewView(forge: Forge, { id, pull, author, body, state, commitId, submittedAt }: Review) {
  const html_url = `${forge.urls.web}/pull/${pull}#pullrequestreview-${id}`;
  return {
    id,
    node_id: `PRR_${id}`,
    user: userView(forge, author),
    body,
    state,
    commit_id: commitId,
    submitted_at: submittedAt,
    html_url,
    pull_request_url: pullUrl(forge, pull),
    author_association: association(forge, author),
  };
}

function announce(forge: Forge, actor: Actor, action: string, pr: PullRequest, review: Review) {
  const shown = reviewView(forge, review);
  const payload = {
    action,
    review: { ...shown, state: shown.state.toLowerCase() },
    pull_request: pullView(forge, pr),
  }; // webhooks write states in small letters
  forge.webhooks.emit('pull_request_review', payload, actor);
}

/** Submits a review as GitHub would judge it. */
export async function review(
  forge: Forge,
  actor: Actor,
  pr: PullRequest,
  input: z.infer<typeof NewReview>,
): Promise<Reply> {
  if (input.event === 'APPROVE' && actor.kind === 'app' && actor.appId === ACTIONS_APP_ID)
    return refuse(422, 'Unprocessable Entity', ['GitHub Actions is not permitted to approve pull requests.']);
  const own =
    pr.author === actor.login &&
    { APPROVE: 'approve', REQUEST_CHANGES: 'request changes on', COMMENT: '' }[input.event];
  if (own) return refuse(422, 'Unprocessable Entity', [`Review Can not ${own} your own pull request`]);
  if (input.event !== 'APPROVE' && input.body === '')
    return refuse(422, 'Unprocessable Entity', ['Body is required for this event']);
  const commitId = input.commit_id ?? pr.pull.headSha;
  if (!(await forge.git.attempt(['merge-base', '--is-ancestor', commitId, pr.pull.headSha])).ok)
    return refuse(422, 'Unprocessable Entity', ['commit_id is not part of the pull request']);
  const made: Review = {
    id: forge.nextId(),
    pull: pr.number,
    author: actor.login,
    state: STATES[input.event],
    body: input.body,
    commitId,
    submittedAt: isoTime(),
  };
  forge.state.reviews.push(made);
  pr.updatedAt = made.submittedAt;
  announce(forge, actor, 'submitted', pr, made);
  return ok(reviewView(forge, made));
}

function dismiss(forge: Forge, actor: Actor, pr: PullRequest, found: Review): void {
  found.state = 'DISMISSED';
  announce(forge, actor, 'dismissed', pr, found);
}

/** New commits void approvals where a ruleset says so. GitHub compares the diffs; here any new head is a new diff. */
export function dismissStale(forge: Forge, actor: Actor, pr: PullRequest): void {
  const nobody: Actor = { kind: 'nobody', login: 'nobody' };
  const rules = rulesFor(forge, nobody, `refs/heads/${pr.pull.base}`, true);
  if (!rules.some((rule) => rule.type === 'pull_request' && rule.parameters.dismiss_stale_reviews_on_push))
    return;
  for (const found of forge.state.reviews)
    if (found.pull === pr.number && found.state === 'APPROVED' && found.commitId !== pr.pull.headSha)
      dismiss(forge, actor, pr, found);
}

const read = ['pull_requests:read', 'read'] as const;
export const reviewRoutes = [
  route(`GET ${REPO}/pulls/:number/reviews`, read, z.unknown(), (forge, call) => {
    if (!findPull(forge, call.number)) return missing;
    return page(
      call,
      forge.state.reviews.filter((one) => one.pull === call.number).map((one) => reviewView(forge, one)),
    );
  }),
  route(
    `POST ${REPO}/pulls/:number/reviews`,
    ['pull_requests:write', 'read'],
    NewReview,
    (forge, { actor, number, input }) => {
      const pr = findPull(forge, number);
      return pr ? review(forge, actor, pr, input) : missing;
    },
  ),
  route(
    `PUT ${REPO}/pulls/:number/reviews/:review/dismissals`,
    ['pull_requests:write', 'write'],
    z.object({ message: z.string().min(1) }),
    (forge, { actor, number, params }) => {
      const pr = findPull(forge, number);
      const found = forge.state.reviews.find(
        (one) => one.id === Number(params['review']) && one.pull === number,
      );
      if (!pr || !found) return missing;
      if (found.state === 'COMMENTED') return refuse(422, 'Can not dismiss a commented pull request review');
      dismiss(forge, actor, pr, found);
      return ok(reviewView(forge, found));
    },
  ),
];
