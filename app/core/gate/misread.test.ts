import { expect, it } from 'vitest';
import { judgement } from '../../../test/support/proposals.ts';
import { judgeProposal } from './judgement.ts';
import { withTestimonies } from './misread.ts';

const judged = judgeProposal(judgement());
const reason = 'bash reads “id;” where Vigil has understood nothing';

it('a script that bash reads otherwise is refused, with that as the first reason', () => {
  const own = { ...judged, verdict: 'review' as const, lane: 'auto' as const };
  const finding = { file: 'undo.sh', line: 2, code: 'unknown-command', sentence: 'Nobody described it.' };
  const all = { 'fix.sh': { is: 'agrees' }, 'undo.sh': { is: 'disagrees', reason } } as const;
  expect(withTestimonies({ ...own, findings: [finding] }, all)).toEqual({
    ...own,
    ...{ verdict: 'refuse', risk: 'HIGH', lane: 'human' },
    findings: [
      {
        ...{ file: 'undo.sh', line: 1, code: 'misread' },
        sentence: `Vigil may have misread it, so it does not run: ${reason}.`,
      },
      finding,
    ],
  });
});

it.each([{ is: 'agrees' }, { is: 'not-plain' }, { is: 'absent', reason: 'bash is too old here' }] as const)(
  'a witness that says %j changes nothing',
  (said) => {
    expect(withTestimonies(judged, { 'fix.sh': said })).toBe(judged);
  },
);
