// How long each stage of a workspace may take. Each has a clock of its own, so that a long queue takes nothing from the script.
// Must never end a stage by another one's clock. The job's minutes hold all of them together (app/core/incident/limits.ts).
import { jobSeconds } from '#core/incident/limits';

export type Stage = 'queue' | 'build' | 'agent' | 'script';

const { provision } = jobSeconds;
const shares = { queue: provision / 4, build: provision / 4, agent: provision / 2 };

/** In ms. The wrapper ends a script at its limit, kills it 15 s later, and the agent's own limit is a minute behind that. */
export const stageMs = (stage: Stage, timeoutSeconds: number): number =>
  (stage === 'script' ? timeoutSeconds + 90 : shares[stage]) * 1000;

/** The log comes after the verdict as a rule; an exit code's report takes at most 30 s, and is not repeated. */
export const WITNESS_MS = 40_000;
/** An agent that lost its connection comes back, or does not. */
export const DISCONNECTED_MS = 90_000;
/** What this token may not see any more: a restart of the server shows it for moments. */
export const HIDDEN_MS = 90_000;
/** A provisioner that restarts is away for moments. */
export const UNTAKEN_MS = 30_000;
/** Until it is known whether a creation was carried out. */
export const CREATE_MS = 120_000;
