// Who may let a remediation run: people who reviewed exactly these bytes, or, rarely, the auto lane.
// The caller brings what GitHub and the ledger say. Must never approve when anything of that is missing.
import { allOf, anyOf, condition, type Decision } from '#core/decision';
import type { Pushers } from '#core/incident/pushes';
import type { Runbook } from '#core/knowledge/runbook';
import type { Judged } from '#core/ledger/facts';
import type { Settings } from '#core/settings';
import type { Trust } from '#core/trust/drift';
import { judgeReviews, objections, type Reviewed } from './reviews.ts';

/** The name of the check that main's ruleset requires. */
export const APPROVAL_CHECK = 'vigil/approval';

export type HumanInput = Omit<Reviewed, 'hours'> & { judged: Judged; settings: Settings };
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

/** Approval by people: enough reviews that count, and nobody asks for changes. `since`: when the oldest one was given. */
export function humanLane(input: HumanInput): { decision: Decision; by: string[]; since: string } {
  const { judged, settings, pushers, now } = input;
  const judgedReviews = judgeReviews({ ...input, hours: settings.approval.expires_hours });
  const counting = judgedReviews.filter(({ decision }) => decision.ok).map(({ review }) => review);
  const by = counting.map(({ login }) => login);
  const against = objections(input.reviews);
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
      against.length === 0,
      against.length === 0
        ? 'no changes requested'
        : `changes requested by ${against.map((review) => `@${review.login}`).join(', ')}`,
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
