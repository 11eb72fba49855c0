// What each rule of verification sees of a service of which a share fails: drawn by lot, judged by the product's own functions.
// It must never decide anything itself: it only plays the service and counts verdicts. The lot is the same every time.
import { type BoundPlan, bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { ruleFor } from '#core/verification/rule';
import { judgeGreen, judgeRed } from '#core/verification/verdict';

const INVENTORY = { SITE: 'https://shop.example' };
const CHECK = { id: 'shop', kind: 'http', url: '{SITE}/' };

/** A way to look, as verify.yml says it. `of`: requests a look. */
export type Way = { readonly name: string; readonly of: number; readonly plan: BoundPlan };

export function way(name: string, failing: string | null, of: number): Way {
  const expected = failing === null ? {} : { expect: { failing, of } };
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [{ ...CHECK, ...expected }],
    symptom: { checks: ['shop'] },
  });
  const bound = parsed.ok ? bind(parsed.plan, INVENTORY) : parsed;
  if (!bound.ok) throw new Error(`${name}: ${bound.reason}`);
  return { name, of, plan: bound.plan };
}

export const WAYS: readonly Way[] = [
  way('one request a look', null, 1),
  way('`<= 1 %` of 120', '<= 1 %', 120),
  way('`<= 1 %` of 200', '<= 1 %', 200),
  way('`<= 1 %` of 500', '<= 1 %', 500),
  way('`<= 5 %` of 50', '<= 5 %', 50),
];

/** A service by lot: how many of the requests of one look fail. */
export type Service = (of: number, lot: () => number) => number;
/** Each request fails by itself with the same chance. Drawn by how many pass until the next one fails, which is quicker. */
export const failingShare =
  (share: number): Service =>
  (of, lot) => {
    if (share <= 0) return 0;
    const passing = (): number => Math.floor(Math.log(1 - lot()) / Math.log1p(-share));
    let failing = 0;
    for (let sent = passing(); sent < of; sent += 1 + passing()) failing += 1;
    return failing;
  };
/** All of a look fails, or nothing of it. */
export const downAtTimes =
  (share: number): Service =>
  (of, lot) =>
    lot() < share ? of : 0;

/** Looks as the sampler does: round by round, until the verdict is decided. */
export function played(
  { plan, of }: Way,
  which: 'red' | 'green',
  service: Service,
  lot: () => number,
  before: readonly Sample[] = [],
): { verdict: string; samples: Sample[] } {
  const rule = ruleFor(plan, which, before);
  const judge = which === 'red' ? judgeRed : judgeGreen;
  const bound = rule.rates?.['shop']?.bound;
  const samples: Sample[] = [];
  for (let look = 0; ; look += 1) {
    const failing = service(of, lot);
    const fails = failing > (bound ?? 0) * of;
    samples.push({
      ...{
        check: 'shop',
        at: Math.round((look * rule.over_s * 1000) / (rule.of - 1)),
        ms: 1,
        engine: 'http',
      },
      ...{ outcome: fails ? 'fail' : 'pass', reason: fails ? 'failed' : null, overruled: null },
      ...(bound === undefined ? {} : { counts: { failing, of } }),
    });
    const { verdict, decided } = judge(samples, rule);
    if (decided || samples.length >= rule.of) return { verdict, samples };
  }
}

/** mulberry32: small, and the same on every machine. */
export function lots(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** How often each verdict came, of so many incidents: before a run, and after it made another service of it. */
export function outcomes(one: Way, service: Service, fixed: Service, draws: number, seed: number) {
  const lot = lots(seed);
  const seen = new Map<string, number>();
  for (let draw = 0; draw < draws; draw += 1) {
    const red = played(one, 'red', service, lot);
    const green = played(one, 'green', fixed, lot, red.samples);
    for (const said of [`red look: ${red.verdict}`, `green look: ${green.verdict}`])
      seen.set(said, (seen.get(said) ?? 0) + 1);
  }
  const share = (said: string): number => (seen.get(said) ?? 0) / draws;
  return {
    red: share('red look: red'),
    absent: share('red look: absent'),
    confirmed: share('green look: confirmed'),
    refuted: share('green look: refuted'),
  };
}
