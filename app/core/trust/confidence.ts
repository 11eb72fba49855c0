// Confidence: the smallest of its components, each shown with its reason. Nothing here can raise another component.
// This room holds what past runs are worth; it must not take anything but the ledger as a source.
import type { FactDataOf } from '#core/ledger/facts';
import type { History } from './history.ts';

export type Confidence = FactDataOf<'remediation.judged'>['confidence'];
export type ConfidenceInput = {
  /** Context match of the runbook, 0 to 100; null when no runbook matched. */
  match: { runbook: string; score: number } | null;
  history: History;
  /** What the model said of itself; null when no model was asked (LLM_PROVIDER=runbook). */
  model: number | null;
  /** How far repeated answers of the model agree; null when it was asked once, or never. */
  consistency?: { value: number; reason: string } | null;
  quotes: { verified: number; unverified: number };
};

const NO_RUNBOOK_CAP = 60;
const UNVERIFIED_QUOTE_CAP = 50;

export function confidence(input: ConfidenceInput): Confidence {
  const { match, history, model, quotes } = input;
  const components: Confidence['components'] = [
    match
      ? {
          name: 'evidence',
          value: Math.floor(match.score),
          reason: `the alert matches runbook ${match.runbook}`,
        }
      : { name: 'evidence', value: NO_RUNBOOK_CAP, reason: 'no runbook matches, which caps confidence' },
    { name: 'history', value: history.lowerBound, reason: history.reason },
  ];
  if (model !== null)
    components.push({ name: 'model', value: model, reason: 'the model about its own answer' });
  if (input.consistency) components.push({ name: 'consistency', ...input.consistency });
  if (quotes.unverified > 0) {
    components.push({
      name: 'quotes',
      value: UNVERIFIED_QUOTE_CAP,
      reason: `${quotes.unverified} quoted lines are not in the evidence`,
    });
  }
  return { value: Math.min(...components.map((component) => component.value)), components };
}
