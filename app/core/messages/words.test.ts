// How an incident ended, in the sentence that every channel shows.
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import {
  fact,
  incidentOf,
  untilMerged,
  untilSynthesizing,
  untilVerifying,
} from '../../../test/support/incidents.ts';
import { clock, ending, seconds } from './words.ts';

const started = [...untilMerged, fact('remediation.started')];
const failed = fact('remediation.finished', { ok: false, outcome: 'timed_out', exit: null });
const undo = (ok: boolean): Fact[] => [fact('undo.started'), fact('undo.finished', { ok })];

describe('the ending', () => {
  test.each<[string, readonly Fact[]]>([
    [
      'The fix ran and the service works again: health was green 10 of 10 times.',
      [...untilVerifying, fact('recovery.confirmed')],
    ],
    [
      'The fix ran and did not help: health was red 4 of 10 times.',
      [...untilVerifying, fact('recovery.refuted')],
    ],
    [
      'The fix ran, but Vigil could not see whether it helped: the browser was lost.',
      [...untilVerifying, fact('recovery.inconclusive')],
    ],
    ['The script did not succeed: timed_out, exit code unknown.', [...started, failed]],
    [
      'Nothing ran: the workspace was refused (Coder did not create the workspace: 403).',
      [
        ...started,
        fact('remediation.finished', {
          ...{ ok: false, outcome: 'refused', exit: null },
          output: 'Coder did not create the workspace: 403\nmore',
        }),
      ],
    ],
    [
      'Nothing ran: the workspace did not come to be.',
      [...started, fact('remediation.finished', { ok: false, outcome: 'provision_failed', output: '' })],
    ],
    [
      'The script did not succeed: timed_out, exit code unknown. The undo ran.',
      [...started, failed, ...undo(true)],
    ],
    [
      'The script did not succeed: timed_out, exit code unknown. The undo failed too.',
      [...started, failed, ...undo(false)],
    ],
    [
      'It is not known what the script did: the workspace vanished. Nothing more runs until a person says so.',
      [...started, fact('remediation.lost')],
    ],
    ['@olga rejected the remediation: not now', [...untilSynthesizing, fact('remediation.rejected')]],
    [
      'Nothing was broken when Vigil looked: health was green 3 of 3 times. The alert is cleared.',
      [...untilSynthesizing, fact('symptom.absent')],
    ],
    ['The service recovered on its own before anything ran.', [...untilSynthesizing, fact('alert.cleared')]],
    [
      'The policy refuses the proposed script. fix.sh line 3: it deletes',
      [
        ...untilSynthesizing,
        fact('incident.escalated', { code: 'policy', reason: 'fix.sh line 3: it deletes' }),
      ],
    ],
    [
      'Vigil gave up. so it is',
      [...untilSynthesizing, fact('incident.escalated', { code: 'constructor', reason: 'so it is' })],
    ],
  ])('reads: %s', (sentence, facts) => {
    expect(ending(incidentOf(facts))).toBe(sentence);
  });
});

test('time is told as people tell it', () => {
  expect([seconds(0), seconds(1499), seconds(9999), seconds(61_500)]).toEqual([
    '0.0 s',
    '1.5 s',
    '10.0 s',
    '62 s',
  ]);
  expect(clock('2026-11-03T03:00:15.250Z')).toBe('03:00:15 UTC');
});
