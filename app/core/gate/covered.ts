// What a proposal's undo leaves uncovered, as findings and as what they ask for: a person, or another proposal.
// Must never let words take the place of an undo without a person.
import type { Judged, Proposal } from '#core/ledger/facts';
import { uncovered } from '#core/policy/covers';
import type { JudgedCommand, Level } from '#core/policy/types';
import { cut } from '#core/text/cut';

/** What the undo leaves uncovered. That nothing can undo the rest is a person's to believe, and never said beside an undo. */
export function leftBy(
  { files, impossible }: Proposal,
  fix: readonly JudgedCommand[],
  undo: readonly JudgedCommand[] | null,
): { findings: Judged['findings']; levels: Level[] } {
  const excused = impossible !== undefined && files['undo.sh'] === undefined;
  // The reason that is said takes the place of the policy's own.
  const all = uncovered(fix, undo).filter(({ code }) => !excused || code === 'undo-unknown');
  const said = (file: string, line: number, code: string, sentence: string) => ({
    ...{ file, line, code, sentence: cut(sentence, 500) },
  });
  const findings = all.map(({ command, code, sentence }) => said('fix.sh', command.line, code, sentence));
  const levels = all.map(({ level }) => level);
  if (impossible === undefined) return { findings, levels };
  return excused
    ? {
        findings: [
          ...findings,
          said('remediation.yml', 1, 'irreversible', `Nothing can undo this, it says: ${impossible}`),
        ],
        levels: [...levels, 'review'],
      }
    : {
        findings: [
          ...findings,
          said(
            'undo.sh',
            1,
            'undo-and-impossible',
            'There is an undo, and it is said that nothing can undo this. Leave out one of them.',
          ),
        ],
        levels: [...levels, 'refuse'],
      };
}
