// Whether a parsed document is one that can be read to its end. An alias of YAML may lead back into what holds it, or name the same
// long list a thousand times.
// Must never follow a document further than a person could write one.
const MOST = 20_000;

/** Counts each place of it, also where one value stands twice. */
export function hasEnd(document: unknown): boolean {
  const left = [document];
  for (let seen = 0; left.length > 0; seen += 1) {
    if (seen >= MOST || left.length > MOST) return false;
    const value = left.pop();
    if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) left.push(inner);
  }
  return true;
}
export const ENDLESS = 'it has no end, or too many parts: an alias leads back into its own value';
