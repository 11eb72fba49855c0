// One look at one check: which eyes look, and whose word counts.
// It must never look again at what failed and count only that: of a service of which a tenth fails, a hundredth would be left.

import { type Check, rateOf } from '#core/verification/checks';
import type { Sample } from '#core/verification/plan';
import { type Sighting, settleEngines } from '#core/verification/verdict';
import type { Datadog } from '../../datadog.ts';
import type { Browsers, Session } from '../sessions.ts';
import { lookAtBurst, lookBySessions } from './burst.ts';
import { lookAtHttp } from './http.ts';
import { lookAtJourney } from './journey.ts';
import { type Look, sawNothing } from './look.ts';
import { lookAtMonitor } from './monitor.ts';
import { lookAtPage } from './page.ts';

export type Eyes = {
  readonly browsers: Browsers;
  /** Those a redirect may lead to. */
  readonly origins: ReadonlySet<string>;
  /** Null: this job has no keys of it. */
  readonly datadog: Datadog | null;
  readonly signal: AbortSignal;
  readonly now: () => number;
};

/**
 * Lightpanda looks first and Chromium has the last word, except in a burst of sessions. There one engine looks at all of them,
 * Chromium where there is one: the second look of another engine would meet the service at another moment, so that of a share that
 * fails only its square would be counted.
 */
export async function look(check: Check, eyes: Eyes): Promise<Sighting & Pick<Sample, 'counts'>> {
  const { browsers, origins, signal, now } = eyes;
  if (check.kind === 'monitor')
    return { ...seen('http', await lookAtMonitor(check, eyes.datadog, signal, now)), overruled: null };
  const rate = rateOf(check);
  if (check.kind === 'http') {
    if (rate === null)
      return { ...seen('http', await lookAtHttp(check, signal, now, origins)), overruled: null };
    const { counts, ...burst } = await lookAtBurst(check, rate, signal, now, origins);
    return { ...seen('http', burst), overruled: null, ...(counts ? { counts } : {}) };
  }
  const see = (session: Session) =>
    check.kind === 'page' ? lookAtPage(check, session, signal) : lookAtJourney(check, session, signal);
  if (rate !== null) {
    const engine = (await browsers.hasChromium()) ? 'chromium' : undefined;
    const { counts, ...burst } = await lookBySessions(() => inBrowser(see, browsers, engine), rate, signal);
    return { ...burst, overruled: null, ...(counts ? { counts } : {}) };
  }
  const first = await inBrowser(see, browsers);
  if (first.engine !== 'lightpanda' || first.outcome === 'pass') return { ...first, overruled: null };
  return settleEngines(
    first,
    (await browsers.hasChromium()) ? await inBrowser(see, browsers, 'chromium') : null,
  );
}

const seen = (engine: Sample['engine'], { outcome, reason }: Look) => ({ engine, outcome, reason });

// When its browser died, a look says nothing, so one more is taken. The browsers themselves restart only once.
async function inBrowser(
  see: (session: Session) => Promise<Look>,
  browsers: Browsers,
  engine?: 'chromium',
): Promise<Omit<Sighting, 'overruled'>> {
  for (let tries = 0; ; tries += 1) {
    const lease = await browsers.lease(engine);
    if (!lease.ok) return seen('chromium', sawNothing(`no browser: ${lease.reason}`));
    const { session } = lease;
    const said = await see(session).finally(session.release);
    if (!said.lost || tries > 0) return seen(session.engine, said);
  }
}
