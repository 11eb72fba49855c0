// All that is needed to ask for a plan: the incident, what is known about it, main, and the limits.
// Must never hold a secret outside the client, and never text that was not redacted.
import type { Source } from '#adapters/git/source';
import type { Incident } from '#core/ledger/replay';
import type { Told } from '#core/trust/summary';
import type { Limits } from './call.ts';
import type { ClaudeClient } from './client.ts';

export type PlanRequest = {
  client: ClaudeClient;
  /** In the order in which they are asked. */
  models: readonly [string, ...string[]];
  incident: Incident;
  /** Redacted, the most important first. */
  evidence: readonly { id: string; text: string }[];
  missing: readonly string[];
  source: Source;
  /** Every other incident, for earned history. It is read only when it matters. */
  others: () => Promise<Iterable<Told>>;
  limits: Limits;
  /** The model's own words go through this too. Scripts do not, because their bytes must not change. */
  redact: (text: string) => string;
  now: () => Date;
};
