// Groups what went wrong in many sessions: reasons that differ only in numbers, names and addresses are one class.
// Must never show more of a reason than the first of its class does, and never hold a list without an end.
import { cut } from '../text/cut.ts';

const MOST_CLASSES = 20;

/** A class of reasons: what they have in common, how many there were, and the first of them word for word. */
export type ErrorClass = { readonly kind: string; readonly count: number; readonly example: string };

/** The reason without what changes from session to session. */
export function kindOf(reason: string): string {
  const bare = reason
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"',;)]+/gi, 'ADDRESS')
    .replaceAll(/\b(\d{1,3}\.){3}\d{1,3}(:\d+)?\b|\[[0-9a-f:]{3,}\](:\d+)?/gi, 'ADDRESS')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b/gi, 'ID')
    .replaceAll(/(?<!\bstep )\b\d+(\.\d+)?\b/g, (number) => (isStatus(number) ? number : 'N'));
  return cut(bare, 200);
}

// A status is what tells one fault from another: 404 and 503 are not one class.
const isStatus = (number: string): boolean => /^[1-5]\d\d$/.test(number);

/** The most frequent first. Beyond twenty classes, the rest is one. */
export function classesOf(reasons: readonly string[]): ErrorClass[] {
  return merged(reasons.map((example) => ({ kind: kindOf(example), count: 1, example })));
}

/** The classes of several swarms, or of one that was told in parts. */
export function merged(classes: readonly ErrorClass[]): ErrorClass[] {
  const all = new Map<string, ErrorClass>();
  for (const one of classes) {
    const known = all.get(one.kind);
    all.set(one.kind, known ? { ...known, count: known.count + one.count } : one);
  }
  const sorted = [...all.values()].toSorted((a, b) => b.count - a.count || a.kind.localeCompare(b.kind));
  const rest = sorted.slice(MOST_CLASSES - 1);
  if (rest.length < 2) return sorted;
  const count = rest.reduce((sum, one) => sum + one.count, 0);
  return [...sorted.slice(0, MOST_CLASSES - 1), { kind: 'others', count, example: rest[0]?.example ?? '' }];
}
