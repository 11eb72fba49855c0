// Every kind of weather by name, and what a person who asks for weather gets. It must never guess: a name that is unknown is
// told with all that there are.
import { networks } from './networks.ts';
import { people } from './people.ts';
import type { Kind } from './terms.ts';
import { openWeather, type Weather } from './weather.ts';

export const kinds: Readonly<Record<KindName, Kind>> = { ...networks, ...people };
export type KindName = keyof typeof networks | keyof typeof people;
export const kindNames = [...Object.keys(networks), ...Object.keys(people)] as KindName[];

const MOST_DRAWN = 3;

/** `KIND[,KIND…]` or `seed:N`, which draws one to three kinds, the same ones for the same N; or the reason why not. */
export function readWeather(wanted: string): { ok: true; names: KindName[] } | { ok: false; reason: string } {
  const seed = /^seed:(\d{1,9})$/.exec(wanted)?.[1];
  if (seed !== undefined) return { ok: true, names: drawn(Number(seed)) };
  const names = wanted.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(kindNames as string[]).includes(name));
  return unknown === undefined
    ? { ok: true, names: [...new Set(names)] as KindName[] }
    : { ok: false, reason: `there is no weather ${JSON.stringify(unknown)}` };
}

/** One line for each kind. */
export const weatherKinds = (): string[] => {
  const width = Math.max(...kindNames.map((name) => name.length));
  return kindNames.map((name) => `${name.padEnd(width)}  ${kinds[name].about}`);
};

export const weatherOf = (names: readonly KindName[]): Weather =>
  openWeather(Object.fromEntries(names.map((name) => [name, kinds[name]])));

/** mulberry32: a small generator whose numbers are the same everywhere. https://github.com/cprosche/mulberry32 */
function drawn(seed: number): KindName[] {
  let state = seed >>> 0;
  const below = (most: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
  const rest = [...kindNames];
  return Array.from(
    { length: 1 + below(MOST_DRAWN) },
    () => rest.splice(below(rest.length), 1)[0] as KindName,
  );
}
