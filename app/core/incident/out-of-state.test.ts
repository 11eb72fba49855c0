// What is still out of its usual state, by the records of an incident.
import { describe, expect, test } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { effects, healed, QUIET, ran } from '../../../test/support/acts.ts';
import { fact } from '../../../test/support/incidents.ts';
import { outOfState } from './out-of-state.ts';

describe('out of its usual state is', () => {
  test('what a fix changed for good, with who approved it, since when and until when', () => {
    expect(outOfState(healed())).toEqual([
      {
        ...{ incident: 'pd-q1shop1', attempt: 1, issue: 12, service: 'PSHOP01', target: 'shop' },
        ...{ kind: 'scale', effects: ['scale deployment/orders'], since: '2026-11-03T03:00:14.000Z' },
        ...{ by: ['olga'], put_back: QUIET, undo: true, state: 'changed' },
      },
    ]);
  });

  const failed = fact('remediation.finished', { ok: false, outcome: 'failed', exit: 1 });
  test.each<[string, Incident, string[]]>([
    ['also without an end', healed({}), ['changed']],
    ['also when the fix broke off', ran({}, failed), ['half']],
    ['also when nobody saw the end', ran({}, fact('remediation.lost')), ['unknown']],
    ['also while its undo is under way', ran({}, failed, fact('undo.started')), ['undoing']],
    [
      'also when its undo failed',
      ran({}, failed, fact('undo.started'), fact('undo.finished', { ok: false, outcome: 'failed', exit: 1 })),
      ['undoing'],
    ],
    ['also when the alert came back', healed({}, fact('incident.reopened')), ['changed']],
    ['not before the fix ended', ran({}), []],
    ['not what was undone', ran({}, failed, fact('undo.started'), fact('undo.finished')), []],
    ['not what a person keeps', healed({}, fact('putback.kept')), []],
    [
      'not when nothing of it ran',
      ran({}, fact('remediation.finished', { ok: false, outcome: 'provision_failed', exit: null })),
      [],
    ],
    ['not what restores itself', healed({ judged: { effects: effects.slice(1) } }), []],
  ])('%s', (_, incident, states) => {
    expect(outOfState(incident).map(({ state }) => state)).toEqual(states);
  });
});
