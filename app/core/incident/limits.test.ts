// Numbers that must agree: at the greatest value nothing is said, one more is named with what would fit.
import { expect, test } from 'vitest';
import { mayRun } from '#core/gate/gate';
import { parseVerifyPlan } from '#core/verification/plan';
import { incidentOf, untilMerged } from '../../../test/support/incidents.ts';
import { shopSettings } from '../../../test/support/shop.ts';
import {
  jobMinutes,
  jobSeconds,
  leastTtlMinutes,
  MOST_GREEN_S,
  MOST_SCRIPT_S,
  misfits,
  planMisfits,
} from './limits.ts';

const of = (script_seconds: number, verify_seconds: number, ttl_minutes: number) =>
  misfits({
    timeouts: { script_seconds, verify_seconds },
    workspace: { ...shopSettings().workspace, ttl_minutes },
  }).map(({ path, cure }) => `${path.join('.')}: ${cure}`);

test('what fits is silent, up to the greatest values', () => {
  expect(of(900, 120, 60)).toEqual([]);
  expect(of(MOST_SCRIPT_S, MOST_GREEN_S, 47)).toEqual([]);
});

test.each<[string, number, number, number, string[]]>([
  ['a script', MOST_SCRIPT_S + 1, 120, 60, ['timeouts.script_seconds: Set it to at most 1600']],
  ['a verification', 900, MOST_GREEN_S + 1, 60, ['timeouts.verify_seconds: Set it to at most 1060']],
  [
    'a workspace',
    900,
    120,
    34,
    ['workspace.ttl_minutes: Set it to at least 35, or timeouts.script_seconds to at most 840'],
  ],
  ['the shortest workspace', 10, 120, 5, ['workspace.ttl_minutes: Set it to at least 21']],
  [
    'all of them',
    7200,
    3600,
    5,
    [
      'timeouts.script_seconds: Set it to at most 1600',
      'timeouts.verify_seconds: Set it to at most 1060',
      'workspace.ttl_minutes: Set it to at least 47',
    ],
  ],
])('%s that does not fit is named with what would', (_, script, verify, ttl, said) => {
  expect(of(script, verify, ttl)).toEqual(said);
});

test('a workspace lives for its script and ten minutes more at least, and a job for all that a script may need', () => {
  for (const script of [10, 60, 900, MOST_SCRIPT_S])
    expect(leastTtlMinutes(script) * 60).toBeGreaterThanOrEqual(script + 600);
  const around = jobSeconds.provision + jobSeconds.deliver + 2 * jobSeconds.remove;
  for (const minutes of [jobMinutes.execute, jobMinutes.undo])
    expect(minutes * 60).toBeGreaterThanOrEqual(MOST_SCRIPT_S + around);
  expect(jobSeconds.connect).toBeLessThan(jobSeconds.provision);
});

test('the last gate refuses what does not fit, so that nothing is begun that would be cut', () => {
  const settings = shopSettings({ timeouts: { script_seconds: 7200, verify_seconds: 120 } });
  const decision = mayRun({
    ...{
      incident: incidentOf(untilMerged),
      settings,
      settingsSha256: '',
      held: false,
      leasedTo: null,
      changes: [],
    },
    ...{ onMain: { files: {}, runbookSha256: null }, now: new Date('2026-11-03T03:10:00Z') },
  });
  expect(JSON.stringify(decision)).toContain('timeouts.script_seconds is 7200');
});

test.each(['10m', '30m', '12h'])('a plan that gives %s to settle fits: no job waits for it', (within) => {
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [{ id: 'health', kind: 'http', url: '{SHOP_URL}/' }],
    symptom: { checks: ['health'] },
    settle: { within },
  });
  if (!parsed.ok) throw new Error(parsed.reason);
  const { timeouts } = shopSettings({ timeouts: { script_seconds: 60, verify_seconds: 120 } });
  expect(planMisfits(parsed.plan, { timeouts })).toEqual([]);
});

test.each([
  ['<= 10 %', 50, 10, []],
  [
    '<= 10 %',
    50,
    100,
    [
      'symptom.red.of: 100 looks whose sessions take 13 s each, and more when the service is slow, are 1300 s, and a look whether it is red may last 300 s',
    ],
  ],
])('a plan that allows %s of %d sessions, and takes %d looks', (failing, of, looks, said) => {
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [
      { id: 'home', kind: 'page', url: '{SHOP_URL}/', expect: { failing, of } },
      { id: 'health', kind: 'http', url: '{SHOP_URL}/', expect: { failing: '<= 1 %', of: 200 } },
    ],
    symptom: { checks: ['home'], red: { need: 3, of: looks } },
  });
  if (!parsed.ok) throw new Error(parsed.reason);
  const { timeouts } = shopSettings({ timeouts: { script_seconds: 60, verify_seconds: 300 } });
  expect(
    planMisfits(parsed.plan, { timeouts }).map(({ path, cause }) => `${path.join('.')}: ${cause}`),
  ).toEqual(said);
});
