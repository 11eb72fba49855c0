// How long an incident keeps its service: while its script may still be at work, and not longer.
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import {
  fact,
  incidentOf,
  untilMerged,
  untilSynthesizing,
  untilVerifying,
} from '../../../test/support/incidents.ts';
import { leaseOf, strayBefore } from './running.ts';

const started = [...untilMerged, fact('remediation.started')];
const lost = [...started, fact('remediation.lost')];
const rings = fact('incident.reopened');
const gone = (workspace = 'vigil-pd-q1shop1-1') => fact('workspace.deleted', { workspace });
const undone = [...started, fact('remediation.finished', { ok: false, outcome: 'failed', exit: 1 })];
const unseen = { ok: false, outcome: 'failed', exit: null } as const;
/** The second attempt, merged. */
const again = [fact('investigation.started'), ...untilMerged.slice(3)];

test.each<[what: string, facts: readonly Fact[], target: string | null]>([
  ['before anything runs', untilMerged, null],
  ['while its script runs', started, 'shop'],
  ['while it is verified', untilVerifying, 'shop'],
  ['after it recovered', [...untilVerifying, fact('recovery.confirmed')], null],
  ['when its script is lost', lost, 'shop'],
  ['when its script is lost and its workspace gone', [...lost, gone()], null],
  ['when another workspace is gone', [...lost, gone('vigil-pd-q1shop1-2')], 'shop'],
  ['when people were called while its script ran', [...started, fact('incident.escalated')], 'shop'],
  [
    'when people were called and the workspace is gone',
    [...started, fact('incident.escalated'), gone()],
    null,
  ],
  ['when the alert rings again after a loss', [...lost, rings], 'shop'],
  ['when somebody retries after a loss', [...lost, fact('incident.retried')], 'shop'],
  ['when the alert rings again twice', [...lost, rings, fact('alert.cleared'), rings], 'shop'],
  ['when the workspace goes after the alert rang again', [...lost, rings, gone()], null],
  ['when the workspace went before the alert rang again', [...lost, gone(), rings], null],
  ['when a new attempt is over and the old script unseen', [...lost, rings, fact('alert.cleared')], 'shop'],
  ['while its undo runs', [...undone, fact('undo.started')], 'shop'],
  ['when its undo ended', [...undone, fact('undo.started'), fact('undo.finished')], null],
  [
    'when nobody saw the end of its undo',
    [...undone, fact('undo.started'), fact('undo.finished', unseen)],
    'shop',
  ],
  [
    'when nobody saw the end of its undo and the workspace is gone',
    [...undone, fact('undo.started'), fact('undo.finished', unseen), gone('vigil-pd-q1shop1-1-undo')],
    null,
  ],
  [
    'when a lost script was undone, which begins when its workspace is gone',
    [...lost, fact('undo.requested'), fact('undo.started'), fact('undo.finished')],
    null,
  ],
  [
    'when its script never began',
    [...started, fact('remediation.finished', { ok: false, outcome: 'refused', exit: null })],
    null,
  ],
])('%s', (_, facts, target) => {
  expect(leaseOf(incidentOf(facts))).toBe(target);
});

test('a new attempt is told of the script of an old one until its workspace is gone', () => {
  const later = [...lost, rings, ...again];
  expect(strayBefore(incidentOf(later))).toEqual({
    ...{ workspace: 'vigil-pd-q1shop1-1', target: 'shop', attempt: 1 },
  });
  expect(strayBefore(incidentOf([...later, gone()]))).toBeNull();
  expect(strayBefore(incidentOf(lost))).toBeNull();
  expect(strayBefore(incidentOf([...untilSynthesizing]))).toBeNull();
});
