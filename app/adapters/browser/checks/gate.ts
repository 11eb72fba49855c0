// Waits until everything that a swarm comes after is well, as far as one look can tell: the last thing before a load is made.
// Must never take a check that saw nothing for well, nor wait longer than it is told.

import { setTimeout as delay } from 'node:timers/promises';
import { singles } from '#core/verification/checks';
import { needsKeys } from '#core/verification/needs-keys';
import { type BoundPlan, originsOf, type Sample } from '#core/verification/plan';
import { type BrowserOptions, openBrowsers } from '../sessions.ts';
import { look } from './sight.ts';

const PAUSE_MS = 10_000;

type Waiting = {
  readonly plan: BoundPlan;
  readonly browser: BrowserOptions;
  readonly within_ms: number;
  readonly pause_ms?: number;
  readonly onSample?: (sample: Sample) => void;
  readonly signal: AbortSignal;
};

/** Null: all passed in one turn. Otherwise what did not, the last time. What needs a key is not looked at here. */
export async function whenWell(waiting: Waiting): Promise<string | null> {
  const { plan, browser, within_ms, pause_ms = PAUSE_MS, signal } = waiting;
  const checks = singles(plan.checks).filter((check) => !needsKeys(check));
  if (checks.length === 0) return 'no check before it can be looked at without a key';
  const browsers = openBrowsers(browser);
  const { acceptsLightpanda } = browser;
  const now = () => performance.timeOrigin + performance.now();
  const eyes = { browsers, origins: originsOf(plan), datadog: null, signal, now, acceptsLightpanda };
  const ends = now() + within_ms;
  let ill = 'nothing was looked at';
  try {
    for (;;) {
      let well = true;
      for (const check of checks) {
        const at = now();
        const sighting = await look(check, eyes);
        if (signal.aborted) return `stopped: ${ill}`;
        waiting.onSample?.({ check: check.id, at: Math.round(at), ms: Math.round(now() - at), ...sighting });
        if (sighting.outcome === 'pass') continue;
        ill = `${check.id} is not well: ${sighting.reason}`;
        well = false;
        break;
      }
      if (well) return null;
      if (now() + pause_ms > ends) return ill;
      await delay(pause_ms, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return `stopped: ${ill}`;
    }
  } finally {
    await browsers.close();
  }
}
