// Judges what became of a script by two witnesses: Coder's exit code with its status, and the wrapper's last line with our nonce.
// Both are lost now and then, and each comes without the other for a while. Must never take an absence, or text that a script
// printed, for a verdict: a false "failed" starts the undo of a good fix.
import type { ScriptOutcome } from '#core/ledger/executed';
import { type LastLine, lastLineOf } from '../last-line.ts';
import type { Row, Script } from './read.ts';

export type Exit = { code: number; status: Script['status'] };
export type Verdict =
  | {
      known: true;
      outcome: ScriptOutcome;
      exit: number | null;
      said: 'both' | 'exit code' | 'last line';
      why?: string;
    }
  | { known: false; reason: string };

/** The wrapper's and GNU timeout's own codes, which a script may use as well: alone they tell nothing. */
const OWN: readonly number[] = [97, 98, 124, 137];

/** All different last lines that carry our nonce; a script does not know it. */
export function lastLines(rows: Iterable<Row>, nonce: string): LastLine[] {
  const all = new Map<string, LastLine>();
  for (const { output } of rows) {
    const line = lastLineOf(output, nonce);
    if (line) all.set(JSON.stringify(line), line);
  }
  return [...all.values()];
}

/** What people read of it: without the last lines that are ours. */
export const linesOf = (rows: Iterable<Row>, nonce: string): string[] =>
  [...rows].map(({ output }) => output).filter((output) => lastLineOf(output, nonce) === null);

export const outputOf = (rows: Iterable<Row>, nonce: string): string =>
  linesOf(rows, nonce).join('\n').replace(/\n+$/, '');

const outcomeOf = (code: number, late = false): ScriptOutcome =>
  late ? 'timed_out' : code === 0 ? 'succeeded' : 'failed';
const unknown = (reason: string): Verdict => ({ known: false, reason });

/** Null: not yet; the other witness may still come. `waited`: nothing more will. */
export function judge(exit: Exit | null, lines: readonly LastLine[], waited: boolean): Verdict | null {
  const [line, other] = lines;
  if (other) return unknown('its last line came twice and says different things: it may have run twice');
  if (line && !line.ran) return judgeNotRun(exit, line);
  if (line && exit) return judgeBoth(exit, line);
  if (!waited) return null;
  if (line) return { known: true, outcome: outcomeOf(line.rc, line.late), exit: line.rc, said: 'last line' };
  return exit ? judgeExit(exit) : null;
}

function judgeBoth({ code, status }: Exit, { rc, late }: { rc: number; late: boolean }): Verdict {
  const both = { known: true, said: 'both' } as const;
  // A child that it left behind held its output open. Coder reports 255 then, whatever the wrapper's code was.
  if (status === 'pipes_left_open') return { ...both, outcome: outcomeOf(rc, late), exit: rc };
  if (status === 'timed_out' && rc !== 0) return { ...both, outcome: 'timed_out', exit: rc };
  if (code === rc && (status === 'ok') === (code === 0))
    return { ...both, outcome: outcomeOf(rc, late), exit: rc };
  return unknown(`Coder says exit code ${code} (${status ?? 'no status'}), and its last line says ${rc}`);
}

function judgeNotRun(exit: Exit | null, { why, before }: { why: string; before: boolean }): Verdict {
  if (before) return unknown('the workspace had run it before: it may have run twice');
  if (exit?.code === 0) return unknown('Coder says exit code 0, and its last line says that it never ran');
  return { known: true, outcome: 'refused', exit: null, said: exit ? 'both' : 'last line', why };
}

function judgeExit({ code, status }: Exit): Verdict {
  const alone = { known: true, said: 'exit code' } as const;
  if (status === 'timed_out') return { ...alone, outcome: 'timed_out', exit: code };
  if (status === 'ok' && code === 0) return { ...alone, outcome: 'succeeded', exit: 0 };
  if (status === 'exit_failure' && code > 0 && !OWN.includes(code))
    return { ...alone, outcome: outcomeOf(code), exit: code };
  const how = code < 0 ? 'was ended by a signal' : `ended with ${code} (${status ?? 'no status'})`;
  return unknown(`it ${how}, and its last line is not there`);
}
