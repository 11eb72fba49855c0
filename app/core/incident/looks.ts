// Looks at a service that takes its time: what was seen so far, what a job says when time is left, and when to look again.
// Must never ask for two looks at once, nor let a look be forgotten whose time has come.
import type { Fact, FactDataOf } from '#core/ledger/facts';
import type { PageWords } from '#core/ledger/page-words';
import type { Pictures } from '#core/ledger/pictures';
import { type Incident, latestOf } from '#core/ledger/replay';
import { settlesIn } from '#core/policy/settle';
import { cut } from '#core/text/cut';
import { rateOf } from '#core/verification/checks';
import type { Sample, VerifyPlan } from '#core/verification/plan';
import { ERRORS, fewest } from '#core/verification/rates/sequential';
import { mostLooks, secondsOf } from '#core/verification/settle';

/** Who wrote a rule of green that takes less than this means a service that is well within seconds. */
const SLOW_GREEN_S = 60;
/** No two looks are further apart than green's own longest rhythm, so that no promise is believed which is later. */
const LATEST_MS = 3_900_000;
/** So often people are told how it goes, when it changes. */
const MOST_TOLD = 6;

export type Watched = FactDataOf<'recovery.watched'>;
/** `because`: the plan itself, or the effect that usually takes so long. */
export type Series = { within_s: number; because: string; began?: number; earlier: Sample[] };

/** How long this incident's service may take until it is well, and what was seen of it so far. Null: it is well at once, or not at all. */
export function seriesOf(incident: Incident, plan: VerifyPlan): Series | null {
  const kinds = latestOf(incident, 'remediation.judged')?.effects.map(({ kind }) => kind) ?? [];
  const time = settleFor(plan, kinds);
  if (time === null) return null;
  const all = watchedIn(incident).map(({ data }) => data);
  // What was seen before it was well says nothing of how it is after whoever manages the target had their turn.
  const watched = all.slice(all.findLastIndex(({ well }) => well) + 1);
  const [first] = watched;
  return {
    ...time,
    earlier: watched.flatMap(({ samples }) => samples),
    ...(first ? { began: Date.parse(first.until) - time.within_s * 1000 } : {}),
  };
}

/** What the plan says; without a word of it, what its effects usually take. */
export function settleFor(
  plan: VerifyPlan,
  kinds: readonly string[],
): { within_s: number; because: string } | null {
  const said = plan.settle ? secondsOf(plan.settle.within) : null;
  if (said !== null) return { within_s: said, because: 'the plan' };
  const usual = settlesIn(kinds);
  const { green } = plan.symptom;
  if (usual === null || green.over_s < SLOW_GREEN_S) return null;
  // More looks take more proof. A plan that never meant to wait keeps the proof that it can give.
  const below = ERRORS.below / mostLooks(usual.within_s, green);
  const short = plan.checks.some((check) => {
    const rate = rateOf(check);
    return rate !== null && green.of * rate.of < fewest(rate.bound, { ...ERRORS, below });
  });
  return short ? null : { within_s: usual.within_s, because: usual.kind };
}

/** What a job saw, as the sampler says it. */
type Seen = {
  verdict: string;
  reason: string;
  samples: Sample[];
  pages?: PageWords[];
  pictures?: Pictures;
  ms: number;
  worse?: string;
  goesOn?: { next: number; until: number; dropped: number };
};

/**
 * The one fact with which a job that verifies ends. `incident`: as it was when the job began; left out where nothing of it is known.
 */
export function factOfLooks(seen: Seen, incident: Incident | null = null): Fact {
  const { verdict, samples, ms, worse, goesOn, pages, pictures } = seen;
  const turn = incident && turnEnds(incident);
  const reason =
    turn === 'over' && verdict === 'refuted'
      ? `it was well, and is not any more: ${seen.reason}`
      : seen.reason;
  if (verdict === 'confirmed' && typeof turn === 'number' && samples.some(({ at }) => at < turn)) {
    const next = iso(Math.max(turn, ...samples.map(({ at }) => at)));
    const said = cut(`well so far: ${reason}`, 500);
    return {
      type: 'recovery.watched',
      data: { samples, reason: said, ms, verdict: 'improving', next, until: next, well: true },
    };
  }
  const data = { samples, reason: cut(reason, 500), ms };
  const ended = { ...data, ...(pages ? { pages } : {}), ...(pictures ? { pictures } : {}) };
  if (goesOn && (verdict === 'improving' || verdict === 'waiting'))
    return {
      type: 'recovery.watched',
      data: {
        ...{ ...data, verdict, next: iso(goesOn.next), until: iso(goesOn.until) },
        ...(goesOn.dropped > 0 ? { dropped: goesOn.dropped } : {}),
      },
    };
  if (verdict === 'confirmed') return { type: 'recovery.confirmed', data: ended };
  if (verdict === 'refuted')
    return {
      type: 'recovery.refuted',
      data: { ...ended, ...(worse === undefined ? {} : { worse: cut(worse, 500) }) },
    };
  return { type: 'recovery.inconclusive', data: ended };
}

/**
 * When whoever manages the target has had one turn to set the fix back, in Unix milliseconds. `over`: the app has asked for the look after
 * it, so that no other clock need agree. Null: nobody sets it back.
 */
function turnEnds(incident: Incident): number | 'over' | null {
  const { reconcile_s } = latestOf(incident, 'remediation.judged') ?? {};
  const ended = incident.latest['remediation.finished']?.at;
  if (reconcile_s === undefined || ended === undefined) return null;
  return watchedIn(incident).some(({ data }) => data.well) ? 'over' : Date.parse(ended) + reconcile_s * 1000;
}

const iso = (at: number): string => new Date(at).toISOString();

/** What this attempt's jobs have said while time was left, oldest first. */
export function watchedIn({ records, attempt }: Incident) {
  return records.flatMap((one) => (one.type === 'recovery.watched' && one.attempt === attempt ? [one] : []));
}

/** When the next look is due, in Unix milliseconds. Null: none was promised, or a job already looks. */
export function nextLookAt(incident: Incident): number | null {
  const { 'recovery.watched': watched } = incident.latest;
  if (incident.stage !== 'VERIFYING' || !watched || isLookAsked(incident)) return null;
  return Math.min(Date.parse(watched.data.next), Date.parse(watched.at) + LATEST_MS);
}

/** Whether a look is on its way: it was asked for after the newest word of one. */
export function isLookAsked({ latest }: Incident): boolean {
  return (latest['look.asked']?.seq ?? 0) > (latest['recovery.watched']?.seq ?? 0);
}

/** That the next look's time has come. Null: it has not, or it is asked for. */
export function lookDue(incident: Incident, now: Date): Fact | null {
  const at = nextLookAt(incident);
  if (at === null || now.getTime() < at) return null;
  return { type: 'look.asked', data: { after: incident.latest['recovery.watched']?.seq ?? 0 } };
}

/** A run that should have looked has ended without a word: another is asked for once, then it is known that nobody saw. */
export function lookLost(incident: Incident, reason: string, mayAgain: boolean): Fact {
  const asked = latestOf(incident, 'look.asked');
  const watched = latestOf(incident, 'recovery.watched');
  if (asked && !asked.again && mayAgain)
    return { type: 'look.asked', data: { after: asked.after, again: true } };
  const said = cut(`${reason}${watched ? `; seen before: ${watched.reason}` : ''}`, 500);
  return { type: 'recovery.inconclusive', data: { samples: [], reason: said, ms: watched?.ms ?? 0 } };
}

/**
 * The record with which people hear how it goes: the first word, and whenever it begins or ceases to improve, so often at most.
 * 0: there is none.
 */
export function newestOfSettling(incident: Incident): number {
  let [newest, told, last] = [0, 0, ''];
  for (const { seq, data } of watchedIn(incident)) {
    if (data.verdict === last || told === MOST_TOLD) continue;
    [newest, told, last] = [seq, told + 1, data.verdict];
  }
  return newest;
}
