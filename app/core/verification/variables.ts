// Values that a journey reads from a page and uses in a later step, written `{read.order}`. A parameter of the inventory is
// `{ORDER}`, so that nobody takes one for the other.
// Must never let a page's word decide which site is visited, which element is meant, or what another check does.
import type { Step } from './steps.ts';

export const USE_BEGINS = '{read.';
const USE = /\{read\.([^{}]*)\}/g;
// Up to the first slash after the host. What comes behind cannot lead to another site.
const BEHIND_HOST = /^(https?:\/\/[^/?#]+|\{[A-Z][A-Z0-9_]*\}[^/?#]*)[/?#]/i;
const MOST_VALUE = 200;

type Kind = 'http' | 'page' | 'performance' | 'monitor';
type Walk = { readonly start: string; readonly steps: readonly Step[] };
type Journey = Walk & { readonly kind: 'journey' | 'swarm'; readonly login?: Walk | undefined };

/** What is wrong with the uses of a check, or null. */
export function usesFault(check: Journey | { readonly kind: Kind }): string | null {
  if (!('steps' in check))
    return isUsed(check) ? `only a journey reads, so that ${USE_BEGINS}…} has no value here` : null;
  const login = check.login === undefined ? null : walkFault(check.login);
  return login === null ? walkFault(check) : `login: ${login}`;
}

function walkFault(check: Walk): string | null {
  if (isUsed(check.start)) return 'the start of a journey has read nothing yet';
  const known = new Set<string>();
  for (const [at, step] of check.steps.entries()) {
    const said = stepFault(step, known);
    if (said !== null) return `step ${at + 1}: ${said}`;
    if (!('read' in step)) continue;
    if (known.has(step.read.name)) return `step ${at + 1}: ${step.read.name} is read twice`;
    known.add(step.read.name);
  }
  return null;
}

function stepFault(step: Step, known: ReadonlySet<string>): string | null {
  if ('goto' in step) {
    const [head = ''] = step.goto.split(USE_BEGINS);
    if (isUsed(step.goto) && !BEHIND_HOST.test(head))
      return 'a value stands behind the host, in path or query';
  }
  const names: string[] = [];
  const rest = inPlaces(step, (text) =>
    text.replace(USE, (_, name: string) => {
      names.push(name);
      return 'x';
    }),
  );
  if (isUsed(rest))
    return 'a value may stand in goto, in what is filled or selected, and in text, url and attribute of expect';
  const unknown = names.find((name) => !known.has(name));
  return unknown === undefined ? null : `no step before it reads ${JSON.stringify(unknown)}`;
}

const isUsed = (value: unknown): boolean => JSON.stringify(value).includes(USE_BEGINS);

/** The step as it is taken: each use replaced by its value, once. In an address it is one part of the path or the query. */
export const withValues = (step: Step, values: ReadonlyMap<string, string>): Step =>
  inPlaces(step, (text, isAddress) =>
    text.replace(USE, (whole, name: string) => {
      const value = values.get(name) ?? whole;
      return isAddress ? encodeURIComponent(value) : value;
    }),
  );

/** What was read, as a value of one line. Or why it is none. */
export function asValue(read: string): { readonly value: string } | { readonly why: string } {
  const value = read.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (value === '') return { why: 'it is empty' };
  if (value.length > MOST_VALUE) return { why: `it is longer than ${MOST_VALUE} letters` };
  // A part of a path that consists of dots leads to another path.
  return /^\.+$/.test(value) || !value.isWellFormed() ? { why: 'it is no value' } : { value };
}

/** Where a value may stand. */
function inPlaces(step: Step, change: (text: string, isAddress: boolean) => string): Step {
  if ('goto' in step) return { goto: change(step.goto, true) };
  if ('fill' in step) return { fill: { ...step.fill, value: change(step.fill.value, false) } };
  if ('select' in step) return { select: { ...step.select, value: change(step.select.value, false) } };
  if (!('expect' in step)) return step;
  const { text, url, attribute } = step.expect;
  return {
    expect: {
      ...step.expect,
      ...(text === undefined ? {} : { text: change(text, false) }),
      ...(url === undefined ? {} : { url: change(url, true) }),
      ...(attribute?.value ? { attribute: { ...attribute, value: change(attribute.value, false) } } : {}),
    },
  };
}
