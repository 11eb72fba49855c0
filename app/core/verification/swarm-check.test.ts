// What may be said of a swarm, and what is refused.
import { describe, expect, test } from 'vitest';
import { Check } from './checks.ts';
import { aboveOf } from './swarm.ts';
import { orderOf } from './swarm-order.ts';

const journey = { start: 'http://shop/', steps: [{ click: '#buy' }, { expect: { text: 'Thank you' } }] };
const words = (more: object = {}) => ({ id: 'rush', kind: 'swarm', ...journey, sessions: 200, ...more });
const swarmOf = (more: object = {}) => {
  const check = Check.parse(words(more));
  if (check.kind !== 'swarm') throw new Error('no swarm');
  return check;
};
const faults = (more: object) => Check.safeParse(words(more)).error?.issues.map(({ message }) => message);

describe('the words of a swarm', () => {
  test('are few, and the rest is set on purpose', () => {
    expect(orderOf(swarmOf())).toMatchObject({
      ...{ sessions: 200, at_once: 16, ramp_s: 0, begins_s: 300, storage: 'isolated' },
      back_off: { first_ms: 200, most_ms: 5000, tries: 8 },
      stop_when_failing: { share: '> 20 %', of: 20 },
      ...{ engine: 'lightpanda', client: 'full', expect: { failing: '<= 1 %' } },
      journey: { kind: 'journey', timeout_s: 20 },
    });
  });
  test.each([
    ['shared storage without a login', { storage: 'shared' }, 'shared storage and a login go together'],
    ['a login that nobody shares', { login: journey }, 'shared storage and a login go together'],
    [
      'load that expects something',
      { client: 'lean', expect: {} },
      'the lean client only makes load, and proves nothing that could be expected',
    ],
    [
      'load on Chromium',
      { client: 'lean', engine: 'chromium' },
      'the lean client speaks to Lightpanda alone',
    ],
    [
      'load that hears a status',
      { client: 'lean', steps: [{ expect: { status: 200 } }] },
      'the lean client cannot see the status of a page',
    ],
    [
      'a bound without its sign',
      { stop_when_failing: { share: '20 %' } },
      'says what is too much, as > 20 %',
    ],
    [
      'more shards than have something to do',
      { sessions: 10, shards: 8 },
      '10 sessions, 16 at once, are no work for 8 shards',
    ],
    [
      'load in shards',
      { client: 'lean', shards: 2 },
      'load is made beside a swarm, on its machine, and has no shards of its own',
    ],
    [
      'a value that nothing read, also in its login',
      { storage: 'shared', login: { ...journey, steps: [{ expect: { text: '{read.who}' } }] } },
      'login: step 1: no step before it reads "who"',
    ],
    [
      'a journey that proves nothing',
      { steps: [{ click: 'a' }] },
      'a journey that expects nothing proves nothing',
    ],
  ])('refuse %s', (_, more, message) => expect(faults(more)).toEqual([message]));
  test('refuse more sessions than a small runner can bear', () =>
    expect(faults({ sessions: 501 })).toHaveLength(1));
  test('say what is too much', () => {
    expect(['> 20 %', '>2.5%', '>= 20 %', '<= 20 %', '> 20'].map(aboveOf)).toEqual([
      0.2,
      0.025,
      null,
      null,
      null,
    ]);
  });
});
