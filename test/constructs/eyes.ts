// Looks at a construct through the product's own looks: Lightpanda alone, Chromium alone, and both as a job has them.
// Must never judge by itself what a look means.

import { lookAtJourney } from '#adapters/browser/checks/journey';
import { lookAtPage } from '#adapters/browser/checks/page';
import { look } from '#adapters/browser/checks/sight';
import { type Browsers, openBrowsers } from '#adapters/browser/sessions';
import { type BoundPlan, bind, originsOf, parseVerifyPlan } from '#core/verification/plan';
import { installedChromium } from '../../sandbox/browser.ts';
import type { Construct, Word } from './construct.ts';
import { serve } from './server.ts';

export const COLUMNS = ['lightpanda', 'chromium', 'together'] as const;
export type Column = (typeof COLUMNS)[number];
export type Seen = { readonly word: Word; readonly reason: string | null };
export type Eyes = { readonly [column in Column]?: Browsers } & { close(): Promise<void> };

// What is right at once says so at once. What is not there is waited for until the time is over.
const SECONDS = { pass: 4, fail: 1.5, 'not judged': 1.5 } as const;
const SECONDS_A_STEP = 0.4;
const MOST_MS = 90_000;

/** The path of the real Lightpanda. Undefined: there is none, and its columns cannot be tried. */
export const lightpandaPath = (): string | undefined => process.env['LIGHTPANDA_PATH'] || undefined;

export async function openEyes(): Promise<Eyes> {
  const chromiumPath = await installedChromium();
  const path = lightpandaPath();
  const chromium = openBrowsers({ chromiumPath });
  const others =
    path === undefined
      ? {}
      : {
          lightpanda: openBrowsers({ lightpandaPath: path, chromiumPath: null }),
          together: openBrowsers({ lightpandaPath: path, chromiumPath }),
        };
  const eyes = { chromium, ...others };
  const close = async () => void (await Promise.all(Object.values(eyes).map((one) => one.close())));
  return { ...eyes, close };
}

/** What was too slow. On a busy machine that may be ours, not the site's. */
const SLOW = /did not finish loading|not done within|kept changing/;

/**
 * Looks, and looks once more with more time when it saw another word than before or was too slow to see one: a busy machine
 * shall change no line. What hangs is too slow both times.
 */
export async function seeSurely(
  construct: Construct,
  column: Column,
  browsers: Browsers,
  before: string | undefined,
): Promise<Seen> {
  const first = await see(construct, column, browsers);
  const slow = SLOW.test(first.reason ?? '');
  const expected = first.word === (before ?? construct.truth);
  return expected && !(slow && before === undefined) ? first : see(construct, column, browsers, 3);
}

/** Looks once, at a site of its own. `patience` stretches the time the check has. */
export async function see(
  construct: Construct,
  column: Column,
  browsers: Browsers,
  patience = 1,
): Promise<Seen> {
  const site = await serve(construct.site);
  try {
    const plan = planOf(construct, { SITE: site.url, OTHER: site.other }, patience);
    const [check] = plan.checks;
    if (check?.kind !== 'page' && check?.kind !== 'journey') throw new Error('no check of a browser');
    const signal = AbortSignal.timeout(MOST_MS);
    if (column === 'together') {
      const eyes = { browsers, origins: originsOf(plan), datadog: null, signal, now: Date.now };
      return told(await look(check, eyes), site.url);
    }
    const lease = await browsers.lease(column === 'chromium' ? 'chromium' : 'lightpanda');
    if (!lease.ok) return { word: 'inconclusive', reason: `no browser: ${lease.reason}` };
    const { session } = lease;
    const seen =
      check.kind === 'page' ? lookAtPage(check, session, signal) : lookAtJourney(check, session, signal);
    const said = told(await seen.finally(session.release), site.url);
    return session.engine === column ? said : { word: 'inconclusive', reason: `${session.engine} looked` };
  } finally {
    await site.close();
  }
}

const told = ({ outcome, reason }: { outcome: Word; reason: string | null }, url: string): Seen => ({
  word: outcome,
  reason: reason?.replaceAll(url, '') ?? null,
});

/** The time that the check of a construct has, unless it says so itself. */
export function secondsOf({ check, truth }: Construct, patience: number): number {
  const steps = 'steps' in check && Array.isArray(check.steps) ? check.steps.length : 0;
  return (SECONDS[truth] + steps * SECONDS_A_STEP) * patience;
}

/** The check as a plan of the product, so that nothing is tried that a plan cannot say. */
export function planOf(
  construct: Construct,
  parameters: Readonly<Record<string, string>>,
  patience = 1,
): BoundPlan {
  const { id, check } = construct;
  const timed = { id, timeout_s: secondsOf(construct, patience), ...check };
  const parsed = parseVerifyPlan({ v: 1, checks: [timed], symptom: { checks: [id] } });
  if (!parsed.ok) throw new Error(`${id}: ${parsed.reason}`);
  const bound = bind(parsed.plan, parameters);
  if (!bound.ok) throw new Error(`${id}: ${bound.reason}`);
  return bound.plan;
}
