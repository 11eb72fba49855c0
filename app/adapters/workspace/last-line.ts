// The last line of the wrapper (wrapper.sh beside this file), which carries the nonce of the run. Must never take a line that a
// script printed for it: a script does not know the nonce.
import * as z from 'zod';

/** `before`: it had begun there already, so that it may have run. Otherwise it never began, and `why` is the wrapper's reason. */
export type LastLine =
  | { ran: true; rc: number; late: boolean }
  | { ran: false; why: string; before: boolean };

const MARK = 'VIGIL_RESULT ';
const LONGEST = 1000;
/** The wrapper's own code for a script that had begun before. */
const BEFORE = 97;
const Told = z.discriminatedUnion('ran', [
  z.object({ nonce: z.string(), ran: z.literal(false), rc: z.int(), why: z.string() }),
  z.object({ nonce: z.string(), ran: z.literal(true), rc: z.int(), late: z.boolean() }),
]);

/** Null: it is not the last line of the run with this nonce. */
export function lastLineOf(line: string, nonce: string): LastLine | null {
  if (!line.startsWith(MARK) || line.length > LONGEST) return null;
  const told = Told.safeParse(parsed(line.slice(MARK.length)));
  if (!told.success || told.data.nonce !== nonce) return null;
  const { data } = told;
  return data.ran
    ? { ran: true, rc: data.rc, late: data.late }
    : { ran: false, why: data.why, before: data.rc === BEFORE };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
