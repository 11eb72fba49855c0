// Who wrote a proposal, when a model had a part in it: what was asked, what it cost, who replaced it, its quotes.
// Must never let the planner look like the model that failed, and never let a quote look verified that nobody said.
import type { Proposal } from '#core/ledger/facts';
import { code, told } from './outside.ts';

const SHOWN_QUOTES = 8;

/** Lines of Markdown for the pull request; the last one is empty. No lines when no model was asked. */
export function authorLines(proposal: Proposal): string[] {
  const { model, summary, by } = proposal;
  if (!model) return [];
  const { requested, answered, fallback, calls } = model;
  const instead =
    answered === null ? 'the runbook’s own remediation stands in' : `${code(answered)} stands in`;
  const who =
    fallback === null
      ? `${code(answered ?? requested)} wrote this`
      : `${code(requested)} was asked and failed (${code(fallback.code)}: ${told(fallback.reason, 200)}); ${instead}, so this never runs without a person`;
  const { input, output, cache_read, cache_write } = model.tokens;
  const cost =
    model.usd === null
      ? 'cost unknown'
      : `$${model.usd.toFixed(4)} at the prices of ${told(model.prices, 10)}`;
  return [
    `**Author** ${who}. Request ${code(model.request ?? 'without an id')}, stop reason ${code(model.stop ?? 'none')}, ${calls} ${calls === 1 ? 'call' : 'calls'}, tokens ${input + cache_write + cache_read} in (${cache_read} from the cache) and ${output} out, ${cost}. Rules ${code(model.prompt.slice(0, 12))}, schema ${code(model.schema.slice(0, 12))}.`,
    ...(by === 'model' ? [told(summary, 1500)] : []),
    ...quoteLines(proposal),
    '',
  ];
}

function quoteLines({ quotes }: Proposal): string[] {
  const shown = quotes.slice(0, SHOWN_QUOTES);
  return shown.map(
    ({ evidence, text, verified }) =>
      `- ${code(evidence)}: “${told(text, 300)}” ${verified ? '(found there)' : '**(not found there)**'}`,
  );
}
