// Says what a plan cannot see, however often it looks: only what the plan's own words show. Must never fail a check for it, say more
// than one line of a kind, or guess how a service is built.
import { type Check, rateOf } from '#core/verification/checks';
import { type BoundPlan, placesOf } from '#core/verification/plan';
import { fitsStatus } from '#core/verification/status';
import { namedIn } from '#core/verification/symptom';
import type { Problem, Say } from './problem.ts';

/** What people call the incident, and what the inventory knows of the service. */
export type About = {
  readonly title: string;
  readonly alerts: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
};
type Spot = { readonly path: readonly string[]; readonly cause: string; readonly cure: string };
type Plan = { readonly plan: BoundPlan; readonly symptom: readonly Check[]; readonly about: About };

const SELF =
  /^(\/(api|v\d+|internal|actuator|-))?\/(health(z|check)?|statusz?|ready(z)?|readiness|live(z|ness)?|alive|ping|heartbeat)(\/.*)?$/i;
const FILE = /\.(css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|woff2?|txt|pdf)$/i;
const CACHE_HEADERS = ['age', 'x-cache', 'cf-cache-status', 'cache-status', 'cache-control'];
const WRITES =
  /\b(checkout|order(s|ing)?|payments?|purchases?|uploads?|sign-?ups?|registration|booking|writes?|writing|publishing)\b/i;
const PLACES = /\b(region|zone|shard|data ?cent(er|re)|replica|partition)s?\b/i;

/** Notes of one runbook's plan, bound to the inventory, in the order of its lines. */
export function checkSight(
  plan: BoundPlan,
  about: About,
  lineOf: (path: readonly string[]) => number,
  say: Say,
): Problem[] {
  const named = namedIn({ all: plan.symptom.checks });
  const seen = { plan, symptom: plan.checks.filter(({ id }) => named.includes(id)), about };
  const self = itself(seen);
  const spots = [
    self,
    self ? null : writes(seen),
    statusOnly(seen),
    cached(seen),
    elsewhere(seen),
    place(seen),
  ];
  return spots.flatMap((spot) =>
    spot === null ? [] : [say(lineOf(spot.path), spot.cause, spot.cure, 'note')],
  );
}

function itself({ plan, symptom }: Plan): Spot | null {
  const [first] = symptom;
  if (first === undefined || !symptom.every(isHealth)) return null;
  const cause = `${namesOf(symptom)} is what the service says of itself, and users may see something else`;
  return { path: pathOf(plan, first), cause, cure: 'Let the symptom hold something that users do as well' };
}

function writes({ symptom, about }: Plan): Spot | null {
  const word = WRITES.exec([about.title, ...about.alerts].join('\n'))?.[0].toLowerCase();
  if (word === undefined || symptom.some(isWriting)) return null;
  return {
    path: ['symptom'],
    cause: `the runbook is about "${word}", and its symptom only reads: reading may be well all the while`,
    cure: 'Add a journey that does what users do, or a POST',
  };
}

function statusOnly({ plan, symptom }: Plan): Spot | null {
  const bare = symptom.filter((check) => !isHealth(check) && isBare(check));
  const [first] = bare;
  if (first === undefined) return null;
  const cause = `of ${namesOf(bare)} only the status is looked at, and an error page that is sent with it passes`;
  return {
    path: pathOf(plan, first),
    cause,
    cure: 'Expect a text, a value or an element that only a good answer has',
  };
}

function cached({ plan, symptom }: Plan): Spot | null {
  const kept = symptom.find((check) => check.kind === 'http' && isKept(check));
  if (kept === undefined) return null;
  const cause = `${kept.id} may be answered by a cache in front while the service behind it is down`;
  return {
    path: pathOf(plan, kept),
    cause,
    cure: 'Ask for what is made anew, or expect `header: { age: { present: false } }`',
  };
}

function elsewhere({ plan, symptom }: Plan): Spot | null {
  if (plan.checks.length > symptom.length) return null;
  return {
    path: ['symptom', 'checks'],
    cause:
      'nothing is looked at but the symptom, so that a fix that breaks something else counts as a recovery',
    cure: 'Add a check of what works now',
  };
}

/** Other places of the same service: by the inventory's own addresses, or by the runbook's own words. */
function place({ plan, about }: Plan): Spot | null {
  const addresses = plan.checks.flatMap(placesOf).flatMap((address) => URL.parse(address)?.origin ?? []);
  const others = Object.entries(about.parameters).filter(([, value]) => {
    const url = URL.parse(value);
    return (
      url !== null &&
      /^https?:$/.test(url.protocol) &&
      url.pathname === '/' &&
      !addresses.includes(url.origin)
    );
  });
  const word = PLACES.exec([about.title, ...about.alerts].join('\n'))?.[0].toLowerCase();
  const one = new Set(addresses).size < 2;
  if (others.length === 0 && (word === undefined || !one)) return null;
  const why =
    others.length > 0
      ? `no check looks at ${others.map(([name]) => name).join(', ')}, where the inventory has the service as well`
      : `the runbook is about "${word}", and every check looks at one and the same address`;
  return { path: ['checks'], cause: why, cure: 'Name the others in `at`, if what fails there matters' };
}

const isHealth = (check: Check): boolean =>
  (check.kind === 'http' || check.kind === 'page' || check.kind === 'performance') &&
  SELF.test(URL.parse(check.url)?.pathname ?? '');

const isWriting = (check: Check): boolean =>
  'steps' in check
    ? check.steps.some((step) => 'click' in step || 'press' in step)
    : check.kind === 'http' && check.method === 'POST';

function isBare(check: Check): boolean {
  if ('steps' in check || check.kind === 'monitor' || check.kind === 'command') return false;
  // An error page is fast.
  if (check.kind === 'performance') return check.expect.text.length + check.expect.selector.length === 0;
  if (check.kind === 'page') {
    const { text, selector, no_errors } = check.expect;
    return text.length + selector.length === 0 && !no_errors;
  }
  const { status, location, below_ms, json, schema, contains, body, header, tls_days_left } = check.expect;
  const parts = [Object.keys(json), contains, Object.keys(header)];
  return (
    fitsStatus(status, 200) &&
    [location, below_ms, schema, body, tls_days_left].every((one) => one === undefined) &&
    parts.every((part) => part.length === 0)
  );
}

/** A file that caches keep; or one page, asked for so often that a cache would have it, and nothing that keeps the cache out. */
function isKept(check: Extract<Check, { kind: 'http' }>): boolean {
  const url = URL.parse(check.url);
  if (url === null || check.method === 'POST' || url.search !== '') return false;
  const sent = Object.keys(check.headers).some((name) => name.toLowerCase() === 'cache-control');
  const expected = Object.keys(check.expect.header).some((name) =>
    CACHE_HEADERS.includes(name.toLowerCase()),
  );
  if (sent || expected) return false;
  if (FILE.test(url.pathname)) return true;
  return (
    rateOf(check) !== null && !isHealth(check) && !/(^|\/)(api|graphql|rpc|v\d+)(\/|$)/i.test(url.pathname)
  );
}

const pathOf = (plan: BoundPlan, check: Check): string[] => ['checks', String(plan.checks.indexOf(check))];
const namesOf = (checks: readonly Check[]): string => checks.map(({ id }) => id).join(', ');
