// What several machines saw of one crowd, as one look; and what is said when a machine is missing.
import { expect, test } from 'vitest';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import { shardTold } from '#core/ledger/swarm-facts';
import { parseVerifyPlan } from '#core/verification/plan';
import { resultOf, type Walked } from '#core/verification/swarm-result';
import { fact, incidentOf, untilVerifying } from '../../../test/support/incidents.ts';
import { sampleOfShards, shardedIn, shardsDue } from './shards.ts';

const home = { id: 'home', kind: 'page', url: '{SHOP_URL}/' };
const rush = {
  ...{
    id: 'rush',
    kind: 'swarm',
    start: '{SHOP_URL}/',
    sessions: 4,
    at_once: 2,
    shards: 2,
    engine: 'chromium',
  },
  ...{ steps: [{ expect: { text: 'Hi' } }], expect: { failing: '<= 30 %' } },
};
function planOf(check: object) {
  const parsed = parseVerifyPlan({ v: 1, checks: [home, check], symptom: { checks: ['home'] } });
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.plan;
}
const plan = planOf(rush);
const swarm = shardedIn(plan)?.swarm;
if (!swarm) throw new Error('no shards');

const pass = (at: number, ms: number): Walked => ({ at, ms, outcome: 'pass', reason: null });
const told = (began: number, walked: Walked[]) =>
  shardTold(
    resultOf({
      ...{ engine: 'chromium', client: 'full', asked: 2, most: 1, refused: 0, witnesses: [] },
      ...{ ended: 'done', why: 'all sessions walked', began, walked },
    }),
    (reason) => reason.replace('ada@example.com', '[EMAIL]'),
  );
const RUN = 42;
/** A record as the app writes what this run's job said. */
const said = (
  shard: number,
  walked: ReturnType<typeof told> | null,
  run = RUN,
  reason = 'all sessions walked',
) => ({
  ...fact('swarm.measured', {
    ...{ check: 'rush', shard, of: 2, reason, walked },
    run: { id: run, url: 'https://github.example/acme/production/actions/runs/42' },
  }),
  actor: { kind: 'job' as const, job: 'load', run },
});
/** While somebody is about to look whether it is green. */
const verifying = incidentOf(untilVerifying);
const withRecords = (records: readonly ReturnType<typeof said>[]): Incident => {
  const [last] = verifying.records.slice(-1);
  if (!last) throw new Error('no record');
  const added = records.map((one, at) => ({ ...last, ...one, seq: last.seq + 1 + at }) as LedgerRecord);
  return { ...verifying, records: [...verifying.records, ...added] };
};
const seen = (...records: ReturnType<typeof said>[]) =>
  sampleOfShards(withRecords(records), swarm, { run: RUN, now: 5_000, alone: false });

test('together they are one look, with percentiles of all sessions', () => {
  const bad: Walked = { at: 10, ms: 70, outcome: 'fail', reason: 'ada@example.com is missing' };
  expect(
    seen(said(1, told(1_000, [pass(0, 100), pass(100, 300)])), said(2, told(1_200, [pass(0, 200), bad]))),
  ).toMatchObject({
    ...{ check: 'rush', at: 1_000, outcome: 'pass', engine: 'chromium', counts: { failing: 1, of: 4 } },
    swarm: {
      ...{ sessions: 4, begun: 4, p50_ms: 200, p99_ms: 300, shards: 2, at_once: { asked: 2 } },
      errors: [{ reason: '[EMAIL] is missing', count: 1 }],
    },
  });
});
test.each([
  ['a shard that said nothing', [said(1, told(1, [pass(0, 1)]))], 'shard 2 of 2 said nothing in this run'],
  [
    'one of another run',
    [said(1, told(1, [pass(0, 1)])), said(2, told(1, [pass(0, 1)]), 41)],
    'shard 2 of 2 said nothing in this run',
  ],
  [
    'one that did not walk',
    [said(1, null, RUN, 'home is not well: no answer'), said(2, told(1, [pass(0, 1)]))],
    'shard 1 of 2 was not walked: home is not well: no answer',
  ],
])('%s makes it inconclusive', (_, records, reason) =>
  expect(seen(...records)).toMatchObject({ outcome: 'inconclusive', reason, engine: 'chromium' }),
);
test('the newest word of a shard counts', () =>
  expect(
    seen(
      said(1, null),
      said(2, told(1, [pass(0, 1), pass(1, 1)])),
      said(1, told(1, [pass(0, 1), pass(1, 1)])),
    ),
  ).toMatchObject({
    outcome: 'pass',
    counts: { failing: 0, of: 4 },
  }));
test('jobs are started for them only when somebody is about to look whether it is green', () => {
  const at = (stage: 'VERIFYING' | 'EXECUTING', check: object) =>
    shardsDue({ ...verifying, stage }, planOf(check));
  expect([at('VERIFYING', rush), at('EXECUTING', rush), at('VERIFYING', { ...rush, shards: 1 })]).toEqual([
    [1, 2],
    [],
    [],
  ]);
});
