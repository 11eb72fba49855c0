// What people are told of an undo: before they approve, when it runs by itself; afterwards, why it did not and what it would bring back.
// Must never call an undo harmless, for it brings back a state in which the fault was there; nor say that something restores itself when
// it lasts.
import { leftToUndo } from '#core/incident/running';
import type { Judged, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';

/** When it runs, why, and what it would bring back: parts of sentences, since the last two may be the runbook's words. */
export type UndoWords = { when: string; because: string; brings: string };

/** Of a judged proposal. Null: there is no undo, or its judgement is from before this was said. */
export function undoWords({ undo }: Pick<Judged, 'undo'>): UndoWords | null {
  if (!undo) return null;
  const [because, brings] = [clause(undo.because), clause(undo.brings)];
  const halfWay = undo.acts > 1 ? ', or the fix broke off half-way' : '';
  const when = {
    on_request: 'runs only when a person asks for it',
    when_worse: `runs by itself only when something got worse than before the fix${halfWay}`,
    when_refuted: 'runs by itself when the fix did not help, or something got worse',
  }[undo.when];
  return { when, because, brings };
}

/** Why there is none, where there is none: `none: …` or `impossible: …`, as plain text that was not escaped. */
export function noUndo({ impossible }: Proposal, { effects }: Judged): string {
  if (impossible !== undefined) return `impossible: ${impossible}`;
  return effects.some(({ kind, selfRestoring }) => kind !== 'read' && !selfRestoring)
    ? 'none: what it changes stays so until somebody changes it.'
    : 'none: every effect restores itself.';
}

/** Words that a sentence goes on with. */
const clause = (text: string): string => text.replace(/[.\s]+$/, '');

/** Why nothing was undone, and what the undo would bring back where that is known. */
export type LeftAsItIs = { why: string; brings: string | null };

/** Of an incident that a person has to take, whose fix ran and whose undo waits for a word. Null: nothing waits. */
export function leftAsItIs(incident: Incident): LeftAsItIs | null {
  if (!leftToUndo(incident)) return null;
  const rule = latestOf(incident, 'remediation.judged')?.undo;
  return { why: whyLeft(incident, rule), brings: rule ? clause(rule.brings) : null };
}

function whyLeft(incident: Incident, rule: Judged['undo']): string {
  const because = rule
    ? clause(rule.because)
    : 'that a fix did not help is no sign that the state before it was better';
  const refused = latestOf(incident, 'undo.refused');
  if (refused) return 'the undo could not begin';
  if (latestOf(incident, 'remediation.lost')) return 'it is not known what the fix did';
  if (latestOf(incident, 'recovery.confirmed')) return because;
  const finished = latestOf(incident, 'remediation.finished');
  if (finished && !finished.ok)
    return rule?.when === 'on_request'
      ? `the undo runs only on request, because ${because}`
      : `a fix with ${rule?.acts === 1 ? 'one lasting act' : 'no second lasting act'} leaves nothing half done, and ${because}`;
  if (!latestOf(incident, 'recovery.refuted')) return 'nobody could see whether anything got worse';
  if (rule?.when === 'on_request') return `the undo runs only on request, because ${because}`;
  return `nothing got worse than it was before the fix, and ${because}`;
}

/** In plain words, for what knows no markup. */
export function leftInWords({ why, brings }: LeftAsItIs): string {
  return `Nothing was undone: ${why}. ${HOW_TO_UNDO}${bringsIn(brings)}`;
}

export const HOW_TO_UNDO = 'A comment /vigil undo on the issue runs the approved undo';
export const bringsIn = (brings: string | null): string =>
  brings === null ? '.' : `; it would bring back ${brings}.`;
