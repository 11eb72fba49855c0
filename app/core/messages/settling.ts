// What is said of a service that takes its time after a fix: how it goes, in figures, and how much time is left.
// Must never say that it is well or that it failed: those are ends, and stand elsewhere.
import { watchedIn } from '#core/incident/looks';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Sample } from '#core/verification/plan';
import { percent } from '#core/verification/rates/bound';
import { type Counts, sum } from '#core/verification/rates/sequential';

/** As many looks as the verdict takes to tell how it goes. */
const NEWEST = 3;

/**
 * `It improves: 12 % of the requests of cart fail, 34 % did before. Looked again at 14:05 UTC; it has until 14:40.` It is written only
 * when the direction changes, so that it names no next look. Null: nothing is awaited.
 */
export function settlingWords(incident: Incident): string | null {
  const watched = watchedIn(incident);
  const last = watched.at(-1)?.data;
  if (incident.stage !== 'VERIFYING' || !last) return null;
  if (last.well)
    return `Well so far. What manages the target may still set the fix back, so it is looked at once more at ${time(last.next)} UTC, before it is called held.`;
  const samples = watched.flatMap(({ data }) => data.samples).sort((a, b) => a.at - b.at);
  const how = last.verdict === 'improving' ? 'It improves' : 'Not better yet';
  const figures = figuresOf(samples, latestOf(incident, 'remediation.started')?.samples ?? []);
  const looked = samples.at(-1)?.at;
  const at = looked === undefined ? 'Vigil looks again' : `Looked again at ${time(looked)} UTC`;
  // The reason of a verdict begins with the same words.
  const what = figures === null ? upper(last.reason) : `${how}: ${figures}`;
  return `${what}. ${at}; it has until ${time(last.until)}.`;
}

/** Of the check of which most fails now. Null: nothing was counted. */
function figuresOf(samples: readonly Sample[], before: readonly Sample[]): string | null {
  const checks = [...new Set(samples.filter(({ counts }) => counts).map(({ check }) => check))];
  const all = checks.map((check) => {
    const now = share(sum(countsOf(samples, check).slice(-NEWEST)));
    const was = countsOf(before, check);
    return { check, now, was: was.length > 0 ? `, ${percent(share(sum(was)))} did before` : '' };
  });
  const worst = all.sort((a, b) => b.now - a.now)[0];
  return worst ? `${percent(worst.now)} of the requests of ${worst.check} fail${worst.was}` : null;
}

const countsOf = (samples: readonly Sample[], check: string): Counts[] =>
  samples.flatMap((one) => (one.check === check && one.counts ? [one.counts] : []));

const share = ({ failing, of }: Counts): number => (of === 0 ? 0 : failing / of);

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const time = (at: number | string): string => new Date(at).toISOString().slice(11, 16);
