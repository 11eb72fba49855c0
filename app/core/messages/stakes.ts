// What is at stake, in the first lines of what asks people to decide: what the fault costs, how risky the fix is and why, who sets it back.
// Must never show a runbook's words as markup, nor a risk without its reason where the judgement has one.
import type { Judged } from '#core/ledger/facts';
import { type Html, html } from '#core/text/html';
import { told } from './outside.ts';

const MOST_IMPACT = 300;
const MOST_WHY = 600;

/** Why the risk is what it is, as sentences. Empty: the judgement is from before that was said. */
export const whyRisky = ({ because = [] }: Pick<Judged, 'because'>): string => because.join(' ');

/** For the pull request. */
export function stakesLines(judged: Judged): string[] {
  const why = told(whyRisky(judged), MOST_WHY);
  return [
    ...(judged.impact === undefined ? [] : ['', `**Impact** ${told(judged.impact, MOST_IMPACT)}`]),
    '',
    `**Risk ${judged.risk}** ${why}`.trimEnd(),
  ];
}

/** For the confirm page, which has room for all of it. */
export function stakesHtml(judged: Judged): Html {
  const { impact, risk } = judged;
  return html`${impact === undefined ? null : html`<p><strong>Impact</strong> ${impact}</p>`}<p><strong>Risk ${risk}</strong> ${whyRisky(judged)}</p>`;
}

/** Who keeps what the fix changes as it was. Empty: nobody, as far as the inventory knows. */
export function managedLines({ managed = [] }: Pick<Judged, 'managed'>): string[] {
  return managed.length === 0 ? [] : [`**Managed** ${told(managed.join(' '), MOST_WHY * 2)}`, ''];
}
