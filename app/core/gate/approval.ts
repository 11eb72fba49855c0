// Who may let a remediation run: people who reviewed exactly these bytes, or, rarely, the auto lane.
// The caller brings what GitHub and the ledger say. Must never approve when anything of that is missing.
import { allOf, anyOf, condition, type Decision } from '#core/decision';
import type { Pushers } from '#core/incident/pushes';
import type { Runbook } from '#core/knowledge/runbook';
import type { Judged } from '#core/ledger/facts';
import type { Settings } from '#core/settings';
import type { Trust } from '#core/trust/drift';
import { mayWrite } from './people.ts';

/** The name of the check that main's ruleset requires. */
export const APPROVAL_CHECK = 'vigil/approval';

export type Review = {
  login: string;
  state: string;
  commit: string;
  permission: string;
  bot: boolean;
  submittedAt: string;
};
export type Pull = { head: string; author: string; committers: readonly string[] };
export type HumanInput = {
  judged: Judged;
  pull: Pull;
  reviews: readonly Review[];
  settings: Settings;
  /** Who pushed what is under review, by GitHub's events. */
  pushers: Pushers;
  /** Since when people are asked again (ISO). Null: nothing was withdrawn. */
  asked: string | null;
  now: Date;
};
export type AutoInput = {
  judged: Judged;
  runbook: Pick<Runbook, 'id' | 'approval'> | null;
  match: number;
  rehearsed: boolean;
  settings: Settings;
  held: boolean;
  runsToday: number;
  /** Whether its author and its bytes allow it to run alone (`mayRunAlone`). */
  eligible: boolean;
  /** Whether the alert was old when it was heard of and PagerDuty could not say that it is still open. */
  doubtful?: boolean;
  /** What came of past runs. */
  trust: Trust;
};

const HOUR_MS = 3_600_000;
const second = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

/** The newest review of each person that decides something. A dismissal changes a verdict, a comment does not. */
function newest(reviews: readonly Review[]): Review[] {
  const byLogin = new Map<string, Review>();
  for (const review of [...reviews].sort((a, b) => (a.submittedAt < b.submittedAt ? -1 : 1))) {
    if (review.state !== 'COMMENTED') byLogin.set(review.login, review);
  }
  return [...byLogin.values()];
}

function counts(review: Review, input: HumanInput): Decision {
  const { pull, asked, now, settings } = input;
  const age = (now.getTime() - Date.parse(review.submittedAt)) / HOUR_MS;
  const { expires_hours } = settings.approval;
  const pushers = input.pushers.known ? input.pushers.logins : [];
  const wrote = [pull.author, ...pull.committers, ...pushers].some((login) => same(login, review.login));
  return allOf(`review by @${review.login}`, [
    condition('approves', review.state === 'APPROVED', `the review says ${review.state}`),
    condition(
      'of these bytes',
      review.commit === pull.head,
      `it is a review of ${review.commit.slice(0, 7)}, the head is ${pull.head.slice(0, 7)}`,
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
      age < expires_hours,
      age < expires_hours
        ? `an approval holds for ${expires_hours} h`
        : `it is older than ${expires_hours} h, or of no known age`,
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

/** Approval by people: enough reviews that count, and nobody asks for changes. `since`: when the oldest one was given. */
export function humanLane(input: HumanInput): { decision: Decision; by: string[]; since: string } {
  const { judged, settings, pushers, now } = input;
  const latest = newest(input.reviews);
  const judgedReviews = latest.map((review) => ({ review, decision: counts(review, input) }));
  const counting = judgedReviews.filter(({ decision }) => decision.ok).map(({ review }) => review);
  const by = counting.map(({ login }) => login);
  const objections = latest.filter(
    (review) => review.state === 'CHANGES_REQUESTED' && mayWrite(review.permission),
  );
  const needed = judged.risk === 'HIGH' ? settings.approval.reviews_high : settings.approval.reviews;
  const decision = allOf('approved by people', [
    condition('policy does not refuse', judged.verdict !== 'refuse', `the policy says ${judged.verdict}`),
    condition('it is known who pushed', pushers.known, pusherReason(pushers)),
    {
      ...condition('enough reviews', by.length >= needed, `${by.length} of ${needed} needed reviews count`),
      children: judgedReviews.map((review) => review.decision),
    },
    condition(
      'nobody objects',
      objections.length === 0,
      objections.length === 0
        ? 'no changes requested'
        : `changes requested by ${objections.map((review) => `@${review.login}`).join(', ')}`,
    ),
  ]);
  const since = counting.reduce(
    (oldest, { submittedAt }) => (submittedAt < oldest ? submittedAt : oldest),
    now.toISOString(),
  );
  return { decision, by, since };
}

function pusherReason(pushers: Pushers): string {
  if (!pushers.known) return pushers.reason;
  return pushers.logins.length === 0
    ? 'Vigil itself'
    : pushers.logins.map((login) => `@${login}`).join(' and ');
}

/** The auto lane: all of its conditions must hold at once. */
export function autoLane(input: AutoInput): Decision {
  const { judged, runbook, settings, match } = input;
  const { auto } = settings;
  const yes = (ok: boolean): string => (ok ? 'yes' : 'no');
  return allOf('auto lane', [
    condition('this installation allows it', auto.enabled, `auto.enabled: ${yes(auto.enabled)}`),
    condition(
      'the runbook allows it',
      runbook?.approval === 'auto',
      runbook ? `runbook ${runbook.id} says approval: ${runbook.approval}` : 'there is no runbook',
    ),
    condition('the proposal is eligible', input.eligible, `eligible: ${yes(input.eligible)}`),
    condition('policy allows every command', judged.verdict === 'allow', `the policy says ${judged.verdict}`),
    condition('risk is LOW', judged.risk === 'LOW', `risk ${judged.risk}`),
    condition(
      'confidence is earned',
      judged.confidence.value >= auto.confidence,
      `confidence ${judged.confidence.value}, needed ${auto.confidence}`,
    ),
    condition('the context matches', match >= auto.context, `match ${match}, needed ${auto.context}`),
    condition('the rehearsal was red', input.rehearsed, `rehearsed red: ${yes(input.rehearsed)}`),
    ...(input.doubtful
      ? [condition('the alert is still open', false, 'it was old, and PagerDuty could not be asked')]
      : []),
    condition('no freeze', !auto.freeze, `freeze: ${yes(auto.freeze)}`),
    condition('no hold', !input.held, `hold: ${yes(input.held)}`),
    condition(
      'budget left',
      input.runsToday < auto.runs_per_day,
      `${input.runsToday} of ${auto.runs_per_day} runs today`,
    ),
    input.trust.block,
    input.trust.lane,
  ]);
}

/** Either lane is enough. */
export function eitherLane(auto: Decision, human: Decision): Decision {
  return anyOf('approval', [auto, human]);
}
