// No incident waits for ever: what is silent for too long ends, and the reason says how long that was.
import { expect, test } from 'vitest';
import type { Fact, FactType } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import {
  fact,
  incidentOf,
  untilMerged,
  untilProposed,
  untilVerifying,
  withFacts,
} from '../../../test/support/incidents.ts';
import { shopSettings } from '../../../test/support/shop.ts';
import { overdue } from './deadline.ts';

const after = (incident: Incident, since: FactType, seconds: number): Fact | null =>
  overdue(incident, shopSettings(), new Date(Date.parse(incident.latest[since]?.at ?? '') + seconds * 1000));
const executing = incidentOf([...untilMerged, fact('remediation.started')]);

test('a script nobody speaks of is lost after its time-out and a margin', () => {
  expect(after(executing, 'remediation.started', 2899)).toBeNull();
  expect(after(executing, 'remediation.started', 2900)).toEqual({
    type: 'remediation.lost',
    data: {
      reason: 'the job said nothing for 2900 s, longer than any script may run',
      workspace: 'vigil-pd-q1shop1-1',
    },
  });
});

test('a stop that the job does not answer ends it sooner', () => {
  const stopped = withFacts(executing, [fact('stop.requested')]);
  expect(after(stopped, 'stop.requested', 799)).toBeNull();
  expect(after(stopped, 'stop.requested', 800)).toMatchObject({
    type: 'remediation.lost',
    data: { reason: '@olga stopped it, and the job did not answer within 800 s' },
  });
});

test('a verification that says nothing is inconclusive, never green', () => {
  const verifying = incidentOf(untilVerifying);
  expect(after(verifying, 'remediation.finished', 8699)).toBeNull();
  expect(after(verifying, 'remediation.finished', 8700)).toMatchObject({
    type: 'recovery.inconclusive',
    data: { reason: 'the verification said nothing for 8700 s' },
  });
});

test('an undo that says nothing has failed, as far as anybody knows', () => {
  const undoing = incidentOf([...untilVerifying, fact('recovery.refuted'), fact('undo.started')]);
  expect(after(undoing, 'undo.started', 2899)).toBeNull();
  const ended = after(undoing, 'undo.started', 2900);
  expect(ended).toMatchObject({ type: 'undo.finished', data: { ok: false, exit: null, snapshot: 'none' } });
});

test('what was merged and not started before its approval ended goes to people; before the merge it is asked anew', () => {
  const merged = incidentOf(untilMerged);
  const at = (incident: Incident, now: string) => overdue(incident, shopSettings(), new Date(now));
  expect(at(merged, '2026-11-03T06:59:59.999Z')).toBeNull();
  expect(at(merged, '2026-11-03T07:00:00.000Z')).toEqual({
    type: 'incident.escalated',
    data: { code: 'expired', reason: 'it was merged, and did not start before 2026-11-03T07:00:00.000Z' },
  });
  expect(at(incidentOf(untilProposed), '2026-12-03T07:00:00.000Z')).toBeNull();
  expect(
    at(incidentOf([...untilVerifying, fact('recovery.confirmed')]), '2026-12-03T07:00:00.000Z'),
  ).toBeNull();
});

test('longer scripts have more time', () => {
  const settings = shopSettings({ timeouts: { script_seconds: 1200, verify_seconds: 120 } });
  const started = Date.parse(executing.latest['remediation.started']?.at ?? '');
  expect(overdue(executing, settings, new Date(started + 3_199_000))).toBeNull();
  expect(overdue(executing, settings, new Date(started + 3_200_000))?.type).toBe('remediation.lost');
});
