// Whose words on an undo count: the runbook's for its own bytes, nobody's for looser than the default.
import { describe, expect, test } from 'vitest';
import type { Proposal } from '#core/ledger/facts';
import { judgement, proposalOf } from '../../../test/support/proposals.ts';
import { flagText, purgeText, runbookOf } from '../../../test/support/shop.ts';
import { judgeProposal } from './judgement.ts';

const saying = (when: string, because = 'orders failed while the flag was on') =>
  runbookOf(
    flagText.replace(
      'SHOP_FLAG_ON_URL]',
      `SHOP_FLAG_ON_URL]\n  undo: { when: ${when}, because: ${because} }`,
    ),
  );
const undoOf = (runbook = runbookOf(flagText), change: (own: Proposal) => Proposal = (own) => own) =>
  judgeProposal(judgement({ proposal: change(proposalOf(runbook)) }, runbook)).undo;
/** A model that adds a line of its own to the runbook's script. */
const another = (own: Proposal): Proposal => ({
  ...own,
  by: 'model',
  confidence: 90,
  files: { ...own.files, 'fix.sh': `${own.files['fix.sh']}echo done\n` },
});

describe('of the bytes of a runbook', () => {
  test('that says nothing, the effect decides: never for want of help, since it brings the flag back', () => {
    expect(undoOf()).toEqual({
      when: 'when_worse',
      because: 'the fix takes the cause away, so that its undo would bring the fault back',
      brings: 'the flag as it was while the fault was there',
      acts: 1,
    });
  });
  test.each(['on_request', 'when_worse', 'when_refuted'])('that says %s, that counts', (when) => {
    expect(undoOf(saying(when))).toMatchObject({ when, because: 'orders failed while the flag was on' });
  });
  test('without an undo, nothing is said of one', () => {
    expect(undoOf(runbookOf(purgeText))).toBeUndefined();
  });
});

describe('of anybody else’s bytes', () => {
  test('the runbook’s words loosen nothing', () => {
    expect(undoOf(saying('when_refuted'), another)).toMatchObject({
      when: 'when_worse',
      because: expect.stringContaining('takes the cause away'),
    });
  });
  test('the runbook may still make the undo wait', () => {
    expect(undoOf(saying('on_request'), another)).toMatchObject({
      when: 'on_request',
      because: 'orders failed while the flag was on',
    });
  });
});

test('lasting acts are counted by command: a second try is none, and what restores itself is none', () => {
  const acts = (lines: string[]) =>
    undoOf(runbookOf(flagText), (own) => ({
      ...own,
      by: 'model',
      confidence: 90,
      files: { ...own.files, 'fix.sh': `#!/usr/bin/env bash\nset -euo pipefail\n${lines.join('\n')}\n` },
    }))?.acts;
  const off = 'curl --fail --silent --max-time 10 -X POST "$SHOP_FLAG_OFF_URL"';
  const on = 'curl --fail --silent --max-time 10 -X POST "$SHOP_FLAG_ON_URL"';
  expect(acts([off])).toBe(1);
  expect(acts([`${off} || ${off}`])).toBe(1);
  expect(acts([off, on])).toBe(2);
});
