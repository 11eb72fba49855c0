// What became of a script, from what was seen: bubblewrap's exit code and the wrapper's last line. Two witnesses that contradict
// each other, or a wrapper that did not come to its last line, are no outcome. It must never guess.

import type { LastLine } from '../last-line.ts';
import type { Ran } from '../port.ts';

export type Seen = {
  /** Null: bubblewrap itself was killed. */
  exit: number | null;
  last: LastLine | null;
  /** Bubblewrap said that the walls stand and bash began. */
  begun: boolean;
  /** It was ended here, because it did not end at its time-out. */
  late: boolean;
  ms: number;
  output: string;
};

export function outcomeOf({ exit, last, begun, late, ms, output }: Seen): Ran {
  const place = { known: true, exit: null, output, ms, said: 'place', made: true } as const;
  if (last?.ran === false && last.before) return { known: false, reason: last.why, output };
  if (last?.ran === false) return { ...place, outcome: 'refused', output: last.why, said: 'last line' };
  if (!begun && last === null && exit !== null) return { ...place, outcome: 'provision_failed' };
  if (late) return { ...place, outcome: 'timed_out' };
  // Nothing is lost on the way from a workspace of this machine: without its last line, the wrapper was ended in the middle, and
  // its exit code is not the script's.
  if (last === null)
    return {
      known: false,
      reason:
        exit === null
          ? 'the workspace was ended from outside while the script was at work'
          : `the wrapper ended with ${exit} and without its last line`,
      output,
    };
  if (exit !== null && exit !== last.rc)
    return {
      known: false,
      reason: `the exit code was ${exit}, the wrapper’s last line says ${last.rc}`,
      output,
    };
  const said = exit === null ? 'last line' : 'both';
  const outcome = last.late ? 'timed_out' : last.rc === 0 ? 'succeeded' : 'failed';
  return { known: true, outcome, exit: last.rc, output, ms, said, made: true };
}
