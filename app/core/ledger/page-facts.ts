// The facts about an incident's page: what PagerDuty told of it after it was opened, by webhooks or at a sweep.
// Must never hold a fact without the identity of what told it, so that nothing is taken twice.
import * as z from 'zod';

const Line = z.string().max(500);
/** An event of PagerDuty's by its id, or what stands for it: `body:` and a hash, or `sweep:` and what the sweep found. */
export const Event = z.string();
/** When it happened, by PagerDuty's clock. */
const Happened = z.iso.datetime({ offset: true }).optional();
export const Service = z.strictObject({ id: z.string(), name: Line });
/** Present when it was heard of long after it happened. `confirmed`: PagerDuty said then that it is still open. */
export const Late = z
  .strictObject({ at: z.iso.datetime({ offset: true }), confirmed: z.boolean() })
  .optional();

export const pageFacts = {
  'alert.joined': z.strictObject({ event: Event, at: Happened, title: Line }),
  'alert.resolved': z.strictObject({ event: Event, at: Happened, by: Line }),
  /** What PagerDuty says of it now; only what is other than before. */
  'alert.changed': z.strictObject({
    event: Event,
    at: Happened,
    title: Line.optional(),
    urgency: z.string().optional(),
    priority: z.string().nullable().optional(),
    service: Service.optional(),
  }),
  /** Another service: what was found and proposed for the old one does not count, and all begins again. */
  'incident.moved': z.strictObject({ event: Event, from: Line, to: Line }),
  /** Its page was merged into another one, which goes on. */
  'incident.merged': z.strictObject({ event: Event, at: Happened, into: z.string() }),
  'incident.reopened': z.strictObject({ event: Event, at: Happened, late: Late }),
} as const;
