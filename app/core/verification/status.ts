// Which status an answer may have: one, several, a class as `2xx` or a range as `200-299`.
// Must never take a set that no answer can fail: what fits every status says nothing.
import * as z from 'zod';

const SPAN = /^(?:([1-5])xx|([1-5]\d\d)-([1-5]\d\d))$/;
const one = z.int().min(100).max(599);
const span = z
  .string()
  .max(10)
  .refine((words) => spanOf(words) !== null, 'is a number, a class as 2xx, or a range as 200-299');

type Part = number | string;
export type StatusSet = Part | Part[];

export const StatusSet = z
  .union([
    one,
    span,
    z
      .array(z.union([one, span]))
      .min(1)
      .max(20),
  ])
  .refine((set) => !(fitsStatus(set, 200) && fitsStatus(set, 404) && fitsStatus(set, 500)), {
    message: 'fits a good answer, a missing page and a broken service alike',
  });
export function fitsStatus(set: StatusSet, status: number): boolean {
  return [set].flat().some((part) => {
    if (typeof part === 'number') return part === status;
    const range = spanOf(part);
    return range !== null && range.from <= status && status <= range.to;
  });
}

/** `200`, `2xx` or `200 or 204`, for people. */
export const statusWords = (set: StatusSet): string => [set].flat().join(' or ');

/** Answers with these name another address in `location`. 201 names what was made, the others where to go. */
const WITH_LOCATION = [201, 301, 302, 303, 307, 308];
export const mayHaveLocation = (set: StatusSet): boolean =>
  WITH_LOCATION.some((status) => fitsStatus(set, status));

function spanOf(words: string): { readonly from: number; readonly to: number } | null {
  const [, hundred, from, to] = SPAN.exec(words) ?? [];
  if (hundred !== undefined) return { from: Number(hundred) * 100, to: Number(hundred) * 100 + 99 };
  if (from === undefined || to === undefined || Number(from) > Number(to)) return null;
  return { from: Number(from), to: Number(to) };
}
