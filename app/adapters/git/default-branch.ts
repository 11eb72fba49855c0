// The default branch of the origin, whatever it is called: git's HEAD. Must never guess a name.
import type { Clone } from './clone.ts';

const REF = 'refs/vigil/default';

/** Fetches what the origin's HEAD stands for and gives its commit; null when the origin has none. */
export async function fetchDefault(clone: Clone): Promise<string | null> {
  const depth = clone.depth === null ? [] : [`--depth=${clone.depth}`];
  try {
    await clone.reading().raw('fetch', '--progress', '--no-tags', ...depth, clone.url, `+HEAD:${REF}`);
  } catch (error) {
    if (/couldn't find remote ref/i.test(String(error))) return null;
    throw error;
  }
  return (await clone.local().raw('rev-parse', REF)).trim();
}
