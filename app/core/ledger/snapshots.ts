// What was read before a fix. Must never hold more of an answer than fits into a record.
import * as z from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Line = z.string().max(500);

/** Reads of verify.yml's `snapshot` before the fix; what an undo must restore. */
export const Snapshots = z
  .array(
    z.discriminatedUnion('ok', [
      z.strictObject({
        id: z.string(),
        ok: z.literal(true),
        status: z.number().int(),
        sha256: Sha256,
        text: z.string().max(4096),
      }),
      z.strictObject({ id: z.string(), ok: z.literal(false), reason: Line }),
    ]),
  )
  .max(10);
