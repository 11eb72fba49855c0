// What a reviewer is told beside the verdict.
import { expect, test } from 'vitest';
import { proposalOf } from '../../../test/support/proposals.ts';
import { purgeText, runbookOf, shopService, shopSettings } from '../../../test/support/shop.ts';
import { judgeScripts } from './judged-scripts.ts';

test('a proposal that asks for sh says to its reviewers that bash runs it, and is judged as any other', () => {
  const { files, ...proposal } = proposalOf(runbookOf(purgeText));
  const asking = files['fix.sh'].replace('#!/usr/bin/env bash', '#!/bin/sh -e');
  const now = new Date('2026-11-03T03:10:00Z');
  expect(
    judgeScripts(
      { ...proposal, files: { ...files, 'fix.sh': asking } },
      shopService(),
      shopSettings(),
      now,
      [],
    ),
  ).toMatchObject({
    verdict: 'allow',
    findings: [
      { file: 'fix.sh', line: 1, sentence: expect.stringContaining('Bash runs it') },
      { file: 'fix.sh', line: 1, sentence: expect.stringContaining('Write `set -e`') },
    ],
  });
});
