// What verify.yml may say: the checks by which Vigil sees red and green, and the rules that judge their samples.
// Must never let a plan name a place, a method or a placeholder that a reviewer did not see.
// This room holds what is looked at and what samples mean; it must not open a connection or know a browser.

import * as z from 'zod';
import { ENDLESS, hasEnd } from '#core/text/endless';
import { canonical } from '#core/text/hash';
import { REQUESTS_A_SESSION } from './bursts.ts';
import { Check, fromEverywhere, rateOf, sizeOf, unitOf } from './checks.ts';
import { commandFault, commandOf } from './command-bind.ts';
import { Id } from './fields.ts';
import { swarmFaults } from './last-look.ts';
import { Measured } from './performance.ts';
import { percent } from './rates/bound.ts';
import { ERRORS, fewest } from './rates/sequential.ts';
import { isNamed, SECRET_BEGINS, secretsIn } from './secrets.ts';
import { mostLooks, Settle, secondsOf } from './settle.ts';
import { Address } from './steps.ts';
import { SwarmSeen } from './swarm-seen.ts';
import { namedIn, Symptom } from './symptom.ts';
import { USE_BEGINS } from './variables.ts';

const USERINFO = /^[^/?#]*(\/\/)?[^/?#]*@/;
// A header or a query that is not on these lists may carry a credential, or do more than read.
export const HARMLESS_HEADERS = ['accept', 'accept-language', 'cache-control', 'pragma', 'user-agent'];
const SECRET_QUERY = /[?&][^=&#]*(token|key|secret|pass|auth|sig|session|credential)[^=&#]*=/i;
// A look of more requests than this runs only after somebody has seen it: it may hurt what is already hurt.
const MOST_UNREVIEWED = 250;
const MOST_SAMPLES = 1000; // what one fact may hold
const PLACEHOLDER = /\{([A-Z][A-Z0-9_]*)\}/g;

const Engine = z.enum(['http', 'lightpanda', 'chromium', 'workspace']);
const Outcome = z.enum(['pass', 'fail', 'inconclusive']);
export const VerifyPlan = z
  .strictObject({
    v: z.literal(1),
    checks: z.array(Check).min(1).max(20),
    symptom: Symptom,
    settle: Settle.optional(),
    snapshot: z
      .array(z.strictObject({ id: Id, url: Address }))
      .max(10)
      .default([]),
  })
  .superRefine((plan, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const known = plan.checks.map((check) => check.id);
    const symptom = namedIn({ all: plan.symptom.checks });
    const everywhere = plan.checks.flatMap(fromEverywhere);
    for (const [where, ids] of [
      ['checks', everywhere.map((check) => check.id)],
      ['symptom', symptom],
      ['snapshot', plan.snapshot.map((read) => read.id)],
    ] as const) {
      const twice = ids.find((one, at) => ids.indexOf(one) !== at);
      if (twice !== undefined) complain(where, `${twice} is named twice`);
    }
    if (isNamed(plan.snapshot)) complain('snapshot', 'what is read before the run takes no secret');
    for (const one of symptom) if (!known.includes(one)) complain('symptom', `no check is called ${one}`);
    for (const { id } of everywhere)
      if (!Id.safeParse(id).success) complain('checks', `${id} is too long a name`);
    const most = everywhere.length * Math.max(plan.symptom.red.of, plan.symptom.green.of);
    if (everywhere.length > plan.checks.length && most > MOST_SAMPLES)
      complain('checks', `from every address these are ${most} samples, and a record holds ${MOST_SAMPLES}`);
    const monitors = plan.checks.filter(({ kind }) => kind === 'monitor');
    // What raised the alert may be late, muted or wrong about what users see, and green is more than the alert's own word.
    if (monitors.length === plan.checks.length)
      complain('checks', 'a monitor alone makes nothing green: add a check of what users see');
    if (monitors.length > 0 && plan.settle === undefined)
      complain('checks', 'a monitor lags behind the service: give the plan `settle`');
    for (const message of swarmFaults(plan)) complain('checks', message);
    for (const check of plan.checks) {
      const rate = rateOf(check);
      if (rate === null) continue;
      const { red, green } = plan.symptom;
      const within_s = plan.settle ? secondsOf(plan.settle.within) : null;
      const starts = within_s === null ? 1 : mostLooks(within_s, green);
      const settled = fewest(rate.bound, { ...ERRORS, below: ERRORS.below / starts });
      const short = [
        ...(symptom.includes(check.id) ? [{ looks: red.of, least: fewest(rate.bound) }] : []),
        { looks: green.of, least: settled },
      ].find(({ looks, least }) => looks * rate.of < least);
      if (short === undefined) continue;
      const { looks, least } = short;
      const can = `${looks} ${looks === 1 ? 'look' : 'looks'} of ${rate.of} ${unitOf(check)}`;
      const takes = `it takes ${least} of which none fails`;
      complain(
        'checks',
        `${check.id}: ${can} can never show that at most ${percent(rate.bound)} fail; ${takes}`,
      );
    }
  });

export type VerifyPlan = z.output<typeof VerifyPlan>;
const BoundPlan = VerifyPlan.brand<'bound'>();
/** A plan whose placeholders have been replaced and whose addresses lie inside the service inventory. */
export type BoundPlan = z.output<typeof BoundPlan>;

/** One look at one check. `at` is Unix milliseconds, when the look began; `reason` is null for a pass. */
export const Sample = z.strictObject({
  check: Id,
  at: z.int().min(0),
  ms: z.int().min(0),
  outcome: Outcome,
  engine: Engine,
  reason: z.string().max(300).nullable(),
  /** What Lightpanda saw, when Chromium then saw something else. Null: one engine looked, or both agreed. */
  overruled: z
    .strictObject({ engine: Engine, outcome: Outcome, reason: z.string().max(300).nullable() })
    .nullable(),
  /** The other engine, which saw the same. Records from before two engines looked have none. */
  agreed: z.literal('lightpanda').optional(),
  /** Of a burst: so many of its requests failed. Records from before bursts have none. */
  counts: z
    .strictObject({ failing: z.int().min(0), of: z.int().min(1) })
    .refine(({ failing, of }) => failing <= of, 'more failed than were sent')
    .optional(),
  /** Of a page that was loaded several times. */
  measured: Measured.optional(),
  /** Of many sessions at once. */
  swarm: SwarmSeen.optional(),
});
export type Sample = z.output<typeof Sample>;

/** Reads an already parsed YAML document. The reason lists each fault with its path. */
export function parseVerifyPlan(
  document: unknown,
): { ok: true; plan: VerifyPlan } | { ok: false; reason: string } {
  if (!hasEnd(document)) return { ok: false, reason: ENDLESS };
  const parsed = VerifyPlan.safeParse(document);
  return parsed.success
    ? { ok: true, plan: parsed.data }
    : { ok: false, reason: z.prettifyError(parsed.error) };
}

/**
 * Replaces each `{NAME}` by the inventory's value, once: a value is never expanded again. Refuses a name that the
 * inventory does not have, and an address that is not http(s) or whose origin is no parameter's. Vigil visits only what
 * the inventory names.
 */
export function bind(
  plan: VerifyPlan,
  parameters: Readonly<Record<string, string>>,
): { ok: true; plan: BoundPlan } | { ok: false; reason: string } {
  const unknown = new Set<string>();
  const fill = (value: string) =>
    value.replace(PLACEHOLDER, (whole, name: string) => {
      const known = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      if (known === undefined) unknown.add(name);
      return known ?? whole;
    });
  const checks = plan.checks.map((check) => ({
    ...Object(eachString(check, fill)),
    ...commandOf(check, parameters),
  }));
  const filled = { ...Object(eachString({ ...plan, checks: [] }, fill)), checks };
  // What a page says is put where the plan says so, and never where only the inventory would.
  const odd = Object.keys(parameters).find((name) =>
    [USE_BEGINS, SECRET_BEGINS].some((begins) => parameters[name]?.includes(begins)),
  );
  if (odd !== undefined)
    return { ok: false, reason: `${odd} looks like a value that a journey reads, or a secret` };
  if (unknown.size > 0)
    return { ok: false, reason: `the inventory has no ${[...unknown].sort().join(', ')}` };
  const bound = BoundPlan.safeParse(filled);
  if (!bound.success) return { ok: false, reason: z.prettifyError(bound.error) };
  const origins = new Set(Object.values(parameters).map(originOf));
  for (const address of addresses(bound.data)) {
    const origin = originOf(address);
    if (origin === null) return { ok: false, reason: `${address} is not an http(s) address` };
    if (!origins.has(origin))
      return { ok: false, reason: `${origin} is the origin of no parameter in the inventory` };
    if (USERINFO.test(address))
      return { ok: false, reason: `an address at ${origin} carries a user name or password` };
  }
  const beyond = commandFault(bound.data.checks, parameters);
  return beyond === null ? { ok: true, plan: bound.data } : { ok: false, reason: beyond };
}

/**
 * Which checks may not run before a person approved, and why. Looks only at the checks that red needs, because only
 * those run before. Both plans must be in the same form: both as written, or both bound.
 */
export function safeBeforeApproval(
  plan: VerifyPlan,
  runbookPlan: VerifyPlan | null,
): { check: string; reason: string }[] {
  const reviewed = new Set((runbookPlan?.checks ?? []).map((check) => canonical(check)));
  const red = namedIn({ all: plan.symptom.checks });
  const early = plan.checks.filter((check) => red.includes(check.id) && !reviewed.has(canonical(check)));
  return early.flatMap((check) => {
    const reason = whyUnsafe(check);
    return reason === null
      ? []
      : [{ check: check.id, reason: `${reason}, and no runbook on main has exactly this check` }];
  });
}

function whyUnsafe(check: Check): string | null {
  if (secretsIn(check).length > 0) return 'a secret is typed or sent';
  if (check.kind === 'journey') return 'a journey clicks and types';
  if (check.kind === 'swarm') return 'a swarm is a load';
  if (check.kind === 'monitor') return 'monitoring is asked with a key';
  if (check.kind === 'command') return 'a command runs in a workspace';
  const urls = placesOf(check);
  if (urls.some((url) => USERINFO.test(url))) return 'the address carries a user name or password';
  if (urls.some((url) => SECRET_QUERY.test(url))) return 'the query may carry a credential';
  const burst = sizeOf(check) * urls.length;
  if (burst * (check.kind === 'http' ? 1 : REQUESTS_A_SESSION) > MOST_UNREVIEWED)
    return `${burst} ${unitOf(check)} a look are a load`;
  if (check.kind !== 'http') return null;
  if (check.method === 'POST') return 'POST may change something';
  const header = Object.keys(check.headers).find((name) => !HARMLESS_HEADERS.includes(name.toLowerCase()));
  return header === undefined ? null : `the header ${header} may carry a credential`;
}

function eachString(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => eachString(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, eachString(item, change)]));
}

/** Where the plan looks: every origin it names. A redirect is followed to these and to no other. */
export const originsOf = (plan: BoundPlan): ReadonlySet<string> =>
  new Set(addresses(plan).flatMap((address) => originOf(address) ?? []));

function addresses(plan: VerifyPlan): string[] {
  return [...plan.checks.flatMap(placesOf), ...plan.snapshot.map((read) => read.url)];
}

/** Every address a check visits by itself. Monitoring and the place of commands stand in vigil.yml. */
export function placesOf(check: Check): string[] {
  if (check.kind === 'monitor' || check.kind === 'command') return [];
  if (!('steps' in check)) return [check.url, ...Object.values(check.at ?? {})];
  const walks = check.kind === 'swarm' && check.login ? [check.login, check] : [check];
  return walks.flatMap(({ start, steps }) => [
    start,
    ...steps.flatMap((one) => ('goto' in one ? [one.goto] : [])),
  ]);
}

function originOf(address: string): string | null {
  const parsed = URL.canParse(address) ? new URL(address) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? parsed.origin : null;
}
