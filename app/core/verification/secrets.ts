// Secrets that a check needs, by reference: `{secret.SHOP_PASSWORD}` in what a journey or a form fills, or in a header or body of an http
// check. vigil.yml lists them, and where each may go; the values come from the environment of the job that measures.
// Must never let one into an address, a selector or an expectation, nor to an origin that is not listed for it.
import type { Step } from './steps.ts';

export const SECRET_BEGINS = '{secret.';
const USE = /\{secret\.([A-Z][A-Z0-9_]{0,60})\}/g;
/** A shorter one stands in other words by chance, and could not be kept out of them. */
const LEAST = 8;

/** What vigil.yml says of them. */
type Listed = Readonly<Record<string, { readonly origins: readonly string[] }>>;

/** By name; null: this job has no value of it. */
export type CheckSecrets = Readonly<
  Record<string, { readonly origins: readonly string[]; readonly value: string | null }>
>;

type Journey = { readonly kind: 'journey'; readonly steps: readonly Step[] };
type Http = {
  readonly kind: 'http';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly redirects: 'none' | 'follow';
};
type Other = { readonly kind: 'page' | 'performance' | 'monitor' | 'command' | 'swarm' };
type Naming = Journey | Http | Other;

/** What is wrong with the uses of a check, or null. */
export function secretFault(check: Naming): string | null {
  if (!isNamed(check)) return null;
  const texts = placesIn(check);
  if (texts.some((text) => text.includes('{read.')))
    return 'a secret and a value of the page do not stand in one text';
  const rest = inPlaces(check, (text) => text.replace(USE, 'x'));
  if (isNamed(rest))
    return `${SECRET_BEGINS}NAME} may stand in what a journey or a form fills, and in a header or body of an http check`;
  if (check.kind === 'http' && check.redirects === 'follow')
    return 'a secret is sent to one place, and not where an answer leads: redirects: none';
  return null;
}

/** The names of the secrets that a look at it takes. */
export const secretsIn = (check: Naming): string[] => [
  ...new Set(placesIn(check).flatMap((text) => [...text.matchAll(USE)].map(([, name = '']) => name))),
];

export const isNamed = (value: unknown): boolean => JSON.stringify(value).includes(SECRET_BEGINS);

/** Why it cannot be looked at with these. Null: it can. */
export function lackOf(check: Naming, secrets: CheckSecrets): string | null {
  for (const name of secretsIn(check)) {
    const own = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (own === undefined) return `check_secrets of vigil.yml does not list ${name}`;
    if (own.value === null) return `this job has no value of the secret ${name}: docs/checks.md#secrets`;
  }
  return null;
}

/** Why the secrets of a text may not go to this origin. Null: they may. */
export function refusalAt(
  origin: string | null,
  names: readonly string[],
  secrets: CheckSecrets,
): string | null {
  const name = names.find((one) => origin === null || !secrets[one]?.origins.includes(origin));
  return name === undefined
    ? null
    : `the secret ${name} is not for ${origin ?? 'this page'}: check_secrets of vigil.yml lists where it may go`;
}

/** The text with its secrets. What stands in a secret is never taken for another one. */
export const filled = (text: string, secrets: CheckSecrets): string =>
  text.replace(USE, (whole, name: string) => secrets[name]?.value ?? whole);

/** The check as it is sent. */
export const withSecrets = <C extends Naming>(check: C, secrets: CheckSecrets): C =>
  inPlaces(check, (text) => filled(text, secrets)) as C;

/** The values for what vigil.yml lists. `given`: an object of names and texts. A fault names no value. */
export function readSecrets(listed: Listed, given: unknown): { secrets: CheckSecrets; faults: string[] } {
  const values = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
  const faults = given === null || values === given ? [] : ['it is no object of names and texts'];
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(listed, name)) faults.push(`${name} is not listed in check_secrets of vigil.yml`);
    else if (!isValue(value)) faults.push(`${name} is no text of one line with ${LEAST} to 1000 letters`);
  }
  const secrets = Object.entries(listed).map(([name, { origins }]) => {
    const value: unknown = Object.entries(values).find(([one]) => one === name)?.[1];
    return [name, { origins, value: isValue(value) ? value : null }] as const;
  });
  return { secrets: Object.fromEntries(secrets), faults };
}

const isValue = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length >= LEAST &&
  value.length <= 1000 &&
  !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value);

/** Where a secret may stand. */
function placesIn(check: Naming): string[] {
  if (check.kind === 'journey')
    return check.steps.flatMap((step) => ('fill' in step ? [step.fill.value] : []));
  if (check.kind !== 'http') return [];
  return [...Object.values(check.headers), ...(check.body === undefined ? [] : [check.body])];
}

function inPlaces(check: Naming, change: (text: string) => string): Naming {
  if (check.kind === 'journey') {
    const steps = check.steps.map((step) =>
      'fill' in step ? { fill: { ...step.fill, value: change(step.fill.value) } } : step,
    );
    return { ...check, steps };
  }
  if (check.kind !== 'http') return check;
  const headers = Object.fromEntries(
    Object.entries(check.headers).map(([name, value]) => [name, change(value)]),
  );
  return { ...check, headers, ...(check.body === undefined ? {} : { body: change(check.body) }) };
}
