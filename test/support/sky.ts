// The weather that a whole run of stories is told in: VIGIL_TEST_WEATHER names its kinds, as `--weather` does. Fair without it.
// It must never take a name that it does not know for fair weather.
import { readWeather, weatherOf } from '../../sandbox/weather/kinds.ts';
import type { Weather } from '../../sandbox/weather/weather.ts';

const wanted = process.env['VIGIL_TEST_WEATHER'];
const read = wanted ? readWeather(wanted) : null;
if (read && !read.ok) throw new Error(`VIGIL_TEST_WEATHER: ${read.reason}`);

/** A weather of its own for one world; none when it is fair. */
export const sky = (): Weather | undefined => (read?.ok ? weatherOf(read.names) : undefined);

/** Where answers are lost, Vigil may look and write once more. */
export const writesMore = read?.ok ? 2 : 0;
