// Who pushed what is under review: told by GitHub's events alone, and by nobody when one of them is missing.
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import { fact, hex, incidentOf, untilProposed } from '../../../test/support/incidents.ts';
import { askedAnew, isPullOf, lastHead, pushersOf } from './pushes.ts';

const [A, B, C] = [hex('a', 40), hex('b', 40), hex('c', 40)];
const opened = [...untilProposed, fact('remediation.judged'), fact('pull.opened', { head: A })];
const push = (by: string, before: string, head: string): Fact => fact('pull.pushed', { by, before, head });
const taken = (by: string, head: string): Fact[] => [
  fact('remediation.withdrawn', { reason: `@${by} pushed` }),
  fact('remediation.proposed', { by: 'person', pushed: { by, head } }),
  fact('remediation.rehearsed'),
  fact('remediation.judged'),
  fact('pull.opened', { head }),
];

test.each<[string, Fact[], string, object]>([
  ['nobody but Vigil itself', [], A, { known: true, logins: [] }],
  [
    'the person GitHub names',
    [push('otto', A, B), ...taken('otto', B)],
    B,
    { known: true, logins: ['otto'] },
  ],
  [
    'everybody on the way to the head',
    [push('otto', A, B), ...taken('otto', B), push('olga', B, C), ...taken('olga', C)],
    C,
    { known: true, logins: ['olga', 'otto'] },
  ],
  [
    'nobody known, when the event of the head is missing',
    taken('unknown', B),
    B,
    { known: false, reason: 'GitHub has not told who pushed bbbbbbb' },
  ],
  [
    'nobody known, when an event on the way is missing',
    [push('olga', B, C), ...taken('olga', C)],
    C,
    { known: false, reason: 'GitHub has not told who pushed bbbbbbb' },
  ],
  [
    'nobody known, when events go in a circle',
    [push('otto', C, B), push('otto', B, C)],
    C,
    { known: false, reason: 'GitHub has not told who pushed ccccccc' },
  ],
  [
    'each of two who pushed the same commit',
    [push('mallory', A, B), push('otto', A, B), ...taken('otto', B)],
    B,
    { known: true, logins: ['mallory', 'otto'] },
  ],
  [
    'nobody known, when one of two ways to the head is missing',
    [push('otto', A, C), push('olga', B, C)],
    C,
    { known: false, reason: 'GitHub has not told who pushed bbbbbbb' },
  ],
  [
    'nobody, once the branch is back at Vigil’s own commit',
    [push('otto', A, B), push('otto', B, A)],
    A,
    { known: true, logins: [] },
  ],
])('the pusher is %s', (_, list, head, expected) => {
  expect(pushersOf(incidentOf([...opened, ...list]), head)).toEqual(expected);
});

test('what an earlier attempt was pushed does not count in the next one', () => {
  const retried = incidentOf([
    ...opened,
    push('otto', A, B),
    fact('remediation.rejected'),
    fact('incident.retried'),
  ]);
  expect(pushersOf(retried, A)).toMatchObject({ known: false });
  expect([askedAnew(retried), lastHead(retried), isPullOf(retried, 13)]).toEqual([null, null, true]);
});

test('people are asked anew since the newest withdrawal', () => {
  const incident = incidentOf([...opened, ...taken('otto', B), ...taken('olga', C)]);
  expect(askedAnew(incident)).toEqual({ at: '2026-11-03T03:00:16.000Z', reason: '@olga pushed' });
  expect(lastHead(incident)).toBe(C);
});
