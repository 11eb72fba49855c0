// Which reviews count, which are objections, and which count for nothing and why. One rule for all: the newest review of a person
// that decides something. Must never count a review of other bytes, nor one by whoever wrote them.
import { allOf, condition, type Decision } from '#core/decision';
import type { Pushers } from '#core/incident/pushes';
import { mayWrite } from './people.ts';

export type Review = {
  login: string;
  state: string;
  commit: string;
  permission: string;
  bot: boolean;
  submittedAt: string;
  /** What it says. Only whether it means to approve is ever read from it. */
  body?: string;
};
export type Pull = { head: string; author: string; committers: readonly string[] };
export type Reviewed = {
  pull: Pull;
  reviews: readonly Review[];
  /** Every head that held the bytes under review, judged by the same rules: a review of one is a review of each. */
  heads: ReadonlySet<string>;
  /** Who pushed what is under review, by GitHub's events. */
  pushers: Pushers;
  /** Since when people are asked again (ISO). Null: nothing was withdrawn. */
  asked: string | null;
  /** How long an approval holds. */
  hours: number;
  now: Date;
};

const HOUR_MS = 3_600_000;
const second = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

/** The newest review of each person that decides something. A dismissal changes a verdict, a comment does not. */
function newest(reviews: readonly Review[]): Review[] {
  const byLogin = new Map<string, Review>();
  // GitHub tells whole seconds; within one, its own order counts.
  const order = (a: Review, b: Review) =>
    a.submittedAt === b.submittedAt ? 0 : a.submittedAt < b.submittedAt ? -1 : 1;
  for (const review of [...reviews].sort(order))
    if (review.state !== 'COMMENTED' && review.state !== 'PENDING')
      byLogin.set(review.login.toLowerCase(), review);
  return [...byLogin.values()];
}

/** Whether a review is of the bytes under review. */
export function isOfThese({ pull, heads }: Pick<Reviewed, 'pull' | 'heads'>, { commit }: Review): boolean {
  return commit === pull.head || heads.has(commit);
}

/** Who asks for changes now: a later approval by the same person takes it back. Only people with write access object. */
export function objections(reviews: readonly Review[]): Review[] {
  return newest(reviews).filter(
    ({ state, permission, bot }) => state === 'CHANGES_REQUESTED' && mayWrite(permission) && !bot,
  );
}

/** Each person's newest review, with every condition of whether it counts. */
export function judgeReviews(input: Reviewed): { review: Review; decision: Decision }[] {
  return newest(input.reviews).map((review) => ({ review, decision: counts(review, input) }));
}

function counts(review: Review, input: Reviewed): Decision {
  const { pull, asked, now, hours } = input;
  const age = (now.getTime() - Date.parse(review.submittedAt)) / HOUR_MS;
  const pushers = input.pushers.known ? input.pushers.logins : [];
  const wrote = [pull.author, ...pull.committers, ...pushers].some((login) => same(login, review.login));
  const [of, head] = [review.commit.slice(0, 7), pull.head.slice(0, 7)];
  return allOf(`review by @${review.login}`, [
    condition('approves', review.state === 'APPROVED', `the review says ${review.state}`),
    condition(
      'of these bytes',
      isOfThese(input, review),
      review.commit !== pull.head && input.heads.has(review.commit)
        ? `it is a review of ${of}, which holds the same bytes as the head ${head}`
        : `it is a review of ${of}, the head is ${head}`,
    ),
    condition(
      'by someone who may write',
      mayWrite(review.permission),
      `@${review.login} has permission ${review.permission}`,
    ),
    condition('by a person', !review.bot, `@${review.login} ${review.bot ? 'is' : 'is not'} a bot`),
    condition(
      'by someone else',
      !wrote,
      `@${review.login} ${wrote ? 'wrote or pushed this proposal' : 'did not write this proposal'}`,
    ),
    condition(
      'not expired',
      age < hours,
      age < hours ? `an approval holds for ${hours} h` : `it is older than ${hours} h, or of no known age`,
    ),
    ...(asked === null
      ? []
      : [
          // GitHub tells whole seconds. A review in the second of the withdrawal could be older, so it does not count.
          condition(
            'given since people were asked anew',
            second(review.submittedAt) > second(asked),
            `given ${review.submittedAt}, asked anew ${asked}`,
          ),
        ]),
  ]);
}

/** In GitHub's logins, upper and lower case are the same. */
function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Words with which people mean to approve, where only a review does. */
export function meansApproval(text: string): boolean {
  return /^\s*(lgtm|looks good( to me)?|approved?|ship it|:shipit:|:\+1:|👍|go ahead)[\s.!👍]*$/iu.test(text);
}

/** Reviews without effect, for people to be told why; what only comments, and means no more, is left alone. */
export function withoutEffect(input: Reviewed): { by: string; reason: string }[] {
  const judged = judgeReviews(input);
  const decided = new Set(judged.map(({ review }) => review.login.toLowerCase()));
  const unknown = input.pushers.known ? null : input.pushers.reason;
  const said = input.reviews.filter(
    ({ login, state, bot, body = '' }) =>
      state === 'COMMENTED' && !bot && !decided.has(login.toLowerCase()) && meansApproval(body),
  );
  return [
    ...judged
      .filter(({ review, decision }) => !objects(review) && (!decision.ok || unknown !== null))
      .map(({ review: { login }, decision }) => ({
        by: login,
        reason: decision.ok ? (unknown ?? '') : decision.reason,
      })),
    ...said.map(({ login }) => ({ by: login, reason: 'a review that comments does not approve' })),
  ].filter(({ by }) => by !== '');
}

/** An objection that counts is an effect. */
function objects({ state, permission, bot }: Review): boolean {
  return state === 'CHANGES_REQUESTED' && mayWrite(permission) && !bot;
}
