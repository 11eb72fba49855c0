// Objections, and reviews that count for nothing: one rule for who is heard, and a reason for everybody else.
import { expect, test } from 'vitest';
import { fact, hex, incidentOf, untilProposed, withFacts } from '../../../test/support/incidents.ts';
import { discounted, discountedFact } from './discounted.ts';
import { meansApproval, objections, type Review, type Reviewed, withoutEffect } from './reviews.ts';

const HEAD = hex('a', 40);
const review = (login: string, change: Partial<Review> = {}): Review => ({
  ...{ login, state: 'APPROVED', commit: HEAD, permission: 'write', bot: false },
  submittedAt: '2026-11-03T03:10:00Z',
  ...change,
});
const changes = (login: string, more: Partial<Review> = {}) =>
  review(login, { state: 'CHANGES_REQUESTED', ...more });
const reviewed = (reviews: Review[], more: Partial<Reviewed> = {}): Reviewed => ({
  pull: { head: HEAD, author: 'vigil[bot]', committers: ['vigil[bot]'] },
  ...{ reviews, heads: new Set<string>(), pushers: { known: true, logins: ['otto'] }, asked: null },
  ...{ hours: 4, now: new Date('2026-11-03T03:30:00Z') },
  ...more,
});

test.each<[string, Review[], string[]]>([
  ['a person with write access', [changes('olga')], ['olga']],
  ['nobody, once the same person approves', [changes('olga'), review('olga')], []],
  ['nobody, once it was dismissed', [changes('olga', { state: 'DISMISSED' })], []],
  [
    'the person still, who only comments after',
    [changes('olga'), review('olga', { state: 'COMMENTED' })],
    ['olga'],
  ],
  ['the other one, when somebody else approves', [changes('olga'), review('sam')], ['olga']],
  ['no reader', [changes('robin', { permission: 'read' })], []],
  ['nobody who left, or was suspended', [changes('gone', { permission: 'none' })], []],
  ['no bot, whatever it may', [changes('helper[bot]', { bot: true, permission: 'admin' })], []],
  ['no ghost', [changes('', { permission: 'none' })], []],
])('%s objects', (_, reviews, expected) => {
  expect(objections(reviews).map(({ login }) => login)).toEqual(expected);
});

test.each<[string, Reviewed, { by: string; reason: string }[]]>([
  ['nobody whose review counts', reviewed([review('olga')]), []],
  ['nobody who objects', reviewed([changes('olga')]), []],
  [
    'nobody who only comments',
    reviewed([review('olga', { state: 'COMMENTED', body: 'Why five seconds?' })]),
    [],
  ],
  ['no bot that comments', reviewed([review('b[bot]', { state: 'COMMENTED', bot: true, body: 'LGTM' })]), []],
  ['no ghost', reviewed([review('', { permission: 'none' })]), []],
  [
    'a reader who approves',
    reviewed([review('robin', { permission: 'read' })]),
    [{ by: 'robin', reason: '@robin has permission read' }],
  ],
  [
    'who approved an older commit',
    reviewed([review('olga', { commit: hex('b', 40) })]),
    [{ by: 'olga', reason: 'it is a review of bbbbbbb, the head is aaaaaaa' }],
  ],
  [
    'who says so in a comment',
    reviewed([review('sam', { state: 'COMMENTED', body: 'LGTM!' })]),
    [{ by: 'sam', reason: 'a review that comments does not approve' }],
  ],
  [
    'nobody who approves and says so',
    reviewed([review('sam', { state: 'COMMENTED', body: 'LGTM' }), review('sam')]),
    [],
  ],
  ['a bot', reviewed([review('b[bot]', { bot: true })]), [{ by: 'b[bot]', reason: '@b[bot] is a bot' }]],
  ['the author', reviewed([review('otto')]), [{ by: 'otto', reason: '@otto wrote or pushed this proposal' }]],
  [
    'a reader who asks for changes',
    reviewed([changes('robin', { permission: 'read' })]),
    [{ by: 'robin', reason: 'the review says CHANGES_REQUESTED; @robin has permission read' }],
  ],
  [
    'everybody, while it is not known who pushed',
    reviewed([review('olga')], {
      pushers: { known: false, reason: 'GitHub has not told who pushed aaaaaaa' },
    }),
    [{ by: 'olga', reason: 'GitHub has not told who pushed aaaaaaa' }],
  ],
])('a review without effect is that of %s', (_, input, expected) => {
  expect(withoutEffect(input)).toEqual(expected);
});

test('each is told once for a head, whatever the case of their name, and again for another head', () => {
  const open = incidentOf([...untilProposed, fact('remediation.judged'), fact('pull.opened')]);
  const [first] = discounted(open, reviewed([review('Robin', { permission: 'read' })]));
  expect(first).toMatchObject({ type: 'review.discounted', data: { by: 'Robin', head: HEAD } });
  const told = first ? withFacts(open, [first]) : open;
  expect(discounted(told, reviewed([review('robin', { permission: 'none' })]))).toEqual([]);
  expect(discountedFact(told, HEAD, 'robin', 'a comment')).toEqual([]);
  expect(discountedFact(told, hex('b', 40), 'robin', 'a comment')).toHaveLength(1);
});

test('a crowd fills no ledger', () => {
  const crowd = Array.from({ length: 20 }, (_, index) => fact('review.discounted', { by: `x${index}` }));
  const open = incidentOf([...untilProposed, fact('remediation.judged'), fact('pull.opened'), ...crowd]);
  expect(discountedFact(open, HEAD, 'robin', 'a comment')).toEqual([]);
});

test.each([['LGTM'], ['lgtm 👍'], ['Approved.'], ['looks good to me!'], [':+1:'], ['Ship it']])(
  '%s means to approve',
  (words) => expect(meansApproval(words)).toBe(true),
);
test.each([['LGTM but why five seconds?'], ['not approved'], [''], ['> LGTM']])('%j does not', (words) =>
  expect(meansApproval(words)).toBe(false),
);
