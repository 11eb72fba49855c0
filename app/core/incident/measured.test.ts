// Whose word counts for what needs a key: the job measure's of the same run, said since the proposal or the script's end, and not long ago.
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import { foresee, type Incident } from '#core/ledger/replay';
import { parseVerifyPlan } from '#core/verification/plan';
import { fact, incidentOf, untilSynthesizing, untilVerifying } from '../../../test/support/incidents.ts';
import { measuredFor, phaseOf } from './measured.ts';

const parsed = parseVerifyPlan(
  load(`v: 1
checks:
  - { id: home, kind: http, url: 'https://shop.example/' }
  - { id: lag, kind: monitor, monitor: 7 }
  - { id: errors, kind: monitor, monitor: 8 }
settle: { within: 30m }
symptom: { checks: [home, lag] }
`),
);
if (!parsed.ok) throw new Error(parsed.reason);
const { plan } = parsed;
const AT = '2026-11-03T03:20:00.000Z';
const now = Date.parse(AT) + 60_000;
const proposed = incidentOf([...untilSynthesizing, fact('remediation.proposed')]);
const sample = (check: string, outcome: 'pass' | 'fail') => ({
  ...{ check, at: Date.parse(AT), ms: 40, outcome, engine: 'http' as const, reason: null, overruled: null },
});

function said(before: Incident, run: number, more: Fact[] = [], phase: 'red' | 'green' = 'red'): Incident {
  const measured = fact('symptom.measured', {
    phase,
    run: { id: run, url: 'https://github.com/acme/ops/actions/runs/7' },
    samples: [sample('lag', 'fail')],
  });
  const actor = { kind: 'job' as const, job: 'measure', run, attempt: 1 };
  const after = foresee(before, [measured, ...more], AT, actor);
  if (!after.ok) throw new Error(after.reason);
  return after.incident;
}
const seen = (incident: Incident, phase: 'red' | 'green' = 'red', at = now, run = 7) =>
  measuredFor(incident, plan, phase, run, at).samples.map(
    ({ check, outcome, reason }) => `${check} ${outcome}${reason ? `: ${reason}` : ''}`,
  );
const NOBODY = 'inconclusive: the job measure, which has the keys, said nothing in this run';

test('what the job before it in the same run saw counts', () => {
  expect(seen(said(proposed, 7))).toEqual(['lag fail']);
});
test('what it did not come to is unseen', () => {
  const verifying = incidentOf(untilVerifying);
  expect(seen(said(verifying, 7, [], 'green'), 'green')).toEqual([
    'lag fail',
    'errors inconclusive: the job measure ended before it looked at this',
  ]);
});
test('nothing was said at all', () => {
  expect(seen(proposed)).toEqual([`lag ${NOBODY}`]);
  expect(seen(incidentOf(untilVerifying), 'green')).toEqual([`lag ${NOBODY}`, `errors ${NOBODY}`]);
});
test('another run said it', () => {
  expect(seen(said(proposed, 6))).toEqual([`lag ${NOBODY}`]);
});
test('it was said of an earlier proposal', () => {
  expect(seen(said(proposed, 7, [fact('remediation.withdrawn'), fact('remediation.proposed')]))).toEqual([
    `lag ${NOBODY}`,
  ]);
});
test('it was said when red was looked for', () => {
  const verifying = incidentOf(untilVerifying);
  expect(seen(said(verifying, 7, [], 'red'), 'green')[0]).toBe(`lag ${NOBODY}`);
});
test('it was said long ago, as when only the job after it is run again', () => {
  expect(seen(said(proposed, 7), 'red', now + 1_200_000)).toEqual([
    'lag inconclusive: the job measure looked too long before this one',
  ]);
});
test('it is asked for while somebody is about to look', () => {
  expect(phaseOf(proposed)).toBe('red');
  expect(phaseOf(incidentOf(untilVerifying))).toBe('green');
  expect(phaseOf(incidentOf(untilSynthesizing))).toBeNull();
  expect(phaseOf(incidentOf([...untilVerifying, fact('recovery.confirmed')]))).toBeNull();
});
