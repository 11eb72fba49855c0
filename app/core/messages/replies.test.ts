// What people are answered on the issue.
import { expect, test } from 'vitest';
import { incidentOf, untilMerged } from '../../../test/support/incidents.ts';
import { howToApprove } from './replies.ts';

test('asked where to approve, Vigil links the confirm page, or the pull request where there is none', () => {
  const waiting = incidentOf(untilMerged.slice(0, -2));
  expect(howToApprove(waiting, 'https://vigil.acme.example/confirm/pd-q1shop1?head=a&digest=d')).toBe(
    '[Read and approve it here](https://vigil.acme.example/confirm/pd-q1shop1?head=a&amp;digest=d), signed in with GitHub, or review #13 yourself; that review is the approval of exactly these bytes.',
  );
  expect(howToApprove(waiting)).toMatch(/^Approve #13 with a review of its newest commit/);
});
