// Runs shared patterns. `matchAll` makes a new pattern for each call, which costs more than the search in a short text.

/** Every match of a global pattern. Matches are never empty. */
export function hits(pattern: RegExp, text: string): RegExpExecArray[] {
  pattern.lastIndex = 0;
  let hit = pattern.exec(text);
  if (!hit) return NONE;
  const out: RegExpExecArray[] = [];
  for (; hit; hit = pattern.exec(text)) out.push(hit);
  return out;
}

const NONE: RegExpExecArray[] = [];

/** The match that begins exactly at `at`, or null; `pattern` has the flag y. */
export function stick(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
