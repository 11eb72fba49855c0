// The weather of a world: what networks, vendors and people do to Vigil besides what they should. It must never reach into the
// app, and never trouble a person of the sandbox: only what Vigil asks for, and what is delivered to it, can go wrong.
import type { Door } from '../listen.ts';
import { openDoor } from './door.ts';
import type { Server } from './places.ts';
import type { Deliveries, Hands, Happening, Kind, Rule } from './terms.ts';

export type Weather = {
  names: readonly string[];
  /** In front of one server; null in fair weather, so that nothing stands in the way. */
  door(server: Server): Door | null;
  /** When a delivery goes out, in milliseconds from now: once by itself, twice, later, or never. */
  delays(delivery: Parameters<Deliveries>[0]): readonly number[];
  /** Tells people what GitHub tells everybody; who reacts does so beside the story. */
  happened(happening: Happening): void;
  /** The world is up: from now on things go wrong, and people can act. Before it everything is fair. */
  begin(hands: Hands): void;
  /** How far the app's clock is ahead of everybody else's, in milliseconds. */
  clockMs: number;
  /** Whether something stands between the app and those who call it. */
  reachesApp: boolean;
  /** How often each kind did something. */
  struck(): Readonly<Record<string, number>>;
  /** What people could not do, in words; nothing must be in vain unseen. */
  stumbled(): readonly string[];
  /** Waits for people who are still acting. */
  idle(): Promise<void>;
};

/** Weather of some kinds at once, by name; fair when there are none. */
export function openWeather(kinds: Readonly<Record<string, Kind>> = {}): Weather {
  const struck: Record<string, number> = {};
  const stumbled: string[] = [];
  const acts = new Set<Promise<void>>();
  const strike = (name: string): void => {
    struck[name] = (struck[name] ?? 0) + 1;
  };
  const all = Object.entries(kinds);
  const rules = all.flatMap(([name, { rules: own = [] }]) => own.map((rule) => ({ ...rule, name })));
  let hands: Hands | null = null;
  let turn = 0;
  const reaches = (server: Server): boolean =>
    rules.some(({ at }) => at.some((place) => SERVES[server].includes(place)));
  return {
    names: all.map(([name]) => name),
    door: (server) => (reaches(server) ? openDoor(server, rules, strike, () => hands !== null) : null),
    delays(delivery) {
      if (hands === null) return [0];
      const counted = { ...delivery, turn: turn++ };
      return all.reduce<readonly number[]>(
        (times, [name, { deliveries }]) => {
          const changed = deliveries?.(counted) ?? null;
          if (changed === null) return times;
          strike(name);
          return changed.flatMap((later) => times.map((time) => time + later));
        },
        [0],
      );
    },
    happened(happening) {
      const able = hands;
      if (able === null) return;
      for (const [name, { people = [] }] of all)
        for (const { on, act } of people.filter((one) => one.on === happening.event)) {
          const done = (async () => {
            if (await act(able, happening)) strike(name);
          })().catch((error: Error) => void stumbled.push(`${name}, on ${on}: ${error.message}`));
          acts.add(done);
          void done.finally(() => acts.delete(done));
        }
    },
    begin(next) {
      hands = next;
    },
    clockMs: all.reduce((sum, [, { clockMs = 0 }]) => sum + clockMs, 0),
    reachesApp: reaches('app'),
    struck: () => ({ ...struck }),
    stumbled: () => [...stumbled],
    async idle() {
      while (acts.size > 0) await Promise.all(acts);
    },
  };
}

const SERVES: Readonly<Record<Server, readonly Rule['at'][number][]>> = {
  ...{ github: ['github', 'git', 'identity'], app: ['app'] },
  ...{ pagerduty: ['pagerduty'], slack: ['slack'], datadog: ['datadog'], coder: ['coder'] },
};
