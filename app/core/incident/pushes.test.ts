// Who pushed what is under review: told by GitHub's events alone, and by nobody when one of them is missing.
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import { fact, hex, incidentOf, untilProposed, withFacts } from '../../../test/support/incidents.ts';
import { askedAnew, committersOf, headsOf, isPullOf, lastHead, lastWithdrawal, pushersOf } from './pushes.ts';

const [A, B, C] = [hex('a', 40), hex('b', 40), hex('c', 40)];
const opened = [...untilProposed, fact('remediation.judged'), fact('pull.opened', { head: A })];
const D = hex('d', 40);
const push = (by: string, before: string, head: string): Fact => fact('pull.pushed', { by, before, head });
type Bytes = 'same' | 'back' | 'new' | 'unknown';
const withdrawn = (by: string | null, head: string, bytes: Bytes): Fact =>
  fact('remediation.withdrawn', { reason: `@${by} pushed`, push: { by, head, bytes } });
const judgedAs = (head: string, digest = hex('d')): Fact[] => [
  fact('remediation.rehearsed'),
  fact('remediation.judged', { digest }),
  fact('pull.opened', { head, digest }),
];
/** The new bytes of a person; `same`: somebody else's push left them as they were. */
const taken = (by: string, head: string, bytes: Bytes = 'new'): Fact[] => [
  withdrawn(by, head, bytes),
  fact('remediation.proposed', { by: 'person', pushed: { by, head } }),
  ...judgedAs(head, hex('e')),
];
/** Vigil's own bytes, at a commit that somebody else pushed. */
const own = (by: string, head: string, bytes: Bytes): Fact[] => [
  withdrawn(by, head, bytes),
  fact('remediation.proposed'),
  ...judgedAs(head),
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
  [
    'nobody, when a push leaves Vigil’s bytes as they are',
    [push('riley', A, B), ...own('riley', B, 'same')],
    B,
    { known: true, logins: [] },
  ],
  ['nobody, when that push was never told', own('riley', B, 'same'), B, { known: true, logins: [] }],
  [
    'nobody, when what somebody changed is taken back, by a new commit',
    [push('otto', A, B), ...taken('otto', B), push('olga', B, C), ...own('olga', C, 'back')],
    C,
    { known: true, logins: [] },
  ],
  [
    'whoever pushes over such a commit, and nobody before',
    [push('riley', A, B), ...own('riley', B, 'same'), push('otto', B, C), ...taken('otto', C)],
    C,
    { known: true, logins: ['otto'] },
  ],
  [
    'the author alone, when somebody else leaves a person’s bytes as they are',
    [push('otto', A, B), ...taken('otto', B), push('riley', B, C), ...taken('otto', C, 'same')],
    C,
    { known: true, logins: ['otto'] },
  ],
  [
    'the author, when that happens before the pull request shows their bytes',
    [
      push('otto', A, B),
      withdrawn('otto', B, 'new'),
      fact('remediation.proposed', { by: 'person', pushed: { by: 'otto', head: B } }),
      push('riley', B, C),
      ...taken('otto', C, 'same'),
    ],
    C,
    { known: true, logins: ['otto'] },
  ],
  [
    'nobody known, when the author’s push was never told and another left the bytes as they are',
    [...taken('unknown', B), push('riley', B, C), ...taken('unknown', C, 'same')],
    C,
    { known: false, reason: 'GitHub has not told who pushed bbbbbbb' },
  ],
  [
    'whoever brings back an older commit of Vigil’s, which Vigil proposes no more',
    [
      fact('remediation.withdrawn', { reason: 'the runbook changed' }),
      fact('remediation.proposed'),
      ...judgedAs(B),
      push('otto', B, A),
      ...taken('otto', A),
    ],
    A,
    { known: true, logins: ['otto'] },
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

test('people are asked anew since the newest withdrawal that was no push: what a push changed has another digest', () => {
  const withdrawal = fact('remediation.withdrawn', { reason: 'the settings changed' });
  const incident = incidentOf([...opened, withdrawal, fact('remediation.proposed'), ...taken('olga', C)]);
  expect(askedAnew(incident)).toEqual({ at: '2026-11-03T03:00:11.000Z', reason: 'the settings changed' });
  expect(lastWithdrawal(incident)?.push?.by).toBe('olga');
  expect(lastHead(incident)).toBe(C);
});

test('heads of one digest are those whose bytes and rules were the same, of this attempt', () => {
  const list = [
    ...opened,
    ...own('riley', B, 'same'),
    push('otto', B, C),
    ...taken('otto', C),
    ...own('olga', D, 'back'),
  ];
  expect([...headsOf(incidentOf(list), hex('d'))]).toEqual([A, B, D]);
  expect([...headsOf(incidentOf(list), hex('e'))]).toEqual([C]);
  const again = incidentOf([...list, fact('remediation.rejected'), fact('incident.retried')]);
  expect([...headsOf(again, hex('d'))]).toEqual([]);
});

const named = (sha: string, login: string, ...parents: string[]) => ({ sha, parents, logins: [login] });

test('commits name nobody where the bytes are Vigil’s own, and only those who wrote them where they are not', () => {
  const commits = [named(A, 'vigil[bot]', hex('0', 40)), named(B, 'otto', A), named(C, 'riley', B)];
  const updated = incidentOf([...opened, ...own('riley', C, 'same')]);
  expect(committersOf(updated, C, commits)).toEqual([]);
  const written = incidentOf([...opened, push('otto', A, B), ...taken('otto', B)]);
  expect(committersOf(written, B, commits.slice(0, 2))).toEqual(['vigil[bot]', 'otto']);
  const since = withFacts(written, [push('riley', B, C), ...taken('otto', C, 'same')]);
  expect(committersOf(since, C, commits)).toEqual(['vigil[bot]', 'otto']);
  // Without the commit that wrote them, everybody counts.
  expect(committersOf(since, C, [named(C, 'riley', D)])).toEqual(['riley']);
});
