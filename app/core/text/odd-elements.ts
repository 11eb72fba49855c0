// Lists from outside, read element by element: one odd element must not take the others along. Must never hide that some were
// left out: their number comes with the rest.
import * as z from 'zod';

export type Each<T> = { good: T[]; odd: number };

/** A list whose elements the schema reads one by one. A list that is absent or null is empty; what is no list is refused. */
export function each<T>(element: z.ZodType<T>): z.ZodType<Each<T>> {
  return z
    .array(z.unknown())
    .nullish()
    .transform((list) => {
      const read = (list ?? []).map((one) => element.safeParse(one));
      const good = read.flatMap((one) => (one.success ? [one.data] : []));
      return { good, odd: read.length - good.length };
    });
}
