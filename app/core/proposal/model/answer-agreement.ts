// Whether several answers to one question agree, by what the policy's parser says they would do: not by their words.
// Must never call answers alike that touch different things.
import type { JudgedCommand } from '#core/policy/types';

type Agreement = { value: number; sameTargets: boolean; reason: string };

/** One tuple per command: the words with their spacing settled, and what it acts on. */
function tuples(commands: readonly JudgedCommand[]): Set<string> {
  return new Set(commands.map(({ argv, target }) => JSON.stringify([argv.join(' '), target])));
}

function targets(commands: readonly JudgedCommand[]): string {
  const changed = commands.filter(({ effect }) => effect !== 'read').map(({ target }) => target ?? '');
  return JSON.stringify([...new Set(changed)].sort());
}

/** Share of what both do of all that either does; two scripts that do nothing agree about nothing. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((item) => b.has(item)).length;
  const either = a.size + b.size - both;
  return either === 0 ? 0 : both / either;
}

/**
 * The lowest agreement of the first answer with each other one, 0 to 100, rounded down. `null` stands for a repetition
 * that gave no proposal, which agrees with nothing. When any answer changes something else, the value is 0.
 */
export function agreement(
  first: readonly JudgedCommand[],
  others: readonly (readonly JudgedCommand[] | null)[],
): Agreement {
  const own = tuples(first);
  const missing = others.filter((other) => other === null).length;
  const differing = others.filter((other) => other !== null && targets(other) !== targets(first)).length;
  const shares = others.map((other) => (other === null ? 0 : jaccard(own, tuples(other))));
  const value = differing > 0 || shares.length === 0 ? 0 : Math.floor(Math.min(...shares) * 100);
  const asked = others.length + 1;
  return {
    value,
    sameTargets: differing === 0,
    reason:
      missing > 0
        ? `${missing} of ${asked} answers proposed nothing`
        : differing > 0
          ? `${differing + 1} of ${asked} answers would change different things`
          : `${asked} answers, the least alike agree on ${value} % of commands and targets`,
  };
}
