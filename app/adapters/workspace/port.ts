// A place where one approved script runs once and alone, whoever has it: Coder, or this machine with bubblewrap.
// Must never promise more than both keep. An outcome that nobody saw is unknown, and never a failure.
import type { ScriptOutcome } from '#core/ledger/executed';

export type Order = {
  /** Deterministic: a second workspace of this name cannot be made beside the first. */
  name: string;
  script: string;
  /** 32 hex digits, drawn for this run. The wrapper's last line carries it. */
  nonce: string;
  timeoutSeconds: number;
  /** Where the script is from, for people who look at the workspace. */
  from: { incident: string; commit: string; path: string };
};

/**
 * What became of a script. Known: at least one of two witnesses, the place's own exit code and the wrapper's last line, and none
 * says otherwise; `said` tells which. Not known: it may have run, or run twice; the reason says what was seen. A known
 * `refused` or `provision_failed` means that not one byte of it ran.
 */
export type Ran =
  | {
      known: true;
      outcome: ScriptOutcome;
      exit: number | null;
      output: string;
      ms: number;
      said: 'both' | 'exit code' | 'last line' | 'place';
      /** False: no workspace stands there for this order, and one of its name is somebody else's. */
      made: boolean;
    }
  | { known: false; reason: string; output: string };

/** `dead`: it is proved that the script cannot be at work any more. `gone`: so is its workspace. Both are true by proof alone. */
export type Ended = { dead: boolean; gone: boolean; reason: string };

/** One workspace that stands there: when it was made, in ISO 8601, or null when the place does not say. */
export type Standing = { name: string; since: string | null };

/** Time, as the caller has it, and whom to tell what is waited for (one sentence, when it changes). `pause` may throw: then nobody waits. */
export type Watch = { now(): number; pause(ms: number): Promise<void>; tell(sentence: string): void };

export type Workspaces = {
  /** Whether a script could be run there now; the reason names the cure. */
  ready(): Promise<{ ok: true } | { ok: false; reason: string }>;
  /** Makes the workspace, or takes the one of this name when it is provably of this order, and follows it to its end. Does not end it. */
  run(order: Order, watch: Watch): Promise<Ran>;
  /**
   * Ends what is at work there and takes the workspace away, as long as that takes minutes and not more. Harmless when repeated.
   * `seen`: the caller knows that it was there, so that its absence proves nothing.
   */
  end(name: string, watch: Watch, known?: { seen: boolean }): Promise<Ended>;
  /** All workspaces that this account has there. */
  list(): Promise<{ ok: true; standing: Standing[] } | { ok: false; reason: string }>;
};
