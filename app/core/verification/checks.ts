// The kinds of check in verify.yml, one schema each: http, page, journey, form, performance, monitor, command, swarm.
// Must never let a check hold something that one of the browser engines cannot do, or a key that no code reads.
import * as z from 'zod';
import { REQUESTS, SESSIONS } from './bursts.ts';
import { commandCheck } from './command-check.ts';
import { Id, seconds } from './fields.ts';
import { formCheck } from './form.ts';
import { httpCheck } from './http-check.ts';
import { journeyCheck } from './journey-check.ts';
import { monitorFault, monitorFields } from './monitor.ts';
import { pageCheck, performanceCheck } from './page-check.ts';
import { pictureFault } from './pictures.ts';
import { boundOf } from './rates/bound.ts';
import { secretFault } from './secrets.ts';
import { witnessesOf } from './swarm.ts';
import { swarmCheck } from './swarm-check.ts';
import { USE_BEGINS, usesFault } from './variables.ts';

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

export const Check = z
  .discriminatedUnion('kind', [
    httpCheck,
    pageCheck,
    journeyCheck,
    formCheck,
    performanceCheck,
    monitorCheck,
    commandCheck,
    swarmCheck,
  ])
  .superRefine((check, context) => {
    const uses = check.kind === 'command' ? commandUses(check) : usesFault(check);
    for (const message of [uses ?? secretFault(check), pictureFault(check)])
      if (message !== null) context.addIssue({ code: 'custom', message });
  });
export type Check = z.output<typeof Check>;
export type HttpCheck = Extract<Check, { kind: 'http' }>;
export type PageCheck = Extract<Check, { kind: 'page' }>;
export type JourneyCheck = Extract<Check, { kind: 'journey' }>;
export type PerformanceCheck = Extract<Check, { kind: 'performance' }>;
export type SwarmCheck = Extract<Check, { kind: 'swarm' }>;
export type MonitorCheck = Extract<Check, { kind: 'monitor' }>;

const commandUses = (check: object): string | null =>
  JSON.stringify(check).includes(USE_BEGINS)
    ? `only a journey reads, so that ${USE_BEGINS}…} has no value here`
    : null;

/** One check for each of its addresses: the one under its own name, and `<check>-<vantage>` for each of `at`. */
export function fromEverywhere(check: Check): Check[] {
  if (!('at' in check) || check.at === undefined) return [check];
  const { at, ...alone } = check;
  return [alone, ...Object.entries(at).map(([name, url]) => ({ ...alone, id: `${check.id}-${name}`, url }))];
}

/** Those that look as one visitor, or as a few, from each address. A swarm is the last look, and stands apart. */
export const singles = (checks: readonly Check[]) =>
  checks.flatMap(fromEverywhere).filter((check) => check.kind !== 'swarm');
export type SingleCheck = Exclude<Check, SwarmCheck>;

/** How much of a burst may fail, and how many requests or sessions a burst has. Null for a check of one a look. */
export function rateOf(check: Check): { readonly bound: number; readonly of: number } | null {
  if (check.kind === 'monitor' || check.kind === 'command') return null;
  if (check.kind === 'performance' || check.kind === 'swarm') return null;
  const { failing, of } = check.expect ?? {};
  const bound = failing === undefined ? null : boundOf(failing);
  return bound === null || of === undefined ? null : { bound, of };
}

/** How many requests or sessions a look has. */
export const sizeOf = (check: Check): number =>
  check.kind === 'performance'
    ? check.loads
    : check.kind === 'swarm'
      ? check.sessions
      : (rateOf(check)?.of ?? 1);

/** Of what a burst is: requests of a plain client, or sessions of a browser. */
export const unitOf = (check: Check): 'requests' | 'sessions' =>
  check.kind === 'http' ? 'requests' : 'sessions';

/** A swarm that expects nothing only makes load, beside one that does. No verdict comes of it. */
export const isLoad = (check: Check): boolean => check.kind === 'swarm' && check.expect === undefined;

/** The longest a look at a check may take on one engine, in seconds. */
export const longest = (check: Check): number => {
  if (check.kind === 'swarm') {
    const { login, begins_s, timeout_s } = check;
    return (login?.timeout_s ?? 0) + begins_s + timeout_s * (1 + witnessesOf(check));
  }
  const size = check.kind === 'http' ? REQUESTS : SESSIONS;
  return check.timeout_s + (sizeOf(check) === 1 ? 0 : size.begins_s);
};
