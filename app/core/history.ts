// What the ledger says about how often a remediation has worked: the only source of earned autonomy.
// One failure closes the account: only outcomes after the newest failure count. Must never let one author's scripts live
// on what other bytes have earned: a runbook's history is its block's own, a model's is that of exactly the same bytes.
import type { FactDataOf } from './facts.ts';
import type { Incident } from './replay.ts';
import { alertSlug, bytesOf, type Earned } from './trust/earned.ts';
import { summaryOf, type Told } from './trust/summary.ts';

type Proposal = FactDataOf<'remediation.proposed'>;
/** Whose past counts: a runbook's block as it stood when it was proposed, or exactly these bytes, whoever proposed them. */
export type Account = { alert: string; kind: string } & ({ block: string } | { bytes: string });
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
 * The account a proposal draws on. `own`: its bytes were compared with the runbook it cites and are that block's, which
 * a citation alone does not prove. A person's edit has none, and so has an incident whose title nobody may see.
 */
export function accountOf(incident: Incident, proposal: Proposal, own: boolean): Account | null {
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

/** Verified outcomes of one account, weighted by age, as a whole-number percentage rounded down; of null, none. */
export function historyOf(past: Iterable<Told>, account: Account | null, now: Date): History {
  const outcomes = [...(account ? past : [])]
    .flatMap((told) => summaryOf(told).earned.filter((one) => account !== null && countsFor(one, account)))
    .sort((a, b) => a.at - b.at);
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
    reason: explain(counted.length, lastFailure >= 0, sampled),
  };
}

function explain(successes: number, failed: boolean, sampled: number): string {
  const since = failed ? ' since it last failed' : '';
  const labelled = sampled > 0 ? `, ${sampled} of them sample history` : '';
  return `${successes} verified ${successes === 1 ? 'success' : 'successes'}${since}${labelled}`;
}

/** A block's history is made by the planner's proposals alone: whatever cites a runbook may have written other bytes. */
function countsFor(earned: Earned, account: Account): boolean {
  if (earned.alert !== account.alert || earned.kind !== account.kind) return false;
  return 'block' in account
    ? earned.by === 'runbook' && earned.block === account.block
    : earned.by !== 'person' && earned.bytes === account.bytes;
}
