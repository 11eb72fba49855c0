// What a runbook says its fault costs people: the words of its section Impact, on one line.
// Must never be taken for Vigil's own words, nor for markup: whoever shows it escapes it.
import { cut, shorten } from '#core/text/cut';
import { visible } from '#core/text/untrusted';
import { sections } from './from-runbook.ts';

/** So much is shown in the first lines, in characters. A runbook has room for the rest. */
const MOST_IMPACT = 300;
/** So much of a section is read at all. */
const MOST_READ = 4000;

/** The first section of that name, without its code and without marks of lists and quotes. Null: there is none, or it says nothing. */
export function impactOf(body: string): string | null {
  const found = sections(body).find(({ heading }) => /^[*_\s]*impact\b/i.test(heading));
  if (!found) return null;
  const lines = visible(cut(found.text, MOST_READ)).split('\n');
  const words = lines.map((line) => line.replace(/^\s*(?:[-*+>]|\d{1,3}[.)])\s+/, '')).join(' ');
  const line = words
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line === '' ? null : shorten(line, MOST_IMPACT);
}
