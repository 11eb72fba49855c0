// Reviews of pull requests. It must never let somebody approve their own. https://docs.github.com/en/rest/pulls/reviews
import * as z from 'zod';
import { ACTIONS_APP_ID } from './auth.ts';
import { pullDiff } from './diffs.ts';
import { associationOf, nodeId } from './fields.ts';
import { type Actor, type Forge, isoTime, NOBODY, type PullRequest, type Review } from './forge.ts';
import { ANY, page } from './http.ts';
import { Body } from './issues.ts';
import { userView } from './people.ts';
import { pullRoute, readPulls } from './pull-route.ts';
import { pullView } from './pull-view.ts';
import { missing, ok, type Reply, refuse } from './reply.ts';
import { rulesFor } from './rulesets.ts';

export const NewReview = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']), // without one GitHub keeps a draft; the sandbox has no drafts
  body: Body.default(''),
  commit_id: z.string().optional(),
});
const Dismissal = z.object({ message: z.string().min(1) });
const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export function reviewView(forge: Forge, { author, pull, ...plain }: Review) {
  const html_url = `${forge.urls.web}/pull/${pull}#pullrequestreview-${plain.id}`;
  const pull_request_url = `${forge.urls.repo}/pulls/${pull}`;
  const _links = { html: { href: html_url }, pull_request: { href: pull_request_url } };
  const about = { node_id: nodeId('Review', plain.id), author_association: associationOf(forge, author) };
  return { ...plain, ...about, user: userView(forge, author), html_url, pull_request_url, _links };
}

function announce(forge: Forge, actor: Actor, action: string, pr: PullRequest, review: Review): void {
  const shown = reviewView(forge, review);
  const lower = { ...shown, state: shown.state.toLowerCase() }; // webhooks write states in small letters
  forge.webhooks.emit(
    'pull_request_review',
    { action, review: lower, pull_request: pullView(forge, pr) },
    actor,
  );
}

/** Submits a review as GitHub would judge it. */
export async function submitReview(
  forge: Forge,
  actor: Actor,
  pr: PullRequest,
  { event, body, commit_id = pr.pull.headSha }: z.infer<typeof NewReview>,
): Promise<Reply> {
  const { login: author } = actor;
  const invalid = (reason: string) => refuse(422, 'Unprocessable Entity', [reason]);
  if (pr.author === author && event === 'APPROVE') return invalid('Can not approve your own pull request');
  if (pr.author === author && event === 'REQUEST_CHANGES')
    return invalid('Can not request changes on your own pull request');
  // https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository
  if (actor.kind === 'app' && actor.appId === ACTIONS_APP_ID && event === 'APPROVE')
    return invalid('GitHub Actions is not permitted to approve pull requests.');
  if (event !== 'APPROVE' && body === '') return invalid('Body is required');
  if (!(await forge.git.attempt(['merge-base', '--is-ancestor', commit_id, pr.pull.headSha])).ok)
    return invalid('commit_id is not part of the pull request');
  const submitted_at = isoTime();
  const review = {
    id: forge.nextId(),
    state: STATES[event],
    body,
    commit_id,
    submitted_at,
    author,
    pull: pr.number,
  };
  forge.state.reviews.push(review);
  pr.updated_at = submitted_at;
  announce(forge, actor, 'submitted', pr, review);
  return ok(reviewView(forge, review));
}

/** Commits that change the diff void approvals where a ruleset says so; see `dismiss_stale_reviews_on_push` in review-rule.ts. */
export async function dismissStale(forge: Forge, actor: Actor, pr: PullRequest): Promise<void> {
  const rules = rulesFor(forge, NOBODY, `refs/heads/${pr.pull.base}`);
  if (!rules.some((rule) => rule.type === 'pull_request' && rule.parameters.dismiss_stale_reviews_on_push))
    return;
  const diff = await pullDiff(forge, pr, pr.pull.headSha);
  for (const review of forge.state.reviews) {
    if (review.pull !== pr.number || review.state !== 'APPROVED') continue;
    if (diff.equals(await pullDiff(forge, pr, review.commit_id))) continue;
    review.state = 'DISMISSED';
    announce(forge, actor, 'dismissed', pr, review);
  }
}

/** https://docs.github.com/en/rest/pulls/reviews#dismiss-a-review-for-a-pull-request */
function dismiss(forge: Forge, actor: Actor, pr: PullRequest, id: string | undefined): Reply {
  const review = forge.state.reviews.find((one) => one.pull === pr.number && `${one.id}` === id);
  if (!review) return missing;
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    return refuse(422, 'Unprocessable Entity', [`Can not dismiss a ${review.state.toLowerCase()} review`]);
  review.state = 'DISMISSED';
  announce(forge, actor, 'dismissed', pr, review);
  return ok(reviewView(forge, review));
}

export const reviewRoutes = [
  pullRoute('GET /reviews', readPulls, ANY, (forge, pr, call) => {
    const all = forge.state.reviews.filter(({ pull }) => pull === pr.number);
    return page(call, all, (some) => some.map((review) => reviewView(forge, review)));
  }),
  pullRoute('POST /reviews', ['pull_requests:write', 'read'], NewReview, (forge, pr, { actor, input }) =>
    submitReview(forge, actor, pr, input),
  ),
  pullRoute(
    'PUT /reviews/:review/dismissals',
    ['pull_requests:write', 'write'],
    Dismissal,
    (forge, pr, call) => dismiss(forge, call.actor, pr, call.params['review']),
  ),
];
