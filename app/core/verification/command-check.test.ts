// What a plan may say of a command, when it may run, and what is refused with which words.
import { describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan, safeBeforeApproval } from './plan.ts';

const queue = {
  id: 'queue',
  kind: 'command',
  run: 'redis-cli -h {HOST} llen jobs',
  expect: { number: { below: 9 } },
};
const taken = (check: object) => parseVerifyPlan({ v: 1, checks: [check], symptom: { checks: ['queue'] } });
function planOf(check: object = queue) {
  const parsed = taken(check);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.plan;
}

test('a command is taken with what is usual', () => {
  expect(planOf({ id: 'queue', kind: 'command', run: ' uptime ' }).checks).toEqual([
    { id: 'queue', kind: 'command', run: 'uptime', expect: { exit: 0 }, timeout_s: 20 },
  ]);
});

test.each([
  [{ exit: 127 }, 'expected number to be <=125'],
  [{ exit: [] }, 'expected array to have >=1 items'],
  [{ number: {} }, 'compares nothing: give below or above'],
  [{ number: { below: 1, above: 1 } }, 'no number is above and below that'],
  [{ lines: {} }, 'counts nothing'],
  [{ lines: { at_least: 2, at_most: 1 } }, 'at_least is more than at_most'],
  [{ text: {} }, 'compares nothing'],
  [{ text: { matches: '**' } }, 'fits everything'],
  [{ number: { under: 1 } }, 'Unrecognized key'],
  [{ failing: '<= 1 %', of: 200 }, 'Unrecognized key'],
])('an expectation of %j is refused', (expected, reason) => {
  const parsed = taken({ ...queue, expect: expected });
  expect(parsed.ok ? 'taken' : parsed.reason).toContain(reason);
});

test('a time-out of more than a minute, an address and a word of a journey are refused', () => {
  for (const more of [{ timeout_s: 61 }, { url: '{SHOP_URL}/' }, { run: 'ls {read.order}' }])
    expect(taken({ ...queue, ...more }).ok).toBe(false);
  const said = taken({ ...queue, expect: { text: { equals: '{read.order}' } } });
  expect(said.ok ? '' : said.reason).toContain('only a journey reads, so that {read.…} has no value here');
});

describe('bound', () => {
  const bound = (parameters: Record<string, string>, check: object = queue) => {
    const said = bind(planOf(check), parameters);
    return said.ok ? said.plan.checks[0] : said.reason;
  };
  test('it holds its values as literals, in its expectation as they are', () => {
    const check = { ...queue, expect: { text: { contains: ['{HOST}'] } } };
    expect(bound({ HOST: 'redis.internal' }, check)).toMatchObject({
      run: "redis-cli -h 'redis.internal' llen jobs",
      expect: { text: { contains: ['redis.internal'] } },
    });
  });

  test.each([
    [{}, 'the inventory has no HOST'],
    [{ HOST: '-x' }, 'queue may only read: '],
    [{ HOST: '--eval' }, 'queue may only read: '],
    [{ HOST: 'a b; rm -rf /' }, 'queue may only read: a b; rm -rf / is not the plain name of a server.'],
    [{ HOST: 'a\0b' }, 'queue may only read: A character that cannot be seen stands here.'],
  ])('to %j it is refused', (parameters, reason) => expect(bound(parameters)).toContain(reason));
});

describe('before approval', () => {
  const offences = (of: object | null) => safeBeforeApproval(planOf(), of && planOf(of));
  test('it runs only as a reviewed runbook on main has it, to the letter', () => {
    const reason = 'a command runs in a workspace, and no runbook on main has exactly this check';
    expect(offences(null)).toEqual([{ check: 'queue', reason }]);
    expect(offences({ ...queue, run: 'redis-cli -h {HOST} llen  jobs' })).toEqual([
      { check: 'queue', reason },
    ]);
    expect(offences({ ...queue, timeout_s: 30 })).toEqual([{ check: 'queue', reason }]);
    expect(offences(queue)).toEqual([]);
  });
});
