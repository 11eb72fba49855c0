// What a script may not be, before it is parsed at all: too long, too deep, or written to be misread.
// It must never weaken a limit for a script that is otherwise fine: over a limit means refused.
import { type Issue, refusal } from './engine/run.ts';
import type { Note } from './types.ts';

export const limits = {
  bytes: 16_384,
  lines: 200,
  line: 4_000,
  commands: 64,
  words: 1_000,
  depth: 24,
  substitutions: 300,
};

export type Reject = Issue & { offset: number };

/** Characters that are not seen, or that make text look different from what it is. */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u061c\u115f\u1160\u1680\u17b4\u17b5\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0\ufff0-\uffff]|\p{Cf}|\p{Co}|\p{Cs}|\p{Variation_Selector}/u;

/** Where a redactor has taken something out; the script is no longer what its author wrote. */
const placeholder = /\[(REDACTED|MASKED|[A-Z]{2,}(_[A-Z]+)*_\d+)(:[^\]]*)?\]|<redacted>|\*{6,}/i;

/** Whoever is named here, the wrapper starts bash, with no options. */
const shebang =
  /^#![ \t]*(?:\/usr)?(?:\/local)?\/bin\/(?:env (?:-S )?)?(bash|sh)(?:[ \t]+(-[eux]*(?:o pipefail)?))?[ \t]*$/;

/** The first reason not to look any further. */
export function preliminary(script: string): Reject | null {
  const at = (offset: number, code: string, sentence: string): Reject => ({
    ...refusal(code, sentence),
    offset,
  });
  if (script.length > limits.bytes || new TextEncoder().encode(script).length > limits.bytes) {
    return at(0, 'too-long', 'The script is longer than 16 kB; nobody can review that in an incident.');
  }
  const odd = hidden.exec(script);
  if (odd) return at(odd.index, 'hidden-character', 'A character that cannot be seen stands here.');
  const removed = placeholder.exec(script);
  if (removed)
    return at(removed.index, 'placeholder', 'Something was taken out of this script before it came here.');
  const lines = script.split('\n');
  if (lines.length - (script.endsWith('\n') ? 1 : 0) > limits.lines)
    return at(0, 'too-long', 'The script has more than 200 lines.');
  if (lines.some((line) => line.length > limits.line))
    return at(0, 'too-long', 'A line has more than 4,000 characters.');
  if (script.startsWith('#!') && !shebang.test(lines[0] ?? ''))
    return at(
      0,
      'shebang',
      'The script asks for another interpreter than bash or sh. Write it for bash, and begin it with `#!/usr/bin/env bash`.',
    );
  return depth(script, at);
}

/** What the first line asks for and does not get. It changes no verdict: what is judged is what bash will do. */
export function shebangNotes(script: string): Note[] {
  const [, interpreter, options] = shebang.exec(script.split('\n', 1)[0] ?? '') ?? [];
  const note = (sentence: string): Note => ({ line: 1, code: 'shebang', sentence });
  return [
    ...(interpreter === 'sh'
      ? [note('The script asks for sh. Bash runs it, and it is judged as bash reads it.')]
      : []),
    ...(options === undefined
      ? []
      : [note(`Options in the first line do not count. Write \`set ${options}\` as the next line.`)]),
  ];
}

/** Nesting, counted without regard to quotes: the parser's own work grows with it. */
function depth(
  script: string,
  at: (offset: number, code: string, sentence: string) => Reject,
): Reject | null {
  let round = 0;
  let curly = 0;
  let substitutions = 0;
  for (let i = 0; i < script.length; i++) {
    switch (script.charCodeAt(i)) {
      case 0x28: // (
        round++;
        break;
      case 0x29: // )
        if (round > 0) round--;
        break;
      case 0x7b: // {
        curly++;
        break;
      case 0x7d: // }
        if (curly > 0) curly--;
        break;
      case 0x60: // `
        substitutions++;
        break;
      case 0x24: // $
        if (/[({[]/.test(script[i + 1] ?? '')) substitutions++;
        break;
      default:
        continue;
    }
    if (round > limits.depth || curly > limits.depth || substitutions > limits.substitutions) {
      return at(i, 'too-deep', 'Brackets or substitutions are nested or repeated beyond what can be read.');
    }
  }
  return null;
}
