// From an incident to a proposal by a model: the question, the ladder and the rendering. If the proposal could run alone,
// the model is also asked again. Must never propose in a model's name what no model answered, or hide what it cost.

import { dump } from 'js-yaml';
import { stillSays } from '#core/knowledge/runbook';
import type { Proposal } from '#core/ledger/facts';
import type { ModelUse } from '#core/ledger/model-use';
import { latestOf } from '#core/ledger/replay';
import type { Failure } from '#core/proposal/model/answer-message';
import { proposalOf } from '#core/proposal/model/answer-proposal';
import { PRICES_OF } from '#core/proposal/model/models';
import { catalogueLines, fromCatalogue } from '#core/proposal/model/offered-fixes';
import type { Incoming, Knowledge } from '#core/proposal/model/question';
import { PROMPT_SHA256 } from '#core/proposal/model/system';
import type { Manifest } from '#core/proposal/remediation';
import { serviceOf } from '#core/settings';
import { cut } from '#core/text/cut';
import { SCHEMA_SHA256 } from './call.ts';
import { consultLadder, type Laddered, type Spent } from './ladder.ts';
import { repeatIfAlone } from './repeat.ts';
import type { PlanRequest } from './request.ts';

/** `failed`: no model answered. `abstained`: a model answered and proposes nothing. `use` is null when none was asked. */
export type ClaudePlan =
  | { ok: true; proposal: Proposal; truncated: string[] }
  | {
      ok: false;
      outcome: 'no_inventory' | 'abstained' | 'unusable' | 'failed';
      code: Failure | null;
      reason: string;
      use: ModelUse | null;
    };

export async function planWithClaude(request: PlanRequest): Promise<ClaudePlan> {
  const { client, models, incident, source, limits } = request;
  const service = serviceOf(source.settings, incident.opened.service.id);
  if (!service)
    return {
      ...{ ok: false, outcome: 'no_inventory', code: null, use: null },
      reason: `service ${incident.opened.service.id} is not in the inventory of vigil.yml`,
    };
  const matches = latestOf(incident, 'context.retrieved')?.matches ?? [];
  const runbooks = source.runbooks.filter((runbook) =>
    matches.some(({ runbook: id, sha256 }) => stillSays(runbook, { id, sha256 })),
  );
  const knowledge: Knowledge = { service, runbooks, catalogue: catalogueLines() };
  const incoming: Incoming = {
    title: incident.opened.title,
    service: service.name,
    hypothesis: latestOf(incident, 'hypothesis.received')?.text ?? '',
    evidence: request.evidence,
    missing: request.missing,
  };
  const consulted = await consultLadder(client, models, knowledge, incoming, limits);
  const use = useOf(models[0], consulted, consulted.spent);
  if (!consulted.ok)
    return { ok: false, outcome: 'failed', code: consulted.code, reason: consulted.reason, use };
  const { answer } = consulted;
  const no = (outcome: 'abstained' | 'unusable', reason: string): ClaudePlan => ({
    ...{ ok: false, outcome, code: null, reason, use },
  });
  if (answer.action === 'abstain') return no('abstained', answer.abstain_reason ?? 'it gives no reason');
  const render = (given: typeof answer) =>
    proposalOf({
      ...{ answer: given, incident, knowledge, incoming, settings: source.settings },
      catalogue: fromCatalogue(service),
      yaml: (document) => dump(document, { lineWidth: 110, noRefs: true }),
    });
  const written = render(answer);
  if (!written.ok) return no('unusable', written.reason);
  const inWords = <T extends Words>(said: T): T => ({ ...said, ...redacted(said, request.redact) });
  const first: Proposal = {
    ...inWords(written.proposal),
    model: use,
    files: {
      ...written.files,
      'remediation.yml': dump(inWords(written.manifest), { lineWidth: 110, noRefs: true }),
    },
  };
  const proposal = await repeatIfAlone({ ...request, service, knowledge, incoming, first, render });
  return { ok: true, proposal, truncated: consulted.truncated };
}

type Words = Pick<Proposal, 'summary' | 'quotes' | 'impossible'> & { undo?: Manifest['undo'] };

/** Redacts quotes after they were looked up, because a runbook may hold what must not be repeated elsewhere. */
function redacted({ summary, quotes, impossible, undo }: Words, redact: (text: string) => string): Words {
  return {
    summary: redact(summary),
    quotes: quotes.map((quote) => ({ ...quote, text: cut(redact(quote.text), 500) })),
    ...(impossible === undefined ? {} : { impossible: cut(redact(impossible), 300) }),
    ...(undo === undefined ? {} : { undo: { impossible: cut(redact(undo.impossible), 300) } }),
  };
}

function useOf(requested: string, consulted: Laddered, { calls, tokens, usd }: Spent): ModelUse {
  const { fallback } = consulted;
  return {
    requested,
    answered: consulted.ok ? consulted.model : null,
    ...{ request: consulted.request, stop: consulted.stop, calls, tokens, usd, prices: PRICES_OF },
    ...{ prompt: PROMPT_SHA256, schema: SCHEMA_SHA256, consistency: null },
    fallback: fallback && { code: fallback.code, reason: cut(fallback.reason, 500) },
  };
}
