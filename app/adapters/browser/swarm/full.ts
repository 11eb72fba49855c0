// One session of a swarm as a check looks: the same journey, by the same driver, in a leased session of its own.
// Must never look less closely than a check does, and never keep or tell the cookies of the login that it hands on.

import type { CookieData } from 'puppeteer-core';
import type { JourneyCheck } from '#core/verification/checks';
import { lookAtJourney } from '../checks/journey.ts';
import { errorLine, type Look, sawNothing } from '../checks/look.ts';
import type { Browsers, Engine, Session } from '../sessions.ts';
import { within } from '../within.ts';
import type { Attempt } from './pace.ts';

export type Cookies = readonly CookieData[];

/** `now`: milliseconds since the swarm began. */
export async function walkAsCheck(
  journey: JourneyCheck,
  browsers: Browsers,
  engine: Engine,
  cookies: Cookies,
  signal: AbortSignal,
  now: () => number,
): Promise<Attempt> {
  const lease = await browsers.lease(engine);
  if (!lease.ok) return { refused: lease.reason };
  const { session } = lease;
  try {
    const at = now();
    const unset = await hand(cookies, session);
    const { outcome, reason } = unset ?? (await lookAtJourney(journey, session, signal));
    return { at, ms: now() - at, outcome, reason };
  } finally {
    await session.release();
  }
}

/** Walks the login once. Its cookies, or why there are none. */
export async function logIn(
  login: JourneyCheck,
  browsers: Browsers,
  engine: Engine,
  signal: AbortSignal,
): Promise<{ ok: true; cookies: Cookies } | { ok: false; reason: string }> {
  const lease = await browsers.lease(engine);
  if (!lease.ok) return { ok: false, reason: `no browser: ${lease.reason}` };
  const { session } = lease;
  try {
    const { outcome, reason } = await lookAtJourney(login, session, signal);
    if (outcome !== 'pass') return { ok: false, reason: `the login failed: ${reason}` };
    const cookies = await within(5_000, session.page.browserContext().cookies(), signal);
    return cookies.length === 0 ? { ok: false, reason: 'the login set no cookie' } : { ok: true, cookies };
  } catch (error) {
    return { ok: false, reason: `the login's cookies could not be read: ${errorLine(error)}` };
  } finally {
    await session.release();
  }
}

async function hand(cookies: Cookies, session: Session): Promise<Look | null> {
  if (cookies.length === 0) return null;
  const setting = session.page.browserContext().setCookie(...cookies);
  return within(5_000, setting).then(
    () => null,
    // What a browser says of a cookie may repeat it.
    () => sawNothing('the cookies of the login could not be set'),
  );
}
