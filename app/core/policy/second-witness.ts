// The second witness: bash's own reading of a script beside Vigil's. Vigil prints the tree that it judged, and bash prints what it reads
// in the script and in that print. Where the two differ, Vigil's parser has misread. It must never take a silent witness for one that
// agrees.
import { shorten } from '../text/cut.ts';
import { limits, preliminary } from './limits.ts';
import { print as printTree } from './plain/print.ts';
import { readScript } from './plain/read.ts';

/** The tree that was judged, as text. `not-plain`: there is none, since the script is in no form that can be judged whole. */
export type Printed = { is: 'plain'; text: string } | { is: 'not-plain' };
export type Print = (script: string) => Printed;

/** The tree as the policy read it. What is not plain is for a person, who sees the script itself. */
export const print: Print = (script) => {
  if (preliminary(script)) return { is: 'not-plain' };
  const { body, problems, commands, words } = readScript(script);
  // What is over the limits was not read to its end.
  const whole = problems.length === 0 && commands <= limits.commands && words <= limits.words;
  return whole ? { is: 'plain', text: printTree(body) } : { is: 'not-plain' };
};

/** `bash --pretty-print` of a text. `absent`: there is no bash that can; the reason names the cure. */
export type Reading = { is: 'read'; text: string } | { is: 'unreadable' | 'absent'; reason: string };

/** `disagrees` comes with why, to stand behind a file's name: “fix.sh: bash reads …”. */
export type Testimony = { is: 'agrees' | 'not-plain' } | { is: 'absent' | 'disagrees'; reason: string };

const SHOWN = 120;

/** Where two prints of bash differ first; null: nowhere. Lines count from 1, and empty ones around the whole do not count. */
export function firstDifference(
  ofScript: string,
  ofPrint: string,
): { line: number; script: string; print: string } | null {
  const lines = (text: string): string[] => text.replace(/^\n+|\n+$/g, '').split('\n');
  const [scripts, prints] = [lines(ofScript), lines(ofPrint)];
  for (let at = 0; at < Math.max(scripts.length, prints.length); at++) {
    const [script = '', print = ''] = [scripts[at], prints[at]];
    if (scripts[at] !== prints[at]) return { line: at + 1, script, print };
  }
  return null;
}

/** What the witness says, by bash's readings of the script and of Vigil's print of it. */
export function testimony(ofScript: Reading, ofPrint: Reading): Testimony {
  for (const { is, reason } of [ofScript, ofPrint].flatMap((one) => (one.is === 'read' ? [] : [one]))) {
    if (is === 'absent') return { is, reason };
    return { is: 'disagrees', reason: `bash cannot read it: ${shorten(reason, 2 * SHOWN)}` };
  }
  if (ofScript.is !== 'read' || ofPrint.is !== 'read') return { is: 'absent', reason: 'bash said nothing' };
  const other = firstDifference(ofScript.text, ofPrint.text);
  if (other === null) return { is: 'agrees' };
  const quoted = (text: string): string => (text === '' ? 'nothing' : `“${shorten(text.trim(), SHOWN)}”`);
  return {
    is: 'disagrees',
    reason: `bash reads ${quoted(other.script)} where Vigil has understood ${quoted(other.print)} (line ${other.line} of bash’s print)`,
  };
}
