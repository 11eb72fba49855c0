// Outcomes of runs for tests, from a stream of numbers that looks random and is the same every time.
// It must never be used where a ledger is meant: these were recorded by nobody.
import type { RunOutcome } from '#core/trust/outcomes';

const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;

/** An outcome as it would be read off a ledger; `n` hours after the start of 2026. */
export function outcome(n: number, ok: boolean, change: Partial<RunOutcome> = {}): RunOutcome {
  return {
    incident: `pd-run${n}`,
    attempt: 1,
    at: START + n * HOUR_MS,
    ended: ok ? 'recovered' : 'refuted',
    ok,
    confidence: 92,
    components: { evidence: 98, history: 92 },
    lane: 'auto',
    by: 'runbook',
    block: 'b'.repeat(64),
    bytes: 'a'.repeat(64),
    kind: 'purge-cache',
    alert: 'checkout-error-rate-is-high',
    sample: false,
    ...change,
  };
}

/** Numbers from 0 to 1 (mulberry32), the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
