// Walks the swarm of a plan as the last look of a verdict, with the load beside it, and makes one sample of it.
// Must never walk by another engine than the one that is named, nor take a swarm for proof whose load did not come about.

import type { Sample } from '#core/verification/plan';
import { orderOf } from '#core/verification/swarm-order';
import type { SwarmResult } from '#core/verification/swarm-result';
import { type SwarmSight, sightOfSwarm } from '#core/verification/swarm-sight';
import { type Look, sawNothing } from '../checks/look.ts';
import type { Walking } from '../checks/sampling.ts';
import { openBrowsers } from '../sessions.ts';
import { runSwarm } from './swarm.ts';

const NAMES = { lightpanda: 'Lightpanda', chromium: 'Chromium' } as const;

export async function lookAtSwarm(walking: Walking): Promise<Sample> {
  const { swarm, now } = walking;
  const at = now();
  const sight = await walked(walking);
  return { check: swarm.id, at: Math.round(at), ms: Math.round(now() - at), ...sight };
}

/** What the swarm showed, before anything is concluded from it. Or why it was not walked. */
export async function resultOfSwarm({
  swarm,
  load,
  browser,
  signal,
  onProgress,
}: Walking): Promise<{ readonly result: SwarmResult } | { readonly nothing: string }> {
  const set = openBrowsers(browser); // asked only what is set up: nothing is started
  for (const { engine } of load === null ? [swarm] : [swarm, load])
    if (!(await set.has(engine))) return { nothing: `${NAMES[engine]} should walk, and there is none here` };
  const over = new AbortController();
  const beside =
    load === null
      ? null
      : runSwarm(orderOf(load), { browser, signal: AbortSignal.any([signal, over.signal]) });
  // Whoever waits for the swarm hears of it; until then it must not end the process.
  beside?.catch(() => {});
  try {
    const result = await runSwarm(orderOf(swarm), { browser, signal, ...(onProgress ? { onProgress } : {}) });
    over.abort();
    const made = await beside;
    if (signal.aborted) return { nothing: 'stopped before the end' };
    if (made !== null && made.passed + made.failed === 0)
      return { nothing: `the load ${load?.id} was not made: ${made.errors[0]?.example ?? made.why}` };
    return { result };
  } finally {
    over.abort();
    await beside?.catch(() => {});
  }
}

async function walked(walking: Walking): Promise<SwarmSight | (Pick<Sample, 'engine' | 'overruled'> & Said)> {
  const { swarm, browser } = walking;
  const said = await resultOfSwarm(walking);
  if ('nothing' in said) {
    const { outcome, reason } = sawNothing(said.nothing);
    return { engine: swarm.engine, outcome, reason, overruled: null };
  }
  const accepts = browser.acceptsLightpanda === true;
  const alone = accepts && !(await openBrowsers(browser).has('chromium'));
  return sightOfSwarm(said.result, swarm.expect ?? { failing: '<= 1 %' }, alone);
}

type Said = Pick<Look, 'outcome' | 'reason'>;
