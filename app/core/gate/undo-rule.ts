// When the undo of a proposal runs by itself, why, and what it would bring back: the runbook's words on main, else the effect's default.
// Must never let a proposal's author loosen it: words count in full only for bytes that are the runbook's own.
import { catalogue } from '#core/catalogue/catalogue';
import type { Runbook } from '#core/knowledge/runbook';
import type { Proposal } from '#core/ledger/facts';
import type { UndoRule } from '#core/ledger/undo-rule';
import { effects } from '#core/policy/effects';
import type { EffectKind, JudgedCommand } from '#core/policy/types';
import { cut } from '#core/text/cut';

const CAUSE = 'the fix takes the cause away, so that its undo would bring the fault back';
const NOT_CAUSE = 'that a fix did not help is no sign that the state before it was better';

/**
 * Null: there is no undo. `own`: the proposal is byte for byte the runbook's. For anybody else's bytes the runbook can only make the
 * undo wait.
 */
export function undoRule(
  proposal: Proposal,
  fix: readonly JudgedCommand[],
  runbook: Runbook | null,
  own: boolean,
): UndoRule | null {
  if (proposal.files['undo.sh'] === undefined) return null;
  const acts = lastingActs(fix);
  const kinds = [...new Set((acts.length > 0 ? acts : fix.filter(changes)).map(({ effect }) => effect))];
  const rest = { brings: cut(bringsBack(kinds), 500), acts: acts.length };
  const remediation = runbook?.remediation;
  const words = remediation?.undoing && 'when' in remediation.undoing ? remediation.undoing : null;
  if (words && (own || words.when === 'on_request'))
    return { when: words.when, because: words.because, ...rest };
  const named = own ? catalogue.find(({ id }) => id === remediation?.named?.catalogue) : undefined;
  const usual = kinds.some((kind) => effects[kind].takesCause) ? CAUSE : NOT_CAUSE;
  return { when: 'when_worse', because: named?.undoing ?? usual, ...rest };
}

const changes = ({ effect }: JudgedCommand): boolean => effect !== 'read';

/** What the fix changes for good, command by command. The same command twice is a second try of one act. */
function lastingActs(fix: readonly JudgedCommand[]): JudgedCommand[] {
  const lasting = fix.filter((command) => changes(command) && !command.selfRestoring);
  return [...new Map(lasting.map((command) => [JSON.stringify(command.argv), command])).values()];
}

/** In words, to follow "it would bring back". */
function bringsBack(kinds: readonly EffectKind[]): string {
  const all = kinds.map((kind) => effects[kind].brings);
  return all.length === 0 ? 'nothing that is known' : all.join(', and ');
}
