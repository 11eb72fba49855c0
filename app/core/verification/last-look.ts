// A swarm is the last look of a verdict, and one is enough: it begins when every other check says what it should, and then its word is
// the verdict. Must never let a swarm begin earlier, nor a verdict stand that its swarm did not see.
import { cut } from '../text/cut.ts';
import { type Check, isLoad, type SwarmCheck } from './checks.ts';
import { namedIn, type Wanted } from './symptom.ts';

type Plan = { readonly checks: readonly Check[]; readonly symptom: { readonly checks: readonly Wanted[] } };
type Said = { readonly outcome: 'pass' | 'fail' | 'inconclusive'; readonly reason: string | null };
type Judged = { readonly verdict: string; readonly decided: boolean; readonly reason: string };
const WANTED = { red: 'red', green: 'confirmed' } as const;
const OTHER = { red: 'absent', green: 'refuted' } as const;

/** The swarm that a verdict ends with, and the load that is made beside it. Null: there is none. */
export function lastLook(
  { checks, symptom }: Plan,
  which: 'red' | 'green',
): { readonly swarm: SwarmCheck; readonly load: SwarmCheck | null } | null {
  const swarms = checks.filter((check) => check.kind === 'swarm');
  const swarm = swarms.find((check) => !isLoad(check));
  if (swarm === undefined) return null;
  if (which === 'red' && !namedIn({ all: symptom.checks }).includes(swarm.id)) return null;
  return { swarm, load: swarms.find(isLoad) ?? null };
}

/** Whether all that comes before the swarm is as it should be. `others`: how many checks that are. */
export const mayWalk = ({ verdict }: { verdict: string }, which: 'red' | 'green', others: number): boolean =>
  others === 0 || verdict === WANTED[which];

/** The verdict of a plan that has a swarm. `said`: what that showed; null: it has not been walked. */
export function withSwarm<J extends Judged>(
  judged: J,
  which: 'red' | 'green',
  others: number,
  swarm: SwarmCheck,
  said: Said | null,
): Omit<J, 'verdict'> & { verdict: J['verdict'] | 'red' | 'absent' | 'confirmed' | 'refuted' } {
  if (!mayWalk(judged, which, others)) return judged;
  const before = others === 0 ? '' : `${judged.reason}; then `;
  const end = (verdict: 'red' | 'absent' | 'confirmed' | 'refuted' | 'inconclusive', words: string) => ({
    ...judged,
    ...{ verdict, decided: true, reason: cut(`${before}${swarm.id} ${words}`, 500) },
  });
  if (said === null) return end('inconclusive', 'was not walked');
  if (said.outcome === 'inconclusive') return end('inconclusive', `saw nothing: ${said.reason}`);
  const hit = said.outcome === (which === 'red' ? 'fail' : 'pass');
  const words = said.outcome === 'pass' ? 'passed' : `failed: ${said.reason}`;
  return end(hit ? WANTED[which] : OTHER[which], words);
}

/** What is wrong with the swarms of a plan. */
export function swarmFaults({ checks, symptom }: Plan): string[] {
  const swarms = checks.filter((check) => check.kind === 'swarm');
  if (swarms.length === 0) return [];
  const named = namedIn({ all: symptom.checks });
  const [loads, proofs] = [swarms.filter(isLoad), swarms.filter((check) => !isLoad(check))];
  const others = checks.some(({ kind }) => kind !== 'swarm' && kind !== 'monitor');
  return [
    ...(proofs.length > 1 || loads.length > 1
      ? ['one swarm is enough for a plan, with one that only makes load beside it']
      : []),
    ...(proofs.length === 0
      ? [`${loads[0]?.id} makes load for nothing: no swarm is there that expects something`]
      : []),
    ...loads
      .filter(({ id }) => named.includes(id))
      .map(({ id }) => `${id} only makes load, and proves nothing that could be red`),
    ...proofs
      .filter(({ id }) => named.includes(id) && !symptom.checks.some((one) => one === id))
      .map(({ id }) => `${id} is red after all others, and never instead of them: take it out of \`any\``),
    ...(others
      ? []
      : ['a swarm comes last, so it needs another check before it: add one of a single visitor']),
  ];
}
