// What the ledger says about how often a remediation has worked: the only source of earned autonomy.
// One failure starts the count anew: only outcomes after the newest failure count. Must never let one author's scripts live
// on what other bytes have earned: a runbook's history is its block's own, a model's is that of exactly the same bytes.
import type { Proposal } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { alertSlug, bytesOf } from './keys.ts';
import type { Earned } from './outcomes.ts';
import { summaryOf, type Told } from './summary.ts';

/** Whose past counts: a runbook's block as it stood when it was proposed, or exactly these bytes, whoever proposed them. */
export type HistoryKey = { alert: string; kind: string } & ({ block: string } | { bytes: string });
export type History = {
  successes: number;
  failures: number;
  sampled: number;
  lowerBound: number;
  reason: string;
};

const Z = 1.645; // one-sided 95 %
const HALF_LIFE_DAYS = 365;
const DAY_MS = 86_400_000;

/**
 * The key under which a proposal's past is counted. `own`: its bytes were compared with the runbook it cites and are that block's, which
 * a citation alone does not prove. A person's edit has none, and so has an incident whose title nobody may see.
 */
export function historyKeyOf(incident: Incident, proposal: Proposal, own: boolean): HistoryKey | null {
  const alert = alertSlug(incident.opened.title);
  if (proposal.by === 'person' || incident.opened.withheld || alert === '') return null;
  const { kind, runbook } = proposal;
  return own && runbook ? { alert, kind, block: runbook.block } : { alert, kind, bytes: bytesOf(proposal) };
}

/** Wilson score lower bound (https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm), 0 to 1. */
export function wilsonLowerBound(successes: number, trials: number): number {
  if (trials <= 0) return 0;
  const p = successes / trials;
  const z2 = Z * Z;
  const centre = p + z2 / (2 * trials);
  const spread = Z * Math.sqrt((p * (1 - p) + z2 / (4 * trials)) / trials);
  return Math.max(0, (centre - spread) / (1 + z2 / trials));
}

/**
 * Oldest first. What is of the same millisecond has no order that anybody could know, so the failure counts as the newer,
 * and nothing depends on which incident was read first.
 */
export function inOrder<T extends { at: number; ok: boolean; lane?: string }>(outcomes: readonly T[]): T[] {
  const lane = (one: T): number => (one.lane === 'auto' ? 1 : 0);
  return [...outcomes].sort((a, b) => a.at - b.at || Number(b.ok) - Number(a.ok) || lane(a) - lane(b));
}

/** Verified outcomes under one key, weighted by age, as a whole-number percentage rounded down; of null, none. */
export function historyOf(past: Iterable<Told>, historyKey: HistoryKey | null, now: Date): History {
  const outcomes = inOrder(
    [...(historyKey ? past : [])].flatMap((told) =>
      summaryOf(told).earned.filter((one) => historyKey !== null && countsFor(one, historyKey)),
    ),
  );
  const lastFailure = outcomes.findLastIndex((outcome) => !outcome.ok);
  const counted = outcomes.slice(lastFailure + 1);
  const weight = counted.reduce(
    (sum, { at }) => sum + 0.5 ** (Math.max(0, now.getTime() - at) / DAY_MS / HALF_LIFE_DAYS),
    0,
  );
  const lowerBound = Math.floor(wilsonLowerBound(weight, weight) * 100);
  const sampled = counted.filter((outcome) => outcome.sample).length;
  return {
    successes: counted.length,
    failures: outcomes.length - counted.length,
    sampled,
    lowerBound,
    reason: historyReason(counted.length, lastFailure >= 0, sampled),
  };
}

function historyReason(successes: number, failed: boolean, sampled: number): string {
  const since = failed ? ' since it last failed' : '';
  const labelled = sampled > 0 ? `, ${sampled} of them sample history` : '';
  return `${successes} verified ${successes === 1 ? 'success' : 'successes'}${since}${labelled}`;
}

/** A block's history is made by the planner's proposals alone: whatever cites a runbook may have written other bytes. */
function countsFor(earned: Earned, historyKey: HistoryKey): boolean {
  if (earned.alert !== historyKey.alert || earned.kind !== historyKey.kind) return false;
  return 'block' in historyKey
    ? earned.by === 'runbook' && earned.block === historyKey.block
    : earned.by !== 'person' && earned.bytes === historyKey.bytes;
}
