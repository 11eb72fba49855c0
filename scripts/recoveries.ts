// Recoveries that take their time, played with the clock ahead against the product's own schedule and verdict.
// It must never decide anything itself: it only plays the service and writes down what was said. The lot is the same every time.
import { bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { type Rule, ruleFor } from '#core/verification/rule';
import { secondsOf } from '#core/verification/settle';
import { judgeSettling, nextLook, type Settling, type Stretch } from '#core/verification/settling';
import { failingShare, lots } from './partial-outages.ts';

/** The share that fails, so many seconds after the first look. */
export type Shape = (seconds: number) => number;

const BEFORE = 0.2;
const BURST = 200;
export const stays =
  (share: number): Shape =>
  () =>
    share;
/** As a queue does: evenly less, until nothing is left. */
export const drains =
  (seconds: number): Shape =>
  (now) =>
    BEFORE * Math.max(0, 1 - now / seconds);
export const flaps =
  (each: number, share: number): Shape =>
  (now) =>
    Math.floor(now / each) % 2 === 0 ? share : 0;
/** One share from each of these seconds on. */
export const steps =
  (all: readonly (readonly [from: number, share: number])[]): Shape =>
  (now) =>
    all.findLast(([from]) => now >= from)?.[1] ?? 0;

export type Recovery = Pick<Settling, 'verdict' | 'reason'> & {
  minutes: number;
  /** When was looked, in seconds. */
  looks: number[];
  /** What was said on the way, each once. */
  said: Settling['verdict'][];
  samples: Sample[];
  rule: Rule;
  stretch: Stretch;
};

/** A fifth of all requests failed before; `within` as a plan says it. */
export function recovery(shape: Shape, within: string, seed: number): Recovery {
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [{ id: 'shop', kind: 'http', url: '{SITE}/', expect: { failing: '<= 1 %', of: BURST } }],
    symptom: { checks: ['shop'] },
    settle: { within },
  });
  const bound = parsed.ok ? bind(parsed.plan, { SITE: 'https://shop.example' }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  const lot = lots(seed);
  const look = (at: number, share: number): Sample => {
    const failing = failingShare(share)(BURST, lot);
    const fails = failing > BURST / 100;
    return {
      ...{ check: 'shop', at, ms: 1, engine: 'http', overruled: null, counts: { failing, of: BURST } },
      ...{ outcome: fails ? 'fail' : 'pass', reason: fails ? 'failed' : null },
    };
  };
  const rule = ruleFor(
    bound.plan,
    'green',
    [0, 1, 2].map((at) => look(at, BEFORE)),
  );
  const stretch = { began: 0, within_s: secondsOf(within) ?? 0 };
  const samples: Sample[] = [];
  const said = new Set<Settling['verdict']>();
  for (;;) {
    const now = judgeSettling(samples, rule, stretch);
    const at = now.decided ? null : nextLook(samples, rule, stretch);
    const looks = samples.map((one) => one.at / 1000);
    if (at === null)
      return {
        verdict: now.verdict,
        reason: now.reason,
        minutes: (looks.at(-1) ?? 0) / 60,
        looks,
        said: [...said],
        ...{ samples, rule, stretch },
      };
    if (samples.length > 0) said.add(now.verdict);
    samples.push(look(at, shape(at / 1000)));
  }
}
