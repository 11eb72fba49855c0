// What an http check may say: one request, and what its answer must be.
// Must never take words together of which one would make the other void.
import * as z from 'zod';
import { AnswerForm } from './answer-schema.ts';
import { BodyWords } from './body.ts';
import { APART, areTogether, REQUESTS, rateWords } from './bursts.ts';
import { Id, seconds, vantages } from './fields.ts';
import { mayHaveLocation, StatusSet } from './status.ts';
import { Address, Text } from './steps.ts';

// RFC 9110, 5.1: any other name would never be found, and the check would fail for ever.
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'the name of a header');
const headerValue = z.union([
  z.string().max(1000),
  z.strictObject({ contains: Text }),
  z.strictObject({ present: z.boolean() }),
]);
const place = (path: string) => ['expect', path];

export const httpCheck = z
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
        /** The form of the whole JSON answer. */
        schema: AnswerForm.optional(),
        contains: z.array(Text).max(20).default([]),
        body: BodyWords.optional(),
        /** The whole value, a part of it, or whether there is such a header at all. */
        header: z.record(headerName, headerValue).default({}),
        /** The certificate of this address is good for so many days more. */
        tls_days_left: z.int().min(1).max(365).optional(),
        ...rateWords(REQUESTS),
      })
      .prefault({}),
    timeout_s: seconds(60).default(10),
  })
  .refine((check) => check.body === undefined || check.method === 'POST', 'only POST carries a body')
  .refine(
    ({ method, expect: { contains, json, schema, body } }) =>
      method !== 'HEAD' ||
      (contains.length === 0 && Object.keys(json).length === 0 && schema === undefined && body === undefined),
    'an answer to HEAD has no body to look at',
  )
  .refine(({ redirects, expect }) => expect.location === undefined || redirects === 'none', {
    path: place('location'),
    message: 'a location is compared where redirects are not followed',
  })
  .refine(({ expect }) => expect.location === undefined || mayHaveLocation(expect.status), {
    path: place('status'),
    message: 'an answer of such a status names no location: 3xx does, or 201',
  })
  .refine(({ redirects, expect }) => expect.tls_days_left === undefined || redirects === 'none', {
    path: place('tls_days_left'),
    message: 'the certificate is that of the address itself: name the one that is meant, without redirects',
  })
  .refine(({ url, at, expect }) => expect.tls_days_left === undefined || mayBeHttps(url, at), {
    path: place('tls_days_left'),
    message: 'only https has a certificate',
  })
  .refine(({ expect }) => expect.tls_days_left === undefined || expect.failing === undefined, {
    path: place('tls_days_left'),
    message: 'a certificate is looked at once and not in a burst: give it a check of its own',
  })
  .refine(({ expect }) => areTogether(expect), APART)
  .refine(
    ({ method, expect }) => method !== 'POST' || expect.failing === undefined,
    'a burst only reads: GET or HEAD',
  );

// A {PARAMETER} is known only once the plan is bound, and then this is asked again.
const mayBeHttps = (url: string, at: Record<string, string> | undefined): boolean =>
  [url, ...Object.values(at ?? {})].every((address) => !address.toLowerCase().startsWith('http:'));
