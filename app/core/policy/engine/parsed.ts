// Questions about options that were given.
// It must never look at operands: after options are known, those are judged by their kinds.
import type { Parsed } from './options.ts';
import type { Arg } from './value.ts';

/** Lists of spellings, split once each. */
const lists = new Map<string, readonly string[]>();
export function spellings(names: string): readonly string[] {
  const known = lists.get(names);
  if (known) return known;
  const list = names.split(' ');
  lists.set(names, list);
  return list;
}

/** True if one of these options (spellings separated by spaces) was given. */
export function has(parsed: Parsed, names: string): boolean {
  if (parsed.given.length === 0) return false;
  const wanted = spellings(names);
  return parsed.given.some((g) => wanted.includes(g.name));
}

/** The value of the last such option. */
export function optionValue(parsed: Parsed, names: string): Arg | null {
  if (parsed.given.length === 0) return null;
  const wanted = spellings(names);
  return parsed.given.findLast((g) => wanted.includes(g.name))?.value ?? null;
}

/** The values of every such option. */
export function allValues(parsed: Parsed, names: string): Arg[] {
  if (parsed.given.length === 0) return [];
  const wanted = spellings(names);
  return parsed.given.flatMap((g) => (wanted.includes(g.name) && g.value ? [g.value] : []));
}
