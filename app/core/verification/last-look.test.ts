// A swarm as the last look of a verdict: when it may begin, what its word does, and which plans are refused.
import { describe, expect, test } from 'vitest';
import { planMisfits } from '#core/incident/limits';
import { lastLook, mayWalk, withSwarm } from './last-look.ts';
import { parseVerifyPlan, placesOf, safeBeforeApproval } from './plan.ts';
import { ruleFor } from './rule.ts';

const home = { id: 'home', kind: 'page', url: '{SHOP_URL}/', expect: { text: ['Shop'] } };
const rush = {
  ...{ id: 'rush', kind: 'swarm', start: '{SHOP_URL}/', sessions: 20, begins_s: 60 },
  steps: [{ goto: '{SHOP_URL}/pay' }, { expect: { text: 'Thank you' } }],
};
const crowd = { ...rush, id: 'crowd', client: 'lean' };
const parsed = (checks: object[], symptom: unknown[] = ['home'], more: object = {}) =>
  parseVerifyPlan({ v: 1, checks, symptom: { checks: symptom, ...more } });
function planOf(...args: Parameters<typeof parsed>) {
  const said = parsed(...args);
  if (!said.ok) throw new Error(said.reason);
  return said.plan;
}
const why = (...args: Parameters<typeof parsed>) => {
  const said = parsed(...args);
  return said.ok ? null : said.reason;
};

describe('a plan', () => {
  test.each<[string, object[], unknown[], string | null]>([
    ['with a swarm after others', [home, rush], ['home'], null],
    ['whose symptom shows under load alone', [home, rush], ['rush'], null],
    ['with load beside its swarm', [home, rush, crowd], ['home'], null],
    ['of a swarm alone', [rush], ['rush'], 'a swarm comes last, so it needs another check before it'],
    ['with two of them', [home, rush, { ...rush, id: 'run' }], ['home'], 'one swarm is enough for a plan'],
    ['with load alone', [home, crowd], ['home'], 'crowd makes load for nothing'],
    ['whose symptom is load', [home, rush, crowd], ['home', 'crowd'], 'crowd only makes load'],
    ['with a swarm among others', [home, rush], [{ any: ['home', 'rush'] }], 'take it out of `any`'],
  ])('%s', (_, checks, symptom, said) =>
    said === null ? expect(why(checks, symptom)).toBeNull() : expect(why(checks, symptom)).toContain(said),
  );
  test('asks of the rule only what comes before the swarm', () => {
    const plan = planOf([home, rush, crowd], ['home', 'rush']);
    expect([ruleFor(plan, 'red').checks, ruleFor(plan, 'green').checks]).toEqual([['home'], ['home']]);
    expect(ruleFor(plan, 'red').wanted).toBeUndefined();
  });
  test('visits all that its swarm visits, also to log in', () => {
    const login = { start: '{SHOP_URL}/login', steps: [{ expect: { text: 'Hello' } }] };
    const plan = planOf([home, { ...rush, storage: 'shared', login }]);
    expect(plan.checks.flatMap(placesOf)).toEqual([
      ...['{SHOP_URL}/', '{SHOP_URL}/login', '{SHOP_URL}/', '{SHOP_URL}/pay'],
    ]);
  });
  test('may walk one before approval only where a runbook has exactly this one', () => {
    const plan = planOf([home, rush], ['home', 'rush']);
    expect(safeBeforeApproval(plan, null)).toEqual([
      { check: 'rush', reason: 'a swarm is a load, and no runbook on main has exactly this check' },
    ]);
    expect(safeBeforeApproval(plan, plan)).toEqual([]);
    const other = planOf([home, { ...rush, sessions: 21 }], ['home', 'rush']);
    expect(safeBeforeApproval(plan, other)).toHaveLength(1);
    expect(safeBeforeApproval(planOf([home, rush]), null)).toEqual([]);
  });
  test('whose swarm does not fit into its job is named', () => {
    const timeouts = { script_seconds: 60, verify_seconds: 120 };
    expect(planMisfits(planOf([home, rush], ['home', 'rush']), { timeouts })).toEqual([]);
    const long = planOf([home, { ...rush, begins_s: 1200 }], ['rush']);
    expect(planMisfits(long, { timeouts }).map(({ cause }) => cause)).toEqual([
      'the swarm rush may end 1320 s after the first look, and a look whether it is red may last 300 s',
      'the swarm rush may end 1380 s after the first look, and a look whether it is green may last 1060 s',
    ]);
  });
});

describe('the last look', () => {
  const plan = planOf([home, rush, crowd]);
  const swarm = lastLook(plan, 'green')?.swarm;
  if (!swarm) throw new Error('no swarm');
  test('is of green always, and of red where the symptom names it', () => {
    expect(lastLook(plan, 'green')).toMatchObject({ swarm: { id: 'rush' }, load: { id: 'crowd' } });
    expect(lastLook(plan, 'red')).toBeNull();
    expect(lastLook(planOf([home, rush], ['rush']), 'red')).toMatchObject({ load: null });
  });
  test('comes when all else is as it should be, or when there is nothing else', () => {
    const words = ['red', 'absent', 'confirmed', 'refuted', 'inconclusive', 'waiting'];
    const may = (which: 'red' | 'green', others: number) =>
      words.filter((verdict) => mayWalk({ verdict }, which, others));
    expect([may('red', 1), may('green', 1)]).toEqual([['red'], ['confirmed']]);
    expect(may('red', 0)).toEqual(words);
  });
  const passed = { outcome: 'pass', reason: null } as const;
  const failed = { outcome: 'fail', reason: 'slow' } as const;
  const blind = { outcome: 'inconclusive', reason: 'no browser' } as const;
  test.each([
    ['green', 'confirmed', passed, 'confirmed', 'home is well; then rush passed'],
    ['green', 'confirmed', failed, 'refuted', 'home is well; then rush failed: slow'],
    ['green', 'confirmed', blind, 'inconclusive', 'home is well; then rush saw nothing: no browser'],
    ['green', 'confirmed', null, 'inconclusive', 'home is well; then rush was not walked'],
    ['green', 'refuted', null, 'refuted', 'home is well'],
    ['green', 'waiting', null, 'waiting', 'home is well'],
    ['red', 'red', failed, 'red', 'home is well; then rush failed: slow'],
    ['red', 'red', passed, 'absent', 'home is well; then rush passed'],
    ['red', 'absent', null, 'absent', 'home is well'],
  ] as const)('of %s after %s, when it showed %j, makes it %s', (which, verdict, said, is, reason) => {
    const judged = { verdict, decided: true, reason: 'home is well' };
    expect(withSwarm(judged, which, 1, swarm, said)).toMatchObject({ verdict: is, reason });
  });
  test('stands alone where the symptom is nothing else', () => {
    const judged = { verdict: 'absent', decided: true, reason: '' };
    expect(withSwarm(judged, 'red', 0, swarm, failed)).toMatchObject({
      verdict: 'red',
      reason: 'rush failed: slow',
    });
  });
});
