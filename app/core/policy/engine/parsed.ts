// Questions about options that were given.
// It must never look at operands: after options are known, those are judged by their kinds.
import type { Parsed } from './options.ts';
import type { Arg } from './value.ts';

/** True if one of these options (spellings separated by spaces) was given. */
export function has(parsed: Parsed, names: string): boolean {
  const wanted = names.split(' ');
  return parsed.given.some((g) => wanted.includes(g.name));
}

/** The value of the last such option. */
export function optionValue(parsed: Parsed, names: string): Arg | null {
  const wanted = names.split(' ');
  return parsed.given.findLast((g) => wanted.includes(g.name))?.value ?? null;
}

/** The values of every such option. */
export function allValues(parsed: Parsed, names: string): Arg[] {
  const wanted = names.split(' ');
  return parsed.given.flatMap((g) => (wanted.includes(g.name) && g.value ? [g.value] : []));
}
