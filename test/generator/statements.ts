// Statements of generated scripts: everything that bash can do, in and out of the plain form, and the tools that take harm from data.
// It must never leave a kind of statement out because the policy is known to refuse it.
import { pieces } from './pieces.ts';
import type { Dice } from './random.ts';
import { expansion, hostile, literal, names, substitution, sum, word } from './words.ts';

type Maker = (dice: Dice, depth: number) => string;
const name = (dice: Dice): string => dice.of(names);
const some = (dice: Dice, most: number, make: Maker): string =>
  Array.from({ length: 1 + dice.below(most) }, () => make(dice, 1)).join(' ');

/** Lines of the plain form, so that many texts stay close to being allowed. `W` becomes a word, `V` a name. */
const plain = pieces('plain');

/** Commands to which a word can do harm. */
const sinks = pieces('sinks');

/** What only bash itself does. */
const wild = pieces('wild');

/** One statement; with `wildness` of a hundred it is one of those that are not plain. */
export function statement(dice: Dice, wildness: number, depth = 0): string {
  const kind = dice.below(100);
  const form = kind < wildness ? dice.of(wild) : kind < 30 + wildness / 2 ? dice.of(sinks) : dice.of(plain);
  const simple = (): string =>
    dice.chance(50) ? 'echo "$V"'.replace('V', name(dice)) : 'kubectl get pods -n shop';
  return form.replace(/\b[SWV]\b/g, (slot) => {
    if (slot === 'V') return name(dice);
    if (slot === 'W') return depth > 3 ? literal(dice) : word(dice, depth);
    return depth > 2 ? simple() : statement(dice, wildness, depth + 1);
  });
}

/** Constructs around lines that stand somewhere else. */
const frames = pieces('frames');

export const framed = (dice: Dice, body: string, wildness: number): string =>
  dice
    .of(frames)
    .replace(/\b[SWV]\b/g, (slot) =>
      slot === 'S' ? statement(dice, wildness, 2) : slot === 'W' ? word(dice, 1) : name(dice),
    )
    .replace(/^(.*\n)?B$|^B\b|(?<=\n)B(?=\n|$)/, (found) => found.replace(/B$/, () => body));

/** A word that may stand anywhere, or the data itself. */
export const anyWord = (dice: Dice): string =>
  dice.chance(70)
    ? word(dice)
    : dice.chance(40)
      ? `'${dice.of(hostile).replaceAll("'", '')}'`
      : dice.chance(50)
        ? `"${substitution(dice)}"`
        : dice.chance(50)
          ? expansion(dice)
          : `$((${sum(dice)}))`;

export const soup = (dice: Dice, wildness: number): string =>
  Array.from({ length: 1 + dice.below(6) }, () => statement(dice, wildness)).join('\n');

export const words = (dice: Dice): string => some(dice, 3, anyWord);
