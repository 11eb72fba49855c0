// From an incident to a proposal by a model: the question, the ladder, the rendering, and for what could run alone the
// repetitions. Must never propose in a model's name what no model answered, or hide what that cost.
import { dump } from 'js-yaml';
import type { Failure } from '#core/answer-message';
import { proposalOf } from '#core/answer-proposal';
import type { FactDataOf } from '#core/facts';
import type { ModelUse } from '#core/model-use';
import { catalogueLines, fromCatalogue } from '#core/prompt/catalogue';
import { PRICES_OF } from '#core/prompt/models';
import type { Incoming, Knowledge } from '#core/prompt/question';
import { PROMPT_SHA256 } from '#core/prompt/system';
import { type Incident, known } from '#core/replay';
import { serviceOf } from '#core/settings';
import type { Told } from '#core/trust/summary';
import { consultLadder, type Laddered, type Spent } from './claude.ts';
import { type Limits, SCHEMA_SHA256 } from './claude-call.ts';
import type { ClaudeClient } from './claude-client.ts';
import { repeatIfAlone } from './claude-repeat.ts';
import type { Source } from './source.ts';

type Proposed = FactDataOf<'remediation.proposed'>;
export type PlanRequest = {
  client: ClaudeClient;
  /** In the order in which they are asked. */
  models: readonly [string, ...string[]];
  incident: Incident;
  /** Redacted, the most important first. */
  evidence: readonly { id: string; text: string }[];
  missing: readonly string[];
  source: Source;
  /** Every other incident, for earned history; asked for only when it matters. */
  others: () => Promise<Iterable<Told>>;
  limits: Limits;
  /** The model's own words pass it too; scripts do not, since changed bytes would be other bytes. */
  redact: (text: string) => string;
  now: () => Date;
};
/** `failed`: no model answered. `abstained`: one did, and proposes nothing. `use` is null when nobody was asked. */
export type ClaudePlan =
  | { ok: true; proposal: Proposed; truncated: string[] }
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
  const matches = known(incident, 'context.retrieved')?.matches ?? [];
  const runbooks = source.runbooks.filter((runbook) =>
    matches.some((match) => match.runbook === runbook.id && match.sha256 === runbook.sha256),
  );
  const knowledge: Knowledge = { service, runbooks, catalogue: catalogueLines() };
  const incoming: Incoming = {
    title: incident.opened.title,
    service: service.name,
    hypothesis: known(incident, 'hypothesis.received')?.text ?? '',
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
  const first: Proposed = {
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

type Words = Pick<Proposed, 'summary' | 'quotes'>;

/** Whether a quote was found is settled before: a runbook may hold what must not be repeated elsewhere. */
function redacted({ summary, quotes }: Words, redact: (text: string) => string): Words {
  return {
    summary: redact(summary),
    quotes: quotes.map((quote) => ({ ...quote, text: redact(quote.text).slice(0, 500) })),
  };
}

function useOf(requested: string, consulted: Laddered, { calls, tokens, usd }: Spent): ModelUse {
  const { fallback } = consulted;
  return {
    requested,
    answered: consulted.ok ? consulted.model : null,
    ...{ request: consulted.request, stop: consulted.stop, calls, tokens, usd, prices: PRICES_OF },
    ...{ prompt: PROMPT_SHA256, schema: SCHEMA_SHA256, consistency: null },
    fallback: fallback && { code: fallback.code, reason: fallback.reason.slice(0, 500) },
  };
}
