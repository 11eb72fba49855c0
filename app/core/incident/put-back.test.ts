// When an act that is meant for a while is put back, and when people are reminded.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { healed, QUIET, ran, UNTIL } from '../../../test/support/acts.ts';
import { fact, incidentOf, OPENED, withFacts } from '../../../test/support/incidents.ts';
import { settle } from '../../../test/support/settling.ts';
import { dueEffects } from './due.ts';
import { isOver } from './open-index.ts';
import { outOfState } from './out-of-state.ts';
import {
  awaitsPutBack,
  coveredUntil,
  lastPutBack,
  MOST_REMINDERS,
  putBackFact,
  quietSince,
} from './put-back.ts';
import { leaseOf, undoDue } from './running.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** One fact more, at a time of its own. */
function at(incident: Incident, when: number, one: Fact): Incident {
  const folded = fold(incident, nextRecord(incident, one, new Date(when).toISOString(), { kind: 'app' }));
  if (!folded.ok) throw new Error(folded.reason);
  return folded.incident;
}
const ended = (incident: Incident): number => Date.parse(outOfState(incident)[0]?.since ?? '');
const around = (now: number, more: Partial<Parameters<typeof putBackFact>[1]> = {}) => ({
  ...{ others: [], held: false, leased: false, now: new Date(now) },
  ...more,
});
/** What follows so long after the fix ended. */
const says = (incident: Incident, ms: number, more = {}): string => {
  const found = putBackFact(incident, around(ended(incident) + ms, more));
  if (!found) return 'nothing';
  return `${found.type} ${'because' in found.data ? found.data.because : ''}`;
};

describe('an act with an end', () => {
  test.each<[string, Incident, number, string, object?]>([
    ['waits for its quiet', healed(), 2 * HOUR, 'nothing'],
    ['is put back after its quiet', healed(), 2 * HOUR + MINUTE, 'putback.due quiet'],
    ['without an end stays', healed({}), 9 * DAY, 'nothing'],
    ['waits until its time', healed({ end: UNTIL }), 4 * HOUR - 1, 'nothing'],
    ['is put back at its time', healed({ end: UNTIL }), 4 * HOUR, 'putback.due until'],
    [
      'with both ends at the first',
      healed({ end: { ...UNTIL, quiet_for: '2h' } }),
      2 * HOUR + MINUTE,
      'putback.due quiet',
    ],
    ['under a hold reminds', healed(), 3 * HOUR, 'putback.reminded held', { held: true }],
    ['on a leased service reminds', healed(), 3 * HOUR, 'putback.reminded busy', { leased: true }],
    ['of people reminds', healed({ end: { ...QUIET, by: 'person' } }), 3 * HOUR, 'putback.reminded agreed'],
    ['without an undo reminds', healed({ end: QUIET, undo: false }), 3 * HOUR, 'putback.reminded agreed'],
    [
      'that could not be put back reminds',
      healed({ end: QUIET }, fact('putback.due'), fact('undo.refused')),
      3 * HOUR,
      'putback.reminded refused',
    ],
    [
      'whose undo failed reminds',
      healed(
        { end: QUIET },
        ...[
          fact('putback.due'),
          fact('undo.started'),
          fact('undo.finished', { ok: false, outcome: 'failed' }),
        ],
      ),
      3 * HOUR,
      'putback.reminded failed',
    ],
    ['is not asked for twice', healed({ end: QUIET }, fact('putback.due')), 3 * HOUR, 'nothing'],
    [
      'that is being put back waits',
      healed({ end: QUIET }, fact('putback.due'), fact('undo.started')),
      3 * HOUR,
      'nothing',
    ],
    [
      'that was put back is over',
      healed({ end: QUIET }, fact('putback.due'), fact('undo.started'), fact('undo.finished')),
      3 * HOUR,
      'nothing',
    ],
    ['that a person keeps is over', healed({ end: QUIET }, fact('putback.kept')), 3 * HOUR, 'nothing'],
    [
      'of an incident that people have waits for their page',
      ran({ end: QUIET }, fact('remediation.finished'), fact('recovery.inconclusive')),
      3 * HOUR,
      'nothing',
    ],
    [
      'of an incident that people have reminds at its time',
      ran({ end: UNTIL }, fact('remediation.finished'), fact('recovery.inconclusive')),
      5 * HOUR,
      'putback.reminded escalated',
    ],
    ['while the alert is back waits', healed({ end: UNTIL }, fact('incident.reopened')), 9 * HOUR, 'nothing'],
    ['that was never quiet is people’s after a week', healed(), 7 * DAY, 'putback.reminded too_late'],
    ['whose approval is too old reminds', healed({ end: UNTIL }), 28 * HOUR, 'putback.reminded too_late'],
    ['is forgotten at last', healed({ end: UNTIL }), 4 * HOUR + 8 * DAY, 'nothing'],
  ])('%s', (_, incident, ms, expected, more = {}) => {
    expect(says(incident, ms, more)).toBe(expected);
  });

  test('waits for quiet from the last that happened to the service', () => {
    const own = healed();
    const other = incidentOf([
      fact('incident.opened', { key: 'pd-q2shop2', service: { id: 'PSHOP01', name: 'Web shop' } }),
    ]);
    const elsewhere = incidentOf([
      fact('incident.opened', { key: 'pd-q3shop3', service: { id: 'PPAY', name: 'Payments' } }),
    ]);
    const over = at(
      incidentOf([fact('incident.opened', { key: 'pd-q2shop2' }), fact('investigation.started')]),
      ended(own) + HOUR,
      fact('alert.cleared'),
    );
    const act = outOfState(own)[0] ?? { since: '' };
    expect(quietSince(own, act, [other])).toBeNull();
    expect(quietSince(own, act, [elsewhere])).toBe(ended(own) + 1000);
    expect(quietSince(own, act, [over])).toBe(ended(own) + HOUR);
    expect(says(own, 3 * HOUR - MINUTE, { others: [over] })).toBe('nothing');
    expect(says(own, 3 * HOUR, { others: [over] })).toBe('putback.due quiet');
    const joined = at(own, ended(own) + 90 * MINUTE, fact('alert.joined'));
    expect(says(joined, 3 * HOUR)).toBe('nothing');
    // At its time nobody waits for quiet, and nobody changes a service at which others are at work.
    expect(says(healed({ end: UNTIL }), 4 * HOUR, { others: [other] })).toBe('putback.reminded busy');
  });

  test('reminds once a day, seven times, and says which is the last', () => {
    let incident = healed({ end: { ...UNTIL, by: 'person' } });
    const since = ended(incident);
    const heard: string[] = [];
    for (let hour = 0; hour < 24 * 20; hour++) {
      const now = since + hour * HOUR;
      const found = putBackFact(incident, around(now));
      if (!found) continue;
      heard.push(`${hour} ${found.type === 'putback.reminded' && found.data.last ? 'last' : ''}`.trim());
      incident = at(incident, now, found);
    }
    expect(heard).toEqual(['4', '28', '52', '76', '100', '124', '148 last']);
    expect(heard).toHaveLength(MOST_REMINDERS);
  });

  test('owes the undo once, holds the service for it, and is told in words of its own', () => {
    const due = settle(healed({ end: QUIET }, fact('putback.due'))).incident;
    expect(due.stage).toBe('RESOLVED');
    expect(undoDue(due)).toBe(true);
    expect(leaseOf(due)).toBe('shop');
    const begun = withFacts(due, [fact('undo.started')]);
    expect(undoDue(begun)).toBe(false);
    const done = withFacts(begun, [fact('undo.finished')]);
    expect(done.stage).toBe('RESOLVED');
    expect(undoDue(done)).toBe(false);
    expect(leaseOf(done)).toBeNull();
    expect(outOfState(done)).toEqual([]);
  });

  test('is dispatched by the app, not under a hold, unless a person asked for it', () => {
    const kinds = (because: 'quiet' | 'asked', held: boolean): string[] =>
      dueEffects(settle(healed()).incident, held).length === 0
        ? dueEffects(withFacts(settle(healed()).incident, [fact('putback.due', { because })]), held).map(
            ({ kind }) => kind,
          )
        : ['something else'];
    expect(kinds('quiet', false)).toEqual(['undo.dispatch']);
    expect(kinds('quiet', true)).toEqual([]);
    expect(kinds('asked', true)).toEqual(['undo.dispatch']);
  });

  test('keeps its incident in the index until its last reminder, and no longer', () => {
    const { incident } = settle(healed());
    const over = (ms: number): boolean => isOver(incident, new Date(ended(incident) + ms));
    expect([over(26 * HOUR), over(14 * DAY), over(15 * DAY)]).toEqual([false, false, true]);
    const { incident: kept } = settle(healed({ end: QUIET }, fact('putback.kept')));
    expect(isOver(kept, new Date(OPENED.getTime() + 26 * HOUR))).toBe(true);
  });

  test('is never put back late, twice, under a hold, or while something is open, whatever is looked at and when', () => {
    const end = fc.record({
      until: fc.constantFrom(undefined, '30m', '4h', '3d'),
      quiet_for: fc.constantFrom(undefined, '10m', '2h', '24h'),
    });
    const look = fc.record({
      after: fc.integer({ min: 1, max: 3 * DAY }),
      held: fc.boolean(),
      leased: fc.boolean(),
      joins: fc.boolean(),
    });
    fc.assert(
      fc.property(end, fc.array(look, { maxLength: 20 }), ({ until, quiet_for }, looks) => {
        if (until === undefined && quiet_for === undefined) return;
        const said = { ...(until ? { until } : {}), ...(quiet_for ? { quiet_for } : {}) };
        let incident = healed({ end: { ...said, by: 'vigil' } });
        const act = outOfState(incident)[0];
        if (!act) throw new Error('nothing is out');
        let now = ended(incident);
        let due = 0;
        for (const { after, held, leased, joins } of looks) {
          now += after;
          if (joins) incident = at(incident, now, fact('alert.joined', { event: `E${now}` }));
          const found = putBackFact(incident, around(now, { held, leased }));
          if (!found) continue;
          expect(awaitsPutBack(incident, new Date(now))).toBe(true);
          if (found.type === 'putback.due') {
            expect([held, leased, now < coveredUntil(act)]).toEqual([false, false, true]);
            due += 1;
          }
          incident = at(incident, now, found);
        }
        expect(due).toBeLessThanOrEqual(1);
        expect(incident.records.filter(({ type }) => type === 'putback.reminded').length).toBeLessThanOrEqual(
          MOST_REMINDERS,
        );
      }),
    );
  });
});

test('a new alert on the service is told of the newest put-back of the last day, and no other is', () => {
  const done = healed({ end: QUIET }, fact('putback.due'), fact('undo.started'), fact('undo.finished'));
  const at = done.records.at(-1)?.at ?? '';
  const asked = (incident: Incident, service = 'PSHOP01', hours = 1) =>
    lastPutBack([incident], service, new Date(Date.parse(at) + hours * HOUR));
  expect(asked(done)).toEqual({ incident: done.key, at });
  expect(asked(done, 'PPAY')).toBeNull();
  expect(asked(done, 'PSHOP01', 25)).toBeNull();
  expect(asked(healed())).toBeNull();
  expect(
    asked(healed({ end: QUIET }, fact('undo.requested'), fact('undo.started'), fact('undo.finished'))),
  ).toBeNull();
});

test('times are counted from when a fix ended, not from when the incident opened', () => {
  expect(ended(healed())).toBe(OPENED.getTime() + 14_000);
});
