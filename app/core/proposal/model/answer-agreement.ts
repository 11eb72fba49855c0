// Whether several answers to one question agree: by what they would do, as the policy's parser lists it, not by their words.
// Must never call two answers equal when they change different things.
import type { JudgedCommand } from '#core/policy/types';

type Agreement = { value: number; sameTargets: boolean; reason: string };

/** One tuple for each command: its words with single spaces, and what it acts on. */
function tuples(commands: readonly JudgedCommand[]): Set<string> {
  return new Set(commands.map(({ argv, target }) => JSON.stringify([argv.join(' '), target])));
}

function targets(commands: readonly JudgedCommand[]): string {
  const changed = commands.filter(({ effect }) => effect !== 'read').map(({ target }) => target ?? '');
  return JSON.stringify([...new Set(changed)].sort());
}

/** The share that both do, of all that one of them does. Two scripts that do nothing have no agreement. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((item) => b.has(item)).length;
  const either = a.size + b.size - both;
  return either === 0 ? 0 : both / either;
}

/**
 * The lowest agreement of the first answer with each other answer, 0 to 100, rounded down. `null` stands for a repetition
 * without a proposal: it agrees with nothing. When one answer changes something else, the value is 0.
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
