// The kinds of check in verify.yml, one schema each: http, page, journey.
// Must never let a check hold something that one of the browser engines cannot do, or a key that no code reads.
import * as z from 'zod';

/** Name of a check or a read. */
export const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes');
/** An http(s) address, or a `{PARAMETER}` that begins one. */
export const Address = z
  .string()
  .max(2000)
  .regex(/^(https?:\/\/|\{[A-Z][A-Z0-9_]*\})/, 'starts with http://, https:// or a {PARAMETER}');
// Plain CSS only, because puppeteer's own selectors do not exist on every engine.
const selector = z
  .string()
  .min(1)
  .max(500)
  .regex(/^(?!(aria|text|xpath|pierce)\/)(?!.*(::-p-|>>>))/, 'plain CSS');
const text = z.string().trim().min(1).max(500);
const status = z.int().min(100).max(599);
const seconds = (most: number) => z.number().positive().max(most);

const expectation = z
  .strictObject({
    text: text.optional(),
    url: text.optional(),
    selector: selector.optional(),
    status: status.optional(),
  })
  .refine((expect) => Object.values(expect).some((part) => part !== undefined), 'expects nothing');

const step = z.union([
  z.strictObject({ goto: Address }),
  z.strictObject({ click: selector }),
  z.strictObject({ fill: z.strictObject({ selector, value: z.string().max(1000) }) }),
  z.strictObject({ press: z.literal('Enter') }), // Lightpanda drops every other key that types nothing
  z.strictObject({ select: z.strictObject({ selector, value: z.string().max(500) }) }),
  z.strictObject({ expect: expectation }),
]);

const httpCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('http'),
    url: Address,
    method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().regex(/^[\x20-\x7e]{0,1000}$/))
      .default({}),
    body: z.string().max(10_000).optional(),
    expect: z
      .strictObject({
        status: status.default(200),
        below_ms: z.int().positive().max(60_000).optional(),
        /** From JSON pointer (RFC 6901) to the value that must be there. */
        json: z.record(z.string().regex(/^(\/.*)?$/), z.json()).default({}),
        contains: z.array(text).max(20).default([]),
        header: z.record(z.string(), z.string()).default({}),
      })
      .prefault({}),
    timeout_s: seconds(60).default(10),
  })
  .refine((check) => check.body === undefined || check.method === 'POST', 'only POST carries a body')
  .refine(
    ({ method, expect }) =>
      method !== 'HEAD' || (expect.contains.length === 0 && Object.keys(expect.json).length === 0),
    'an answer to HEAD has no body to look at',
  );

const pageCheck = z.strictObject({
  id: Id,
  kind: z.literal('page'),
  url: Address,
  expect: z
    .strictObject({
      status: status.default(200),
      text: z.array(text).max(20).default([]),
      selector: z.array(selector).max(20).default([]),
      no_errors: z.boolean().default(false),
    })
    .prefault({}),
  timeout_s: seconds(60).default(15),
});

const journeyCheck = z.strictObject({
  id: Id,
  kind: z.literal('journey'),
  start: Address,
  steps: z
    .array(step)
    .min(1)
    .max(30)
    .refine((steps) => steps.some((one) => 'expect' in one), 'a journey that expects nothing proves nothing'),
  timeout_s: seconds(60).default(20),
});

export const Check = z.discriminatedUnion('kind', [httpCheck, pageCheck, journeyCheck]);
export type Check = z.output<typeof Check>;
export type HttpCheck = Extract<Check, { kind: 'http' }>;
export type PageCheck = Extract<Check, { kind: 'page' }>;
export type JourneyCheck = Extract<Check, { kind: 'journey' }>;
export type Step = z.output<typeof step>;
export type Expectation = z.output<typeof expectation>;
