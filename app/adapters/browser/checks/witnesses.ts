// Looks at what is no symptom, right before a script runs: what is green then and red afterwards got worse by the fix.
// Must never change the verdict on the symptom, and never keep a fix waiting long: what is not well at once is no witness.
import { rateOf, singles } from '#core/verification/checks';
import { type BoundPlan, originsOf, type Sample } from '#core/verification/plan';
import { ruleFor } from '#core/verification/rule';
import type { CheckSecrets } from '#core/verification/secrets';
import type { Datadog } from '../../datadog.ts';
import { openRuns } from '../../workspace/commands/runs.ts';
import type { Commands } from '../../workspace/commands/workspace.ts';
import { type BrowserOptions, openBrowsers } from '../sessions.ts';
import { type Clock, steady } from './sampling.ts';
import { look } from './sight.ts';

const LOOKS = 5;
const PAUSE_MS = 3000; // looks of one moment would be one look
const MOST_MS = 60_000;

type Witnessing = {
  readonly plan: BoundPlan;
  readonly browser: BrowserOptions;
  readonly datadog?: Datadog | null;
  /** For checks that name secrets. Left out: this job has none. */
  readonly secrets?: CheckSecrets | undefined;
  readonly commands?: Commands | { readonly none: string } | null;
  readonly onSample?: (sample: Sample) => void;
  /** When the job wants to go on. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
};

/** Some looks at every check that the symptom does not name, but for swarms: those are too heavy to be looked at beside others. Fewer when time is over: too few prove nothing. */
export async function lookAtWitnesses(options: Witnessing): Promise<Sample[]> {
  const { plan, clock = steady } = options;
  const symptom = ruleFor(plan, 'red').checks;
  let checks = singles(plan.checks).filter(({ id }) => !symptom.includes(id));
  if (checks.length === 0) return [];
  const limit = AbortSignal.timeout(MOST_MS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  const browsers = openBrowsers(options.browser);
  const { datadog = null, secrets } = options;
  const runs = openRuns(options.commands ?? null, checks, PAUSE_MS, clock.now);
  const { acceptsLightpanda } = options.browser;
  const eyes = {
    ...{ browsers, origins: originsOf(plan), datadog, secrets, commands: runs, signal },
    ...{ now: clock.now, acceptsLightpanda },
  };
  const samples: Sample[] = [];
  try {
    for (let turn = 0; turn < LOOKS && checks.length > 0; turn += 1) {
      if (turn > 0) await clock.sleep(PAUSE_MS, signal);
      for (const check of checks) {
        const at = clock.now();
        const sighting = await look(check, eyes);
        if (signal.aborted) return samples;
        const sample = { check: check.id, at: Math.round(at), ms: Math.round(clock.now() - at), ...sighting };
        samples.push(sample);
        options.onSample?.(sample);
        // One request a look that is red proves nothing of what comes; a share can rise from anywhere.
        if (sample.outcome === 'fail' && rateOf(check) === null)
          checks = checks.filter(({ id }) => id !== check.id);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await Promise.all([browsers.close(), runs.close()]);
  }
  return samples;
}
