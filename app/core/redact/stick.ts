// Runs a sticky pattern at one place of a text.

/** The match that begins exactly at `at`, or null; `pattern` has the flag y. */
export function stick(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
