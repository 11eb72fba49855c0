// What the auto lane has used up of its day.
import { expect, test } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import {
  fact,
  incidentOf,
  OPENED,
  untilMerged,
  untilSynthesizing,
  withFacts,
} from '../../../test/support/incidents.ts';
import { autoRunsSince } from './budget.ts';

const later = (hours: number): Date => new Date(OPENED.getTime() + hours * 3_600_000);
const alone = fact('remediation.approved', { lane: 'auto', by: [] });
const way = untilMerged.map((one) => (one.type === 'remediation.approved' ? alone : one));
const ran = [fact('remediation.started'), fact('remediation.finished'), fact('recovery.confirmed')];
const once = (): Incident => incidentOf([...way, ...ran]);
const again = (): Incident =>
  withFacts(once(), [
    fact('incident.reopened'),
    ...untilSynthesizing.slice(2),
    ...way.slice(untilSynthesizing.length),
  ]);

test('a run that the lane started counts for a day, also when its incident has ended', () => {
  expect([autoRunsSince([once()], later(1)), autoRunsSince([once()], later(25))]).toEqual([1, 0]);
});

test('a run of an earlier attempt counts, whatever the new attempt has come to', () => {
  expect(autoRunsSince([withFacts(once(), [fact('incident.reopened')])], later(1))).toBe(1);
  expect(autoRunsSince([again()], later(1))).toBe(1);
  expect(autoRunsSince([withFacts(again(), ran)], later(1))).toBe(2);
});

test('a run that people let go, and sample history, are not the lane’s', () => {
  const people = incidentOf([...untilMerged, ...ran]);
  const sample = incidentOf([fact('incident.opened', { sample: true }), ...way.slice(1), ...ran]);
  expect(autoRunsSince([people, sample], later(1))).toBe(0);
});
