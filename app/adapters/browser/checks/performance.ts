// Loads a page several times, each as a new visitor, and says how long that takes and what it weighs.
// It must never take a time from the browser, measure two loads at once, or ask a browser that draws nothing.

import { SESSIONS } from '#core/verification/bursts';
import type { PageCheck, PerformanceCheck } from '#core/verification/checks';
import type { Seen } from '#core/verification/engines';
import { judgeLoads, type Loaded, type Measured } from '#core/verification/performance';
import type { Browsers, Session } from '../sessions.ts';
import { after } from '../within.ts';
import { type Driver, type Said, watch } from './driver.ts';
import { expect } from './expectations.ts';
import { fail, type Look, pass, sawNothing } from './look.ts';
import { weigh } from './weight.ts';

/** Each load in a context of its own: no cache, cookie or connection of another. None begins after the time of a burst. */
export async function lookAtPerformance(
  check: PerformanceCheck,
  browsers: Browsers,
  signal: AbortSignal,
  now: () => number,
): Promise<Seen & { readonly measured?: Measured }> {
  const seen = ({ outcome, reason }: Look): Seen => ({ engine: 'chromium', outcome, reason });
  const loads: Loaded[] = [];
  const late = after(SESSIONS.begins_s);
  let lost: string | null = null;
  // Two that failed decide it, and nobody waits for the others.
  const failed = () => loads.filter((one) => 'failed' in one).length;
  for (let n = 0; n < check.loads && failed() < 2 && !late.aborted && !signal.aborted; n += 1) {
    const lease = await browsers.lease('chromium');
    if (!lease.ok) {
      lost = `no browser: ${lease.reason}`;
      break;
    }
    const one = await load(check, lease.session, signal, now).finally(lease.session.release);
    if ('nothing' in one) lost = one.nothing;
    else loads.push(one);
  }
  if (signal.aborted) return seen(sawNothing('stopped before the loads ended'));
  const said = judgeLoads(loads, check.expect);
  if ('nothing' in said)
    return seen(sawNothing(lost === null ? said.nothing : `${said.nothing}; one: ${lost}`));
  return { ...seen(said.fault === null ? pass : fail(said.fault)), measured: said.measured };
}

/** From the first word of the request until all of the page is loaded, and what is expected can be seen. */
async function load(
  check: PerformanceCheck,
  session: Session,
  signal: AbortSignal,
  now: () => number,
): Promise<Loaded | { readonly nothing: string }> {
  const { id, url, timeout_s } = check;
  const { status, text, selector, bytes, requests } = check.expect;
  const page: PageCheck = {
    ...{ id, kind: 'page', url, timeout_s },
    expect: { status, text, selector, no_errors: false },
  };
  let [loaded, ms] = [0, 0];
  const weight = await weigh(session.page).catch(() => null);
  if (weight === null) return { nothing: 'the browser does not tell what it loads' };
  session.page.on('load', () => {
    loaded = now();
  });
  const look = await watch(session, page, signal, async (driver) => {
    driver.allow(status);
    const began = now();
    const said = (await driver.open(url)) ?? (await ended(driver, () => loaded >= began));
    const answered = await driver.status();
    if (answered !== null && answered !== status) return `the page answered ${answered}, expected ${status}`;
    if (said !== null) return said;
    ms = loaded - began;
    for (const wanted of [
      ...selector.map((one) => ({ selector: one })),
      ...text.map((one) => ({ text: one })),
    ]) {
      const missing = await expect(driver, { status, ...wanted });
      if (missing !== null) return missing;
      ms = now() - began;
    }
    // What a page asks for a moment later belongs to it.
    if (bytes !== undefined || requests !== undefined) await driver.quiet();
    return driver.errorPage();
  });
  if (look.outcome === 'inconclusive') return { nothing: look.reason ?? 'nothing was seen' };
  return look.outcome === 'fail' ? { failed: look.reason ?? '' } : { ms, ...weight() };
}

const ended = (driver: Driver, isLoaded: () => boolean): Promise<Said> =>
  driver.until(async () => (isLoaded() ? null : 'a part of the page did not finish loading'));
