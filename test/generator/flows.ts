// Texts about one thing only: what a variable holds when a command takes it. Few names, all ways of giving them a value, all ways of going
// round, past or out of a statement, and commands that do harm with the wrong value. It must never use a construct for its own sake.
import { pieces } from './pieces.ts';
import type { Dice } from './random.ts';

const [sets, uses, turns] = [pieces('sets'), pieces('uses'), pieces('turns')];

/** `V` becomes a variable, `F` a function, `S` another statement. */
function step(dice: Dice, depth: number): string {
  const kind = dice.below(100);
  const form = dice.of(kind < 45 ? sets : kind < 70 || depth > 2 ? uses : turns);
  return form.replace(/\b[SVF]\b/g, (slot) => {
    if (slot === 'V') return dice.of(['x', 'y', 'tmp', 'x']);
    return slot === 'F' ? dice.of(['work', 'clean']) : step(dice, depth + 1);
  });
}

export function flow(dice: Dice): string {
  const lines = Array.from({ length: 2 + dice.below(7) }, () => step(dice, 0));
  const first = dice.chance(40) ? [dice.of(['set -euo pipefail', 'set -e', 'set -eu'])] : [];
  return `${[...first, ...lines].join('\n')}\n`;
}
