// The first explanation of an incident: what a root-cause tool found, otherwise what the alert says about itself.
// Must never choose between authors who disagree: both explanations are shown.

import type { FactDataOf } from '#core/ledger/facts';
import { cut } from '#core/text/cut';
import type { Finding } from './finding.ts';
import type { Findings } from './read.ts';

type Hypothesis = FactDataOf<'hypothesis.received'>;

const MAX_CHARS = 4000;

/** `evidenceOf` gives the evidence id of a note. The text must be redacted before it comes here. */
export function hypothesisOf(
  alert: { title: string; details: string; evidence: readonly string[] },
  findings: Findings,
  evidenceOf: (noteId: string) => string | null,
): Hypothesis {
  const { standing, conflict } = findings;
  if (standing.length === 0) {
    const said =
      alert.details === ''
        ? 'There is no more evidence than the alert itself.'
        : `The alert says ${alert.details}.`;
    return { source: 'alert', text: `${alert.title}. ${said}`, evidence: alert.evidence.slice(0, 1) };
  }
  const told = standing.map((finding) => findingText(finding)).join(' ');
  const split = conflict ? 'Those who looked disagree about the cause. ' : '';
  return {
    source: 'cleric',
    text: cut(`${alert.title}. ${split}${told}`, MAX_CHARS),
    evidence: standing.flatMap(({ id }) => evidenceOf(id) ?? []),
  };
}

function findingText({ cause, summary, confidence, change, evidence, actions }: Finding): string {
  const sure = confidence ? ` (confidence ${confidence.said})` : '';
  return [
    `Root cause${sure}: ${cause ?? summary}.`,
    ...(evidence.length > 0 ? [`Seen: ${evidence.map(({ claim }) => claim).join('; ')}.`] : []),
    ...(change === null ? [] : [`Suspected change: ${change}.`]),
    ...(actions.length > 0 ? [`Recommended: ${actions.join('; ')}.`] : []),
  ].join(' ');
}
