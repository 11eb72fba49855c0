// What a plan is asked for with: the incident, what is known of it, main, and the limits of the asking.
// Must never hold a secret but inside the client, nor text that was not redacted.
import type { Source } from '#adapters/git/source';
import type { Incident } from '#core/ledger/replay';
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
  /** Every other incident, for earned history; asked for only when it matters. */
  others: () => Promise<Iterable<Incident>>;
  limits: Limits;
  /** The model's own words pass it too; scripts do not, since changed bytes would be other bytes. */
  redact: (text: string) => string;
  now: () => Date;
};
