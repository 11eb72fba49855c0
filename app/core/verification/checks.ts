// The kinds of check in verify.yml, one schema each: http, page, journey, monitor.
// Must never let a check hold something that one of the browser engines cannot do, or a key that no code reads.
import * as z from 'zod';
import { APART, areTogether, REQUESTS, rateWords, SESSIONS } from './bursts.ts';
import { monitorFault, monitorFields } from './monitor.ts';
import { boundOf } from './rates/bound.ts';
import { mayHaveLocation, StatusSet } from './status.ts';
import { Address, Selector, Status, Step, Text } from './steps.ts';

/** Name of a check or a read. */
export const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes');
const seconds = (most: number) => z.number().positive().max(most);
/** Vantage points beside the address itself: a shard, a region, the edge or the origin, each by its name. */
const vantages = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,19}$/, 'lower-case letters, digits and dashes'), Address)
  .refine((at) => Object.keys(at).length >= 1 && Object.keys(at).length <= 8, 'names one to eight addresses')
  .optional();

// RFC 9110, 5.1: any other name would never be found, and the check would fail for ever.
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'the name of a header');
const headerValue = z.union([
  z.string().max(1000),
  z.strictObject({ contains: Text }),
  z.strictObject({ present: z.boolean() }),
]);

const httpCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('http'),
    url: Address,
    at: vantages,
    method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().regex(/^[\x20-\x7e]{0,1000}$/))
      .default({}),
    body: z.string().max(10_000).optional(),
    /** Whether it goes where the answer sends it. Only to places whose origin the plan names itself. */
    redirects: z.enum(['none', 'follow']).default('none'),
    expect: z
      .strictObject({
        status: StatusSet.default(200),
        /** Where the answer must send: the whole address, or a path on the same origin. */
        location: z
          .string()
          .max(2000)
          .regex(
            /^(https?:\/\/|\{[A-Z][A-Z0-9_]*\}|\/)/,
            'starts with http://, https://, a {PARAMETER} or a slash',
          )
          .optional(),
        below_ms: z.int().positive().max(60_000).optional(),
        /** From JSON pointer (RFC 6901) to the value that must be there. */
        json: z.record(z.string().regex(/^(\/.*)?$/), z.json()).default({}),
        contains: z.array(Text).max(20).default([]),
        /** The whole value, a part of it, or whether there is such a header at all. */
        header: z.record(headerName, headerValue).default({}),
        ...rateWords(REQUESTS),
      })
      .prefault({}),
    timeout_s: seconds(60).default(10),
  })
  .refine((check) => check.body === undefined || check.method === 'POST', 'only POST carries a body')
  .refine(
    ({ method, expect }) =>
      method !== 'HEAD' || (expect.contains.length === 0 && Object.keys(expect.json).length === 0),
    'an answer to HEAD has no body to look at',
  )
  .refine(({ redirects, expect }) => expect.location === undefined || redirects === 'none', {
    path: ['expect', 'location'],
    message: 'a location is compared where redirects are not followed',
  })
  .refine(({ expect }) => expect.location === undefined || mayHaveLocation(expect.status), {
    path: ['expect', 'status'],
    message: 'an answer of such a status names no location: 3xx does, or 201',
  })
  .refine(({ expect }) => areTogether(expect), APART)
  .refine(
    ({ method, expect }) => method !== 'POST' || expect.failing === undefined,
    'a burst only reads: GET or HEAD',
  );

const pageCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('page'),
    url: Address,
    at: vantages,
    expect: z
      .strictObject({
        status: Status.default(200),
        text: z.array(Text).max(20).default([]),
        selector: z.array(Selector).max(20).default([]),
        no_errors: z.boolean().default(false),
        ...rateWords(SESSIONS),
      })
      .prefault({}),
    timeout_s: seconds(60).default(15),
  })
  .refine(({ expect }) => areTogether(expect), APART);

const journeyCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('journey'),
    start: Address,
    steps: z
      .array(Step)
      .min(1)
      .max(30)
      .refine(
        (steps) => steps.some((one) => 'expect' in one),
        'a journey that expects nothing proves nothing',
      ),
    expect: z.strictObject(rateWords(SESSIONS)).optional(),
    timeout_s: seconds(60).default(20),
  })
  .refine(({ expect }) => areTogether(expect ?? {}), APART);

const monitorCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('monitor'),
    ...monitorFields,
    timeout_s: seconds(60).default(20),
  })
  .superRefine((check, context) => {
    const message = monitorFault(check);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

export const Check = z.discriminatedUnion('kind', [httpCheck, pageCheck, journeyCheck, monitorCheck]);
export type Check = z.output<typeof Check>;
export type HttpCheck = Extract<Check, { kind: 'http' }>;
export type PageCheck = Extract<Check, { kind: 'page' }>;
export type JourneyCheck = Extract<Check, { kind: 'journey' }>;
export type MonitorCheck = Extract<Check, { kind: 'monitor' }>;

/** One check for each of its addresses: the one under its own name, and `<check>-<vantage>` for each of `at`. */
export function fromEverywhere(check: Check): Check[] {
  if (check.kind === 'journey' || check.kind === 'monitor' || check.at === undefined) return [check];
  const { at, ...alone } = check;
  return [alone, ...Object.entries(at).map(([name, url]) => ({ ...alone, id: `${check.id}-${name}`, url }))];
}

/** How much of a burst may fail, and how many requests or sessions a burst has. Null for a check of one a look. */
export function rateOf(check: Check): { readonly bound: number; readonly of: number } | null {
  if (check.kind === 'monitor') return null;
  const { failing, of } = check.expect ?? {};
  const bound = failing === undefined ? null : boundOf(failing);
  return bound === null || of === undefined ? null : { bound, of };
}

/** Of what a burst is: requests of a plain client, or sessions of a browser. */
export const unitOf = (check: Check): 'requests' | 'sessions' =>
  check.kind === 'http' ? 'requests' : 'sessions';

/** The longest a look at a check may take on one engine, in seconds. */
export const longest = (check: Check): number => {
  const size = check.kind === 'http' ? REQUESTS : SESSIONS;
  return check.timeout_s + (rateOf(check) === null ? 0 : size.begins_s);
};
