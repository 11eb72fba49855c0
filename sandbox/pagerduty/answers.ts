// Answers that all of REST shares: errors with the vendor's codes, and one page of a list. It must never answer a page that
// the vendor would refuse. https://developer.pagerduty.com/docs/rest-api-v2/errors/ and .../pagination/
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';

const whole = z.coerce.number().int();
const Page = z.object({
  ...{ limit: whole.min(1).max(100).default(25), offset: whole.min(0).default(0) },
  total: z.enum(['true', 'false']).default('false'),
});

export const fail = (c: Context, http: ContentfulStatusCode, code: number, message: string) =>
  c.json({ error: { message, code } }, http);
export const invalid = (c: Context, why: string) =>
  c.json({ error: { message: 'Invalid Input Provided', code: 2001, errors: [why] } }, 400);

/** One page of a list; `c.req` says which. */
export function paged(c: Context, name: string, all: object[], bare = false) {
  const page = Page.safeParse(c.req.query());
  if (!page.success) return invalid(c, 'Limit must be 1 to 100 and offset 0 or more.');
  const { limit, offset, total } = page.data;
  if (limit + offset > 10_000) return fail(c, 400, 2002, 'Offset plus limit must not exceed 10000');
  const shown = { [name]: all.slice(offset, offset + limit) };
  if (bare) return c.json({ ...shown, more: null });
  const more = offset + limit < all.length;
  return c.json({ ...shown, limit, offset, more, total: total === 'true' ? all.length : null });
}
