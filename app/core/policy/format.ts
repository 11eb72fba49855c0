// Puts quotes where they are missing and change nothing: around what is certain to be one word without blanks and patterns. Every other
// character of the script stays. Must never guess: what is not certain stays as it is, and the verdict says what to write.
import { expandOne, picks } from './engine/expand.ts';
import type { Run } from './engine/run.ts';
import { literal, shapeOf, type Value } from './engine/value.ts';
import { startOf } from './judge.ts';
import { preliminary } from './limits.ts';
import { inside, type Node, type Part, type Word } from './plain/tree.ts';
import type { PolicyContext } from './types.ts';

/** The script with quotes added, and how many. */
export function format(script: string, context: PolicyContext): { text: string; added: number } {
  if (preliminary(script)) return { text: script, added: 0 };
  const { run, body } = startOf(script, context);
  const spots: { pos: number; end: number }[] = [];
  // With another IFS, what has no blank is split too.
  if (run.facts.given.has('IFS')) return { text: script, added: 0 };
  each(body, (word) => {
    // `$x{1,2}` reads $x1 and $x2; what else bash makes of such a word is not known here either.
    if (word.parts.some((part) => part.is === 'strange')) return;
    for (const part of word.parts) {
      const spot = spotOf(part);
      if (spot && script.slice(spot.pos, spot.end) === part.raw && certain(word, part, run)) spots.push(spot);
    }
  });
  const text = spots
    .toSorted((a, b) => b.pos - a.pos)
    .reduce((all, { pos, end }) => `${all.slice(0, pos)}"${all.slice(pos, end)}"${all.slice(end)}`, script);
  return { text, added: spots.length };
}

function spotOf(part: Part): { pos: number; end: number } | null {
  if (part.quote !== '') return null;
  if (part.is === 'sum') return { pos: part.sum.pos, end: part.sum.end };
  return part.is === 'value' ? { pos: part.pos, end: part.pos + part.raw.length } : null;
}

/** True if it is one word without blanks and patterns, whichever of its values it has. */
function certain(word: Word, part: Part, run: Run): boolean {
  const alone = { ...word, parts: [part] };
  return picks([alone], run).every((pick) => isOneWord(expandOne(alone, run, pick), part));
}

function isOneWord(value: Value, part: Part): boolean {
  const text = literal(value);
  if (text !== null) return /^[\w.:/@%+=,-]+$/.test(text);
  // The files that a search finds are paths too, and may be several.
  const [first] = value;
  const made = typeof first === 'object' && /^\$\(mktemp\b/.test(first.shown);
  return shapeOf(value) === 'number' || (part.is === 'value' && made && shapeOf(value) === 'path');
}

/** Every word that bash splits, in every place. */
function each(nodes: readonly Node[], visit: (word: Word) => void): void {
  const words = (list: readonly Word[]): void => {
    for (const word of list) {
      visit(word);
      substitutions(word);
    }
  };
  const substitutions = (word: Word): void => {
    for (const part of word.parts) if (part.is === 'output') each(part.body, visit);
  };
  for (const node of nodes) {
    if (node.is === 'command') {
      words(node.words);
      words(node.redirects.map((redirect) => redirect.target));
    } else if (node.is === 'for') words(node.words ?? []);
    else if (node.is === 'assign')
      for (const { value } of node.sets) {
        if (Array.isArray(value)) words(value);
        else if (value) substitutions(value);
      }
    each(inside(node), visit);
  }
}
