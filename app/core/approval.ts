// Who may let a remediation run: people's reviews of the exact bytes, or, rarely, the auto lane.
// Pure: the caller brings what GitHub and the ledger say. Anything missing refuses.
import { allOf, anyOf, condition, type Decision } from './decision.ts';
import type { FactDataOf } from './facts.ts';
import type { Runbook } from './runbook.ts';
import type { Settings } from './settings.ts';

export type Judged = FactDataOf<'remediation.judged'>;
export type Review = {
  login: string;
  state: string;
  commit: string;
  permission: string;
  bot: boolean;
  submittedAt: string;
};
export type Pull = { head: string; author: string; committers: readonly string[] };
export type HumanInput = { judged: Judged; pull: Pull; reviews: readonly Review[]; settings: Settings };
export type AutoInput = {
  judged: Judged;
  runbook: Pick<Runbook, 'id' | 'approval'> | null;
  match: number;
  rehearsed: boolean;
  settings: Settings;
  held: boolean;
  runsToday: number;
  /** False when the proposal stands in for a model that failed. */
  eligible: boolean;
};

const writers = new Set(['write', 'maintain', 'admin']);

/** The newest decisive review of each person; comments do not change a verdict, dismissals do. */
function newest(reviews: readonly Review[]): Review[] {
  const byLogin = new Map<string, Review>();
  for (const review of [...reviews].sort((a, b) => (a.submittedAt < b.submittedAt ? -1 : 1))) {
    if (review.state !== 'COMMENTED') byLogin.set(review.login, review);
  }
  return [...byLogin.values()];
}

function counts(review: Review, pull: Pull): Decision {
  return allOf(`review by @${review.login}`, [
    condition('approves', review.state === 'APPROVED', `the review says ${review.state}`),
    condition(
      'of these bytes',
      review.commit === pull.head,
      `it is a review of ${review.commit.slice(0, 7)}, the head is ${pull.head.slice(0, 7)}`,
    ),
    condition(
      'by someone who may write',
      writers.has(review.permission),
      `@${review.login} has permission ${review.permission}`,
    ),
    condition('by a person', !review.bot, `@${review.login} ${review.bot ? 'is' : 'is not'} a bot`),
    condition(
      'by someone else',
      review.login !== pull.author && !pull.committers.includes(review.login),
      `@${review.login} ${review.login === pull.author || pull.committers.includes(review.login) ? 'wrote this proposal' : 'did not write this proposal'}`,
    ),
  ]);
}

/** Approval by people: enough counting reviews of the head and nobody who asks for changes. */
export function humanLane(input: HumanInput): { decision: Decision; by: string[] } {
  const { judged, pull, settings } = input;
  const latest = newest(input.reviews);
  const judgedReviews = latest.map((review) => ({ login: review.login, decision: counts(review, pull) }));
  const by = judgedReviews.filter((review) => review.decision.ok).map((review) => review.login);
  const objections = latest.filter(
    (review) => review.state === 'CHANGES_REQUESTED' && writers.has(review.permission),
  );
  const needed = judged.risk === 'HIGH' ? settings.approval.reviews_high : settings.approval.reviews;
  const decision = allOf('approved by people', [
    condition('policy does not refuse', judged.verdict !== 'refuse', `the policy says ${judged.verdict}`),
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
  return { decision, by };
}

/** The auto lane: every condition of the design, all of them at once. */
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
    condition('no freeze', !auto.freeze, `freeze: ${yes(auto.freeze)}`),
    condition('no hold', !input.held, `hold: ${yes(input.held)}`),
    condition(
      'budget left',
      input.runsToday < auto.runs_per_day,
      `${input.runsToday} of ${auto.runs_per_day} runs today`,
    ),
  ]);
}

/** Either lane is enough. */
export function eitherLane(auto: Decision, human: Decision): Decision {
  return anyOf('approval', [auto, human]);
}
