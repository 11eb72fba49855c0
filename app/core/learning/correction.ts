// What a reviewer changed in a proposal before it ran. There is no more honest feedback.
// Must never call a change that Vigil itself made a correction.

import type { Fact, Proposal } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { cut } from '#core/text/cut';

type Correction = { by: string; text: string };

const MAX_CHARS = 2000;

/** The lines that a person removed from the proposal before theirs, and those they added. Null: nobody changed anything. */
export function correctionOf(incident: Incident): Correction | null {
  const proposals = incident.records.flatMap((record) =>
    record.attempt === incident.attempt && isProposal(record) ? [record.data] : [],
  );
  const last = proposals.at(-1);
  const before = proposals.findLast(({ by }) => by !== 'person');
  if (last?.by !== 'person' || !last.pushed || !before) return null;
  const text = (['fix.sh', 'undo.sh'] as const)
    .flatMap((name) => changes(name, before.files[name] ?? '', last.files[name] ?? ''))
    .join('\n');
  return text === '' ? null : { by: last.pushed.by, text: cut(text, MAX_CHARS) };
}

function isProposal(fact: Fact): fact is { type: 'remediation.proposed'; data: Proposal } {
  return fact.type === 'remediation.proposed';
}

function changes(name: string, before: string, after: string): string[] {
  const [old, now] = [before.trimEnd().split('\n'), after.trimEnd().split('\n')];
  const out = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const into = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return out.length + into.length > 0 ? [name, ...out, ...into] : [];
}
