// How many of something a command sets: a number between limits, or one that the script counts together.
// It must never let text stand for a number.
import { type Issue, question, refusal } from '../engine/run.ts';
import { literal, shapeOf, show, type Value } from '../engine/value.ts';

/** `range`: `1..50`. A number that is known only at run time is put to a person, who sees how it is made. */
export function checkAmount(value: Value, range: string): Issue | null {
  const [low = 0, high = 0] = range.split('..').map(Number);
  const text = literal(value);
  if (text === null)
    return shapeOf(value) === 'number'
      ? question(
          'counted',
          `The number ${show(value)} is known only at run time, so that nobody can hold it to a limit; a plain number from ${low} to ${high}, or a parameter of the inventory, needs nobody.`,
        )
      : refusal('tainted', `${show(value)} is known only at run time, and is not certain to be a number.`);
  if (!/^\d{1,15}$/.test(text)) return question('value', `${text} is not a whole number.`);
  return Number(text) >= low && Number(text) <= high
    ? null
    : refusal('over-cap', `${text} is not between ${low} and ${high}.`);
}
