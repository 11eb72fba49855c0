// Every write of the happy path, each at three moments: the app is killed there, started again, and must end as if nothing had
// happened. It must never keep a list of the writes: the undisturbed run shows which there are.
import { isDeepStrictEqual } from 'node:util';
import { type Moment, moments, type Plan } from './gate.ts';
import { type Healed, type Lane, openLane } from './lane.ts';

export type Case = Plan & { name: string };
export type Verdict = Case & { equal: boolean; reached: boolean; difference: string; ms: number };
export type Sweep = { points: readonly string[]; verdicts: Verdict[]; seconds: number };

/** `only` picks points by number; `say` hears of every case. `lanes` worlds go on side by side. */
export async function sweep(options: {
  only?: (point: number, name: string, all: readonly string[]) => boolean;
  moments?: readonly Moment[];
  lanes?: number;
  say?: (line: string) => void;
}): Promise<Sweep> {
  const { only = () => true, lanes = 2, say = () => undefined } = options;
  const start = Date.now();
  const opened: Lane[] = [];
  while (opened.length < lanes) opened.push(await openLane());
  try {
    const undisturbed = await Promise.all(opened.map((lane) => lane.heal(null)));
    const [first] = undisturbed;
    if (!first) throw new Error('a sweep needs a lane');
    const points = first.writes;
    say(`${points.length} writes: ${points.join(', ')}`);
    const cases = points.flatMap((name, at) =>
      only(at, name, points) ? (options.moments ?? moments).map((moment) => ({ at, name, moment })) : [],
    );
    const verdicts: Verdict[] = [];
    const work = async (lane: Lane): Promise<void> => {
      for (let one = cases.shift(); one; one = cases.shift()) {
        const verdict = await tryOne(lane, one, first);
        verdicts.push(verdict);
        say(lineOf(verdict));
      }
    };
    await Promise.all(opened.map(work));
    return { points, verdicts, seconds: (Date.now() - start) / 1000 };
  } finally {
    await Promise.all(opened.map((lane) => lane.close()));
  }
}

async function tryOne(lane: Lane, one: Case, undisturbed: Healed): Promise<Verdict> {
  const start = Date.now();
  // Facts that wait share a push, so how many pushes there are is a matter of chance: a point may not come the first time.
  for (let tries = 0; ; tries++) {
    const healed = await lane.heal(one).catch((error: unknown) => String(error));
    const ms = Date.now() - start;
    if (typeof healed === 'string') return { ...one, equal: false, reached: true, difference: healed, ms };
    if (healed.killedAt === null && tries < 2) continue;
    const difference = differences(undisturbed.end, healed.end);
    const reached = healed.killedAt !== null;
    const name = healed.killedAt ?? one.name;
    return { ...one, name, reached, equal: reached && difference === '', difference, ms };
  }
}

export function lineOf({ at, name, moment, equal, reached, difference, ms }: Verdict): string {
  const what = equal ? 'equal' : reached ? `DIFFERS\n${difference}` : 'never came';
  return `point ${at} ${moment} ${name}: ${what} (${(ms / 1000).toFixed(1)} s)`;
}

/** Line by line what only one of the two has; empty when they are equal. */
function differences(expected: object, found: object): string {
  if (isDeepStrictEqual(expected, found)) return '';
  const lines = (value: object): string[] => JSON.stringify(value, null, 1).split('\n');
  const [before, after] = [lines(expected), lines(found)];
  const less = (these: string[], others: string[]): string[] => {
    const rest = [...others];
    return these.filter((line) => {
      const index = rest.indexOf(line);
      if (index >= 0) rest.splice(index, 1);
      return index < 0;
    });
  };
  const gone = less(before, after).map((line) => `  - ${line.trim()}`);
  const come = less(after, before).map((line) => `  + ${line.trim()}`);
  return [...gone, ...come].join('\n') || '  the same lines in another order';
}
