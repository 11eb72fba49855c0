// The same broken shops as jobs look at them: red before a run, and after it green is refuted where nothing was mended and confirmed where
// it was. Both engines look, as in an installation that has both; where there is no Lightpanda, Chromium alone does.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import type { Step } from '../../actions/shared/job.ts';
import { look, lookBeforeRun } from '../../actions/shared/symptoms.ts';
import { installedChromium } from '../../sandbox/browser.ts';
import { shopSettings } from '../support/shop.ts';
import { BROKEN } from './broken.ts';
import type { Route, Site } from './construct.ts';
import { lightpandaPath } from './eyes.ts';
import { shops } from './pages/shops.ts';
import { serve } from './server.ts';

const SECONDS = 5; // for a page that hangs, and enough for one that is well on a busy machine
const LIMIT_MS = 240_000;
const lightpanda = lightpandaPath();
let step: Step;
beforeAll(async () => {
  if (lightpanda === undefined)
    process.stderr.write('LIGHTPANDA_PATH names no Lightpanda: Chromium looks at the shops of jobs alone.\n');
  const browser = {
    chromium_path: await installedChromium(),
    ...(lightpanda === undefined ? {} : { lightpanda_path: lightpanda }),
  };
  const played: Pick<Step, 'settings' | 'redact'> = {
    settings: shopSettings({ browser }),
    redact: (text) => text,
  };
  step = played as Step;
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true); // a job's log
});
afterAll(() => vi.restoreAllMocks());

const shopOf = (id: string) => {
  const shop = shops.find((one) => one.id === id);
  if (!shop) throw new Error(`there is no construct ${id}`);
  return shop;
};

/** A site that somebody can mend: until then it is the first shop, and afterwards the second. */
function mendable(first: Site, second: Site) {
  let now = first;
  const route =
    (path: string): Route =>
    (asked) => {
      const there = now[path] ?? { status: 404, body: 'Not found' };
      return typeof there === 'function' ? there(asked) : there;
    };
  const paths = new Set([...Object.keys(first), ...Object.keys(second)]);
  return {
    site: Object.fromEntries([...paths].map((path) => [path, route(path)])),
    mend: () => {
      now = second;
    },
  };
}

function planOf(id: string, url: string, seconds: number) {
  const check = JSON.parse(JSON.stringify(shopOf(id).check).replaceAll('{SITE}', '{SHOP_URL}'));
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [{ id, timeout_s: seconds, ...check }],
    symptom: {
      checks: [id],
      red: { need: 2, of: 3, over_s: 1 },
      green: { need: 3, of: 3, over_s: 1 },
    },
  });
  const bound = parsed.ok ? bind(parsed.plan, { SHOP_URL: url }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}

const NO_KEYS = { datadog: null, secrets: {}, commands: { none: 'no commands in this test' } };

describe.concurrent('a job that looks', () => {
  it.each(Object.entries(BROKEN))('at %s: %s', { timeout: LIMIT_MS }, async (id) => {
    const { site, mend } = mendable(shopOf(id).site, shopOf('shop-well').site);
    const served = await serve(site);
    try {
      const plan = planOf(id, served.url, SECONDS);
      const red = await lookBeforeRun(step, plan, NO_KEYS);
      expect([red.verdict, red.samples.map(({ outcome, engine }) => `${outcome} by ${engine}`)]).toEqual([
        'red',
        ['fail by chromium', 'fail by chromium'],
      ]);
      // Lightpanda looked as well, and its word changed nothing.
      const words = red.samples.map(({ agreed, overruled }) => agreed ?? overruled?.engine ?? null);
      expect(words).toEqual(Array(2).fill(lightpanda === undefined ? null : 'lightpanda'));
      const refuted = await look(step, { plan, which: 'green', before: red.samples });
      expect([refuted.verdict, refuted.samples.some(({ outcome }) => outcome === 'pass')]).toEqual([
        'refuted',
        false,
      ]);
      mend();
      const green = await look(step, {
        plan: planOf(id, served.url, SECONDS * 4),
        which: 'green',
        before: red.samples,
      });
      expect([green.verdict, green.reason]).toEqual([
        'confirmed',
        expect.stringMatching(/passed 3 and failed 0 of 3/),
      ]);
    } finally {
      await served.close();
    }
  });
  it('at the shop that sells: nothing is red', { timeout: LIMIT_MS }, async () => {
    const served = await serve(shopOf('shop-well').site);
    try {
      const red = await lookBeforeRun(step, planOf('shop-well', served.url, SECONDS * 4), NO_KEYS);
      expect([red.verdict, red.samples.map(({ outcome }) => outcome)]).toEqual(['absent', ['pass', 'pass']]);
    } finally {
      await served.close();
    }
  });
});
