// That pictures were taken of a page, as the ledger keeps it: of what, when, and which run has them.
// Must never hold a picture: pixels cannot be redacted, and the ledger is for ever.
import * as z from 'zod';
import { Id } from '#core/verification/fields';
import { PICTURES } from '#core/verification/pictures';

export const Pictures = z
  .strictObject({
    run: z.strictObject({ id: z.number().int(), url: z.url({ protocol: /^https?$/ }) }),
    of: z
      .array(z.strictObject({ check: Id, at: z.int().min(0), outcome: z.enum(['pass', 'fail']) }))
      .min(1)
      .max(PICTURES.most),
  })
  .optional();
export type Pictures = NonNullable<z.output<typeof Pictures>>;
