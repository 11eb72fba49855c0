// The texts: a script of the corpora with pieces spliced into it, or pieces alone. Each is named by its seed and its number.
// It must never depend on anything but these two and on the corpora.

import type { PolicyContext } from '#core/policy/types';
import { corpus, repairContext, repairs, shopContext } from '../support/scripts.ts';
import { pieces } from './pieces.ts';
import { type Dice, diceOf } from './random.ts';
import { anyWord, framed, soup, statement, words } from './statements.ts';
import { names } from './words.ts';

/** Both inventories at once, since scripts of both corpora are mixed. */
export const context: PolicyContext = {
  kind: 'fix',
  parameters: {
    ...shopContext.parameters,
    SHOP_LOCAL: shopContext.parameters['SHOP_URL'] ?? '',
    ...repairContext.parameters,
  },
  actions: repairContext.actions,
};

const scripts = (all: readonly { script: string }[]): string[] =>
  all
    .map(({ script }) => script.trimEnd())
    .filter((script) => !script.includes('\0') && script.length < 3000);
const harmless = scripts([...corpus('safe'), ...repairs('unseen'), ...repairs('unseen'), ...repairs('yes')]);
const dangerous = scripts(corpus('dangerous'));

export function textAt(seed: number, number: number): string {
  const dice = diceOf(seed, number);
  const wildness = dice.of(['3', '12', '40']);
  const wild = Number(wildness);
  if (dice.chance(18)) return `${soup(dice, wild)}\n`;
  let text = dice.of(dice.chance(80) ? harmless : dangerous);
  for (let more = 1 + dice.below(6); more > 0; more--) text = mutated(text, dice, wild);
  return `${text}\n`;
}

const operators = [
  '&&',
  '||',
  ';',
  '|',
  '|&',
  '&',
  '>',
  '>>',
  '<',
  '2>',
  '>&2',
  '\n',
  '<<<',
  '!',
  '&>',
] as const;

/** What a parser and bash may read differently, wherever it stands. */
const noise = pieces('noise');

function mutated(text: string, dice: Dice, wild: number): string {
  const lines = text.split('\n');
  const at = dice.below(lines.length + 1);
  const other = (): number => dice.below(lines.length);
  switch (dice.below(15)) {
    case 0:
    case 1:
      return lines.toSpliced(at, 0, statement(dice, wild)).join('\n');
    case 2: {
      const more = 1 + dice.below(3);
      const [from, body] = [other(), ''];
      const taken = lines.slice(from, from + more).join('\n') || body;
      return lines.toSpliced(from, more, framed(dice, taken, wild)).join('\n');
    }
    case 3: {
      const [line] = lines.splice(other(), 1);
      return lines.toSpliced(dice.below(lines.length + 1), 0, line ?? '').join('\n');
    }
    case 4: {
      const from = dice.of(dice.chance(75) ? harmless : dangerous).split('\n');
      const start = dice.below(from.length);
      return lines.toSpliced(at, 0, ...from.slice(start, start + 1 + dice.below(4))).join('\n');
    }
    case 5:
      return replaced(text, /&&|\|\||;|\||>>?|<|\n/g, dice, () => ` ${dice.of(operators)} `);
    case 6:
    case 7:
      return replaced(text, /(?<=\s)[^\s"'();|&<>]+|"[^"\n]*"|'[^'\n]*'/g, dice, () => anyWord(dice));
    case 8: {
      // A literal becomes a variable that is given it, by some way.
      const name = dice.of(names);
      let value = '';
      const out = replaced(text, /(?<=\s)[\w./:-]+(?=\s|$)/g, dice, (word) => {
        value = word;
        return `"$${name}"`;
      });
      return `${name}=${dice.chance(70) ? value : anyWord(dice)}\n${out}`;
    }
    case 9:
      return replaced(text, /(?<=\s)[\w./:-]+(?=\s|$)/g, dice, (word) =>
        dice.of([
          `"${word}"`,
          `'${word}'`,
          `\\${word}`,
          `$'${word}'`,
          `${word.slice(0, 1)}""${word.slice(1)}`,
          `{${word},}`,
          `"$(echo ${word})"`,
          `\${x:-${word}}`,
          `"\${x:-${word}}"`,
        ]),
      );
    case 10:
      return replaced(text, /(?<=\s)[^\s]+/g, dice, (word) => `${word} ${words(dice)}`);
    case 11:
      return lines.toSpliced(other(), 1).join('\n');
    case 12:
    case 13: {
      const place = dice.below(text.length + 1);
      return text.slice(0, place) + dice.of(noise) + text.slice(place);
    }
    default:
      return lines.toSpliced(at, 0, lines[other()] ?? '', statement(dice, wild)).join('\n');
  }
}

function replaced(text: string, form: RegExp, dice: Dice, by: (found: string) => string): string {
  const found = [...text.matchAll(form)];
  const one = found[dice.below(found.length || 1)];
  return one ? text.slice(0, one.index) + by(one[0]) + text.slice(one.index + one[0].length) : text;
}
