// One lane of work: it judges texts, runs the allowed ones in the sandbox in batches, and tells what they did beyond their verdicts.
// It must never leave an allowed text unexecuted without counting it.
import { judge } from '#core/policy/judge';
import { diceOf } from './random.ts';
import { context, textAt } from './texts.ts';
import { lookerFor, type Violation } from './violations.ts';
import { hostile } from './words.ts';
import { execute, type Order } from './world.ts';

export type Counts = {
  texts: number;
  allowed: number;
  executed: number;
  /** Allowed texts that were run before, letter for letter. */
  repeated: number;
  calls: number;
  /** Runs of which nothing is known, since the sandbox ended before. */
  lost: number;
  judging: number;
  running: number;
};
export type Caught = { seed: number; number: number; order: Order; violations: Violation[] };

export const nothing = (): Counts => ({
  texts: 0,
  allowed: 0,
  executed: 0,
  repeated: 0,
  calls: 0,
  lost: 0,
  judging: 0,
  running: 0,
});

/** How the world answers this text: by its number, like the text itself. */
export function orderOf(seed: number, number: number, script: string): Order {
  const dice = diceOf(seed + 1, number);
  const honest = dice.chance(25);
  return {
    script,
    code: ([0, 0, 1, 2] as const)[dice.below(4)] ?? 0,
    answer: honest ? '7\n' : `${dice.of(hostile)}\n`,
  };
}

const batch = 250;

/** Judges the texts from `first` to below `last`; `runs` is false where there is no sandbox; `until` is a time in milliseconds. `told` hears of each batch. */
export function work(
  {
    seed,
    first,
    last,
    runs,
    until = Number.POSITIVE_INFINITY,
  }: { seed: number; first: number; last: number; runs: boolean; until?: number },
  told: (counts: Counts, caught: Caught[]) => void,
): void {
  const seen = new Set<string>();
  let waiting: { number: number; order: Order }[] = [];
  let counts = nothing();
  const flush = (): void => {
    const began = performance.now();
    const caught = runs ? check(seed, waiting, counts) : [];
    counts.running += performance.now() - began;
    told(counts, caught);
    [waiting, counts] = [[], nothing()];
  };
  for (let number = first; number < last && Date.now() < until; number++) {
    const script = textAt(seed, number);
    const began = performance.now();
    const { verdict } = judge(script, context);
    counts.judging += performance.now() - began;
    counts.texts++;
    if (verdict !== 'allow') continue;
    counts.allowed++;
    if (seen.has(script)) counts.repeated++;
    else waiting.push({ number, order: orderOf(seed, number, script) });
    seen.add(script);
    if (waiting.length >= batch) flush();
  }
  flush();
}

function check(seed: number, waiting: readonly { number: number; order: Order }[], counts: Counts): Caught[] {
  const runs = execute(waiting.map(({ order }) => order));
  return waiting.flatMap(({ number, order }, at) => {
    const run = runs[at];
    if (!run) {
      counts.lost++;
      return [];
    }
    counts.executed++;
    counts.calls += run.calls.length;
    const violations = lookerFor(judge(order.script, context).commands)(run);
    return violations.length > 0 ? [{ seed, number, order, violations }] : [];
  });
}

/** What of these orders, each judged to be allowed, does the same kind of thing. */
export function violating(orders: readonly Order[], kind: Violation['kind']): Order[] {
  const allowed = orders.filter(({ script }) => judge(script, context).verdict === 'allow');
  const runs = execute(allowed);
  return allowed.filter((order, at) => {
    const run = runs[at];
    return run && lookerFor(judge(order.script, context).commands)(run).some((one) => one.kind === kind);
  });
}
