// What the whole body of an answer must be, and must not hold, in plain words.
// Must never take a regular expression from a plan: one of them can keep a job busy for hours.
import * as z from 'zod';

export const bodyFields = {
  /** White space at the end aside. */
  equals: z.string().min(1).max(10_000).optional(),
  /** The whole body again, where each `*` stands for anything, also nothing. */
  matches: z
    .string()
    .min(2)
    .max(1000)
    .refine((words) => /[^*\s]/.test(words), 'fits everything')
    .optional(),
  /** None of these texts stands in it. */
  lacks: z.array(z.string().trim().min(1).max(500)).min(1).max(20).optional(),
};
export const comparesSomething = (words: object): boolean =>
  Object.values(words).some((one) => one !== undefined);
export const BodyWords = z.strictObject(bodyFields).refine(comparesSomething, 'compares nothing');
export type BodyWords = z.output<typeof BodyWords>;

/** How the body is another one. It is not quoted: who expects all of it knows it, and else it may hold anything. */
export function bodyFault(
  { equals, matches, lacks = [] }: BodyWords,
  text: string,
  whose = 'the answer',
): string | null {
  if (equals !== undefined && text.trimEnd() !== equals.trimEnd())
    return `${whose} is another text of ${text.length} letters than expected`;
  if (matches !== undefined && !fits(matches.trimEnd(), text.trimEnd()))
    return `${whose} does not match ${JSON.stringify(matches)}`;
  const found = lacks.find((part) => text.includes(part));
  return found === undefined ? null : `${whose} contains ${JSON.stringify(found)}`;
}

/** From left to right, each part at the first place where it stands: no other choice could do better. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
