// What a person's word comes to, at each point of an incident.
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import {
  fact,
  hex,
  incidentOf,
  untilInvestigating,
  untilMerged,
  untilSynthesizing,
  untilVerifying,
  withFacts,
} from '../../../test/support/incidents.ts';
import { ownProposal } from './own-bytes.ts';
import { stopOf, undoDue } from './running.ts';
import { type Order, steer } from './steering.ts';

const undoable = fact('remediation.proposed', {
  files: { 'fix.sh': 'a', 'undo.sh': 'b', 'verify.yml': 'c', 'remediation.yml': 'd' },
});
const started = [
  ...untilSynthesizing,
  undoable,
  ...untilMerged.slice(untilSynthesizing.length + 1),
  fact('remediation.started'),
];
const healed = [...started, fact('remediation.finished'), fact('recovery.confirmed')];
const say = (list: readonly Fact[], word: Order['word']) => {
  const steered = steer(incidentOf(list), { word, all: false, reason: 'x' }, 'olga', 'x');
  if (!steered.ok) return steered.reason;
  return steered.held ? 'held' : steered.fact.type;
};

test.each<[string, readonly Fact[], string]>([
  ['while evidence is gathered', untilInvestigating, 'held'],
  ['when it is merged', untilMerged, 'held'],
  ['while the script runs', started, 'stop.requested'],
  ['twice', [...started, fact('stop.requested')], 'the script was asked to stop already'],
  [
    'while it is verified',
    untilVerifying,
    'no script runs any more, so there is nothing to stop; Vigil only looks whether the fix helped',
  ],
  ['when it is over', healed, 'nothing runs, so there is nothing to stop'],
  ['while an undo runs', [...healed, fact('undo.requested'), fact('undo.started')], 'stop.requested'],
])('stop, said %s', (_, list, outcome) => {
  expect(say(list, 'stop')).toBe(outcome);
});

test.each<[string, readonly Fact[], string]>([
  ['before anything ran', untilMerged, 'no script was started, so nothing can be undone'],
  ['while the script runs', started, 'the remediation is still at work; stop it first, or wait for its end'],
  ['after it was lost', [...started, fact('remediation.lost')], 'undo.requested'],
  [
    'when nobody could see',
    [...started, fact('remediation.finished'), fact('recovery.inconclusive')],
    'undo.requested',
  ],
  [
    'when the undo is owed and never ran',
    [...started, fact('remediation.finished'), fact('recovery.refuted')],
    'undo.requested',
  ],
  ['after it healed', healed, 'undo.requested'],
  ['twice', [...healed, fact('undo.requested')], 'the undo was asked for already and is on its way'],
  ['after it was refused', [...healed, fact('undo.requested'), fact('undo.refused')], 'undo.requested'],
  [
    'after it ran',
    [...healed, fact('undo.requested'), fact('undo.started'), fact('undo.finished')],
    'the undo was started already and never runs twice',
  ],
  [
    'where there is none',
    [...untilVerifying, fact('recovery.refuted')],
    'the approved remediation has no undo',
  ],
])('undo, asked for %s', (_, list, outcome) => {
  expect(say(list, 'undo')).toBe(outcome);
});

test('the undo of what had healed makes the incident a person’s again, and is owed once', () => {
  const asked = withFacts(incidentOf(healed), [fact('undo.requested')]);
  expect([asked.stage, undoDue(asked)]).toEqual(['ESCALATED', true]);
  const lost = incidentOf([...started, fact('remediation.lost')]);
  expect([undoDue(lost), undoDue(withFacts(lost, [fact('undo.requested')]))]).toEqual([false, true]);
  expect(undoDue(withFacts(asked, [fact('undo.refused')]))).toBe(false);
  expect(undoDue(withFacts(asked, [fact('undo.started')]))).toBe(false);
});

test('an undo is not stopped by the stop that ended its fix', () => {
  const stopped = [...started, fact('stop.requested')];
  expect(stopOf(incidentOf(stopped))).toEqual({ by: 'olga', reason: 'wrong host' });
  const undoing = incidentOf([
    ...stopped,
    fact('remediation.lost'),
    fact('undo.requested'),
    fact('undo.started'),
  ]);
  expect(stopOf(undoing)).toBeNull();
  expect(stopOf(withFacts(undoing, [fact('stop.requested')]))).not.toBeNull();
});

test('nobody begins again beside a script that runs', () => {
  expect(say([...healed, fact('undo.requested'), fact('undo.started')], 'retry')).toBe(
    'a script is running; stop it first, or wait for its end',
  );
  expect(say(healed, 'retry')).toBe('incident.retried');
});

const waiting = [
  ...untilSynthesizing,
  fact('remediation.proposed'),
  fact('remediation.rehearsed'),
  fact('remediation.judged'),
  fact('pull.opened'),
];
const pushed = [
  ...waiting,
  fact('remediation.withdrawn', { reason: 'somebody pushed' }),
  fact('remediation.proposed', { by: 'person', pushed: { by: 'unknown', head: hex('b', 40) } }),
  fact('remediation.rehearsed'),
  fact('remediation.judged'),
  fact('pull.opened', { head: hex('b', 40) }),
];

test.each<[string, readonly Fact[], string]>([
  ['while evidence is gathered', untilInvestigating, 'this attempt is not over yet'],
  [
    'while Vigil’s own proposal waits',
    waiting,
    'a proposal waits for a review; `/vigil reject` ends it, and then this begins again',
  ],
  ['once it is merged', untilMerged, 'this attempt is not over yet'],
  ['while a person’s bytes wait', pushed, 'remediation.withdrawn'],
])('retry, said %s', (_, list, outcome) => {
  expect(say(list, 'retry')).toBe(outcome);
});

test('retry puts Vigil’s own bytes in the place of a person’s, whoever that was', () => {
  const incident = incidentOf(pushed);
  const steered = steer(incident, { word: 'retry', all: false, reason: '' }, 'olga', '');
  if (!steered.ok) throw new Error(steered.reason);
  const after = withFacts(incident, [steered.fact, ...(steered.then ?? [])]);
  expect(after.latest['remediation.proposed']?.data).toEqual(ownProposal(incident));
  expect(after.latest['remediation.proposed']?.data.pushed).toBeUndefined();
  expect(after.latest['remediation.rehearsed']).toBeDefined();
});

test.each<[string, readonly Fact[], boolean, string]>([
  ['once it healed', healed, false, 'it is over, so there is nothing to hold'],
  [
    'once people took over',
    [...waiting, fact('remediation.rejected')],
    false,
    'it is over, so there is nothing to hold',
  ],
  ['for everything, wherever it is said', healed, true, 'hold.set'],
  [
    'while an undo is owed',
    [...started, fact('remediation.finished'), fact('recovery.refuted', { worse: 'home is red now' })],
    false,
    'hold.set',
  ],
  [
    'while an undo waits for a word',
    [...started, fact('remediation.finished'), fact('recovery.refuted')],
    false,
    'it is over, so there is nothing to hold',
  ],
  ['before the end', waiting, false, 'hold.set'],
])('hold, said %s', (_, list, all, outcome) => {
  const steered = steer(incidentOf(list), { word: 'hold', all, reason: '' }, 'olga', '');
  expect(steered.ok ? steered.fact.type : steered.reason).toBe(outcome);
});
