// Scripts of one folder that were named together: whether undo.sh covers what fix.sh leaves. Must never make a verdict milder.
import { basename, dirname } from 'node:path';
import { uncovered } from '#core/policy/covers';
import { higher } from '#core/policy/effects';
import type { ScriptKind, Verdict } from '#core/policy/types';

type Judged = { file: string; kind: ScriptKind; verdict: Verdict };

/** The same scripts in the same order; a fix whose undo is among them also has what that leaves uncovered. */
export function withUndo<T extends Judged>(all: readonly T[]): T[] {
  return all.map((one) => {
    const undo = all.find((other) => other.kind === 'undo' && besides(other.file, one.file));
    return one.kind === 'fix' && undo ? { ...one, verdict: together(one.verdict, undo.verdict) } : one;
  });
}

const besides = (undo: string, fix: string): boolean =>
  basename(undo) === 'undo.sh' && basename(fix) === 'fix.sh' && dirname(undo) === dirname(fix);

function together(fix: Verdict, undo: Verdict): Verdict {
  const left = uncovered(fix.commands, undo.commands);
  if (left.length === 0) return fix;
  const findings = left.map(({ command, level, code, sentence }) => ({
    ...{ line: command.line, column: command.column, command: command.argv.join(' ') },
    ...{ level, code, sentence },
  }));
  const refused = fix.verdict === 'refuse' || left.some(({ level }) => level === 'refuse');
  return {
    ...fix,
    verdict: refused ? 'refuse' : 'review',
    risk: higher(fix.risk, refused ? 'HIGH' : 'MEDIUM'),
    findings: [...fix.findings, ...findings].toSorted((a, b) => a.line - b.line || a.column - b.column),
  };
}
