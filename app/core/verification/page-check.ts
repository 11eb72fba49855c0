// What a check may say that opens one page: once, to see what users see, or several times, to see how long it takes.
// Must never let a load be measured of a page that may be an error page.
import * as z from 'zod';
import { APART, areTogether, rateWords, SESSIONS } from './bursts.ts';
import { Id, screenshot, seconds, vantages } from './fields.ts';
import { LOADS } from './performance.ts';
import { Address, Selector, Status, Text } from './steps.ts';

const seen = {
  status: Status.default(200),
  text: z.array(Text).max(20).default([]),
  selector: z.array(Selector).max(20).default([]),
};

export const pageCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('page'),
    url: Address,
    at: vantages,
    expect: z
      .strictObject({ ...seen, no_errors: z.boolean().default(false), ...rateWords(SESSIONS) })
      .prefault({}),
    screenshot,
    timeout_s: seconds(60).default(15),
  })
  .refine(({ expect }) => areTogether(expect), APART);

const ms = z.int().positive().max(60_000).optional();

export const performanceCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('performance'),
    url: Address,
    at: vantages,
    /** How often a look loads the page, each time as a new visitor. */
    loads: z.int().min(LOADS.least).max(LOADS.most).default(5),
    expect: z.strictObject({
      ...seen,
      /** Half of the loads take no longer. */
      p50_ms: ms,
      /** All but one in twenty take no longer; of fewer than twenty, all but one. */
      p95_ms: ms,
      /** Over the wire, in the middle of the loads. */
      bytes: z.int().positive().max(100_000_000).optional(),
      /** Requests of the page and all its parts, in the middle of the loads. */
      requests: z.int().positive().max(10_000).optional(),
    }),
    /** Of each load. */
    timeout_s: seconds(60).default(15),
  })
  .refine(
    ({ expect: { p50_ms, p95_ms, bytes, requests } }) =>
      [p50_ms, p95_ms, bytes, requests].some((one) => one !== undefined),
    { path: ['expect'], message: 'measures nothing: give p50_ms, p95_ms, bytes or requests' },
  )
  .refine(({ expect: { p50_ms = 0, p95_ms = p50_ms } }) => p50_ms <= p95_ms, {
    path: ['expect', 'p50_ms'],
    message: 'is more than p95_ms',
  })
  .refine(({ timeout_s, expect }) => (expect.p95_ms ?? expect.p50_ms ?? 0) < timeout_s * 1000, {
    path: ['timeout_s'],
    message: 'ends a load before it could be too slow',
  });
