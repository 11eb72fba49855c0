// One look at one check: which eyes look, and whose word counts.
// It must never look again at what failed and count only that: of a service of which a tenth fails, a hundredth would be left.
// And it must never take Lightpanda's pass for what users see.

import { rateOf, type SingleCheck } from '#core/verification/checks';
import { type Seen, type Sighting, settleEngines } from '#core/verification/engines';
import type { Sample } from '#core/verification/plan';
import { type CheckSecrets, lackOf, refusalAt, secretsIn, withSecrets } from '#core/verification/secrets';
import type { Datadog } from '../../datadog.ts';
import { type CommandRuns, noRuns } from '../../workspace/commands/runs.ts';
import type { Browsers, Engine, Session } from '../sessions.ts';
import { lookAtBurst, lookBySessions } from './burst.ts';
import { lookByCommand } from './command.ts';
import { MEASURES_NOTHING } from './competence.ts';
import { lookAtHttp } from './http.ts';
import { lookAtJourney } from './journey.ts';
import { type Look, sawNothing, type Wanted, type Wants } from './look.ts';
import { lookAtMonitor } from './monitor.ts';
import { lookAtPage } from './page.ts';
import { lookAtPerformance } from './performance.ts';

export type Eyes = {
  readonly browsers: Browsers;
  /** Those a redirect may lead to. */
  readonly origins: ReadonlySet<string>;
  /** Null: this job has no keys of it. */
  readonly datadog: Datadog | null;
  /** Those that vigil.yml lists, with the values that this job has. */
  readonly secrets?: CheckSecrets | undefined;
  /** The workspace of this sampling, in which commands run. Left out: none may. */
  readonly commands?: CommandRuns | undefined;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Whether the installation lets Lightpanda's word count where there is no Chromium. */
  readonly acceptsLightpanda?: boolean | undefined;
  /** When the words of a page or a journey's last page are wanted too. Left out: never. */
  readonly reads?: Wanted | undefined;
  /** When a picture of it is wanted, which only Chromium can take. Left out: never. */
  readonly shows?: Wanted | undefined;
};
/**
 * `at`, `ms`: of a look that has times of its own. `words`, `picture`: what the page said to people and looked like, on the engine whose
 * word counts. They belong to no sample.
 */
export type Sight = Sighting &
  Pick<Sample, 'counts' | 'measured'> &
  Partial<Pick<Sample, 'at' | 'ms'>> &
  Pick<Look, 'words' | 'picture'>;

/**
 * Lightpanda looks first and Chromium looks at the same after it, whatever the first saw, except in a burst of sessions. There one
 * engine looks at all of them, Chromium where there is one: the second look of another engine would meet the service at another
 * moment, so that of a share that fails only its square would be counted.
 */
export async function look(check: SingleCheck, eyes: Eyes): Promise<Sight> {
  const { browsers, origins, signal, now, acceptsLightpanda, secrets = {} } = eyes;
  const names = secretsIn(check);
  const at = check.kind === 'http' ? new URL(check.url).origin : null;
  const lack = lackOf(check, secrets) ?? (at === null ? null : refusalAt(at, names, secrets));
  if (lack !== null) return { ...seen(at === null ? 'chromium' : 'http', sawNothing(lack)), overruled: null };
  if (check.kind === 'monitor')
    return { ...seen('http', await lookAtMonitor(check, eyes.datadog, signal, now)), overruled: null };
  if (check.kind === 'command') {
    const said = await lookByCommand(check, eyes.commands ?? noRuns(), signal);
    return { ...seen('workspace', said.look), overruled: null, ...said.times };
  }
  const rate = rateOf(check);
  if (check.kind === 'http') {
    const sent = withSecrets(check, secrets);
    if (rate === null)
      return { ...seen('http', await lookAtHttp(sent, signal, now, origins)), overruled: null };
    const { counts, ...burst } = await lookAtBurst(sent, rate, signal, now, origins);
    return { ...seen('http', burst), overruled: null, ...(counts ? { counts } : {}) };
  }
  const chromium = await browsers.has('chromium');
  // A secret goes into the browser of this machine alone: the other may be somewhere else, and keeps no policy of a page.
  if (names.length > 0 && !chromium)
    return {
      ...seen('chromium', sawNothing('a secret is typed in Chromium alone, and there is none')),
      overruled: null,
    };
  const lightpanda = names.length === 0 && (await browsers.has('lightpanda'));
  if (check.kind === 'performance') {
    if (chromium) return { ...(await lookAtPerformance(check, browsers, signal, now)), overruled: null };
    const blind = seen('lightpanda', sawNothing(MEASURES_NOTHING));
    return settleEngines(lightpanda ? blind : null, null);
  }
  const see = (session: Session, wants?: Wants) =>
    check.kind === 'page'
      ? lookAtPage(check, session, signal, wants)
      : lookAtJourney(check, session, signal, wants, secrets);
  if (rate !== null) {
    const engine = lightpanda && !chromium ? 'lightpanda' : 'chromium';
    const { counts, ...burst } = await lookBySessions(
      () => inBrowser((one) => see(one), browsers, engine),
      rate,
      signal,
    );
    const settled = settleEngines(chromium ? null : burst, chromium ? burst : null, acceptsLightpanda);
    return { ...settled, ...(counts && settled.outcome !== 'inconclusive' ? { counts } : {}) };
  }
  let more: Pick<Look, 'words' | 'picture'> = {};
  const by = (engine: Engine) =>
    inBrowser(
      async (session) => {
        const counts = engine === 'chromium' || !chromium;
        const said = await see(session, counts ? { words: eyes.reads, picture: eyes.shows } : {});
        const { words, picture } = said;
        more = { ...(words === undefined ? {} : { words }), ...(picture === undefined ? {} : { picture }) };
        return said;
      },
      browsers,
      engine,
    );
  const first = lightpanda ? await by('lightpanda') : null;
  const settled = settleEngines(first, chromium ? await by('chromium') : null, acceptsLightpanda);
  return { ...settled, ...more };
}

const seen = <E extends Sample['engine']>(engine: E, { outcome, reason }: Look) => ({
  engine,
  outcome,
  reason,
});

// When its browser died, a look says nothing, so one more is taken. The browsers themselves restart only once.
async function inBrowser(
  see: (session: Session) => Promise<Look>,
  browsers: Browsers,
  engine: Engine,
): Promise<Seen> {
  for (let tries = 0; ; tries += 1) {
    const lease = await browsers.lease(engine);
    if (!lease.ok) return seen(engine, sawNothing(`no browser: ${lease.reason}`));
    const { session } = lease;
    const said = await see(session).finally(session.release);
    if (!said.lost || tries > 0) return seen(engine, said);
  }
}
