// What a proposal's undo must cover, as the judgement says it. Must use the real policy.
import { describe, expect, test } from 'vitest';
import type { Proposal } from '#core/ledger/facts';
import { judgement, proposalOf } from '../../../test/support/proposals.ts';
import { flagText, purgeText, runbookOf, shopService, shopSettings } from '../../../test/support/shop.ts';
import { judgeScripts } from './judged-scripts.ts';
import { judgeProposal } from './judgement.ts';

const NOW = new Date('2026-11-03T03:10:00Z');
const flag = runbookOf(flagText);
const scriptsOf = (of: Proposal) => judgeScripts(of, shopService(), shopSettings(), NOW, []);
const codes = (judged: { findings: { code: string; file: string }[] }) =>
  judged.findings.map(({ file, code }) => `${file} ${code}`);
const script = (line: string) => `#!/usr/bin/env bash\nset -euo pipefail\n${line}\n`;

describe('scripts', () => {
  test('with an undo that only speaks of it are refused, and the sentence says what would cover it', () => {
    const files = { ...proposalOf(flag).files, 'undo.sh': script('echo switched on again') };
    const judged = scriptsOf({ ...proposalOf(flag), files });
    expect(judged.verdict).toBe('refuse');
    expect(judged.findings).toEqual([
      {
        file: 'fix.sh',
        line: 5,
        code: 'uncovered',
        sentence:
          'The undo does not put back `curl --fail --silent --max-time 10 -X POST https://admin.shop.example/flags/pricing/off`. What would: the action that sets the same flag the other way, by a command that always runs. If nothing can, say so with undo: { impossible: … }.',
      },
    ]);
  });

  test('of which it is said why nothing can undo them are put to a person, never at LOW', () => {
    const { 'undo.sh': _, ...files } = proposalOf(flag).files;
    const said = { ...proposalOf(flag), files, impossible: 'The flag is removed with the release.' };
    const judged = scriptsOf(said);
    expect(judged).toMatchObject({ verdict: 'review', risk: 'MEDIUM' });
    expect(judged.findings).toEqual([
      {
        file: 'remediation.yml',
        line: 1,
        code: 'irreversible',
        sentence: 'Nothing can undo this, it says: The flag is removed with the release.',
      },
    ]);
    const harmless = scriptsOf({
      ...proposalOf(runbookOf(purgeText)),
      impossible: 'A cache that is empty cannot be filled again.',
    });
    expect(harmless).toMatchObject({ verdict: 'review', risk: 'MEDIUM' });
  });

  test('cannot have an undo and be impossible to undo', () => {
    const judged = scriptsOf({ ...proposalOf(flag), impossible: 'There is no way back.' });
    expect(judged.verdict).toBe('refuse');
    expect(codes(judged)).toEqual(['undo.sh undo-and-impossible']);
  });

  test('of a tool that nobody described need no undo for a person’s yes, and say so', () => {
    const { 'undo.sh': _, ...files } = proposalOf(flag).files;
    const judged = scriptsOf({
      ...proposalOf(flag),
      files: { ...files, 'fix.sh': script('heal-everything --now') },
    });
    expect(judged).toMatchObject({ verdict: 'review', risk: 'HIGH' });
    expect(judged.findings.at(-1)).toEqual({
      file: 'fix.sh',
      line: 3,
      code: 'undo-unknown',
      sentence:
        'Nobody described `heal-everything --now` to the policy, so only a person can tell whether it lasts and what undoes it.',
    });
  });
});

describe('that nothing can undo it', () => {
  const { 'undo.sh': _, ...files } = proposalOf(flag).files;
  const why = 'The flag is removed with the release.';
  const text = flagText
    .replace('  risk: MEDIUM\n', `  risk: MEDIUM\n  undo: { impossible: ${why} }\n`)
    .replace(/```bash undo[\s\S]*?```\n/, '');

  test('the runbook on main says of its own bytes; then a person decides, and the auto lane never', () => {
    const runbook = runbookOf(text.replace('remediation:', 'approval: auto\nremediation:'));
    const proposal = proposalOf(runbook);
    expect(proposal.impossible).toBe(why);
    const judged = judgeProposal(judgement({ proposal }, runbook));
    expect(judged).toMatchObject({ verdict: 'review', risk: 'MEDIUM', lane: 'human' });
    expect(judged.reasons).toContain('  ✗ policy allows every command: the policy says review');
  });

  test('cannot be said in the name of a runbook that does not say it', () => {
    const own = runbookOf(purgeText);
    const judged = judgeProposal(judgement({ proposal: { ...proposalOf(own), impossible: why } }, own));
    expect(judged.verdict).toBe('refuse');
    expect(codes(judged)).toContain('remediation.yml not-the-runbook');
  });

  test('is not believed of a fix that the runbook undoes', () => {
    const judged = judgeProposal(
      judgement({ proposal: { ...proposalOf(flag), files, impossible: why } }, flag),
    );
    expect(judged.verdict).toBe('refuse');
  });
});
