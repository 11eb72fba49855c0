// Puts weather around a world: in front of the app, into its clock, and into the hands of people. Without weather it must do
// nothing at all.

import { openHands, type Party } from './hands.ts';
import type { Listening } from './listen.ts';
import { startFront } from './weather/front.ts';
import type { Weather } from './weather/weather.ts';

/** A proxy at the app's public address, when the weather needs one there. */
export function openFront(weather: Weather | undefined, app: () => string): Promise<Listening> | null {
  const door = weather?.door('app');
  return door ? startFront(app, door) : null;
}

/** Settings of a process whose clock is wrong. */
export function clockOf(weather: Weather | undefined): Record<string, string> {
  const { clockMs = 0 } = weather ?? {};
  if (clockMs === 0) return {};
  return {
    NODE_OPTIONS: `--import=${new URL('./weather/clock.ts', import.meta.url).href}`,
    SANDBOX_CLOCK_AHEAD_MS: String(clockMs),
  };
}

/** Begins the weather; gives what ends it. */
export function beginWeather(weather: Weather | undefined, party: Party): () => Promise<void> {
  if (!weather) return async () => undefined;
  const { hands, close } = openHands(party);
  weather.begin(hands);
  return async () => {
    await weather.idle();
    await close();
  };
}
