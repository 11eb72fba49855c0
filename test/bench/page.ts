// One page check beside another: on Lightpanda, on the headless shell, and on Lightpanda with its Chromium witness, in turn, in one run.
// Needs a Linux, a Chromium, and LIGHTPANDA_PATH. It must never look by other code than a check does.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { look } from '#adapters/browser/checks/sight';
import { type BrowserOptions, openBrowsers } from '#adapters/browser/sessions';
import { Check, singles } from '#core/verification/checks';
import { installedChromium } from '../../sandbox/browser.ts';
import { type Bench, median, type Row, spread } from './table.ts';

const LOOKS = 40;
type Who = 'lightpanda' | 'chromium' | 'both';

export const bench: Bench = async () => {
  const lightpandaPath = process.env['LIGHTPANDA_PATH'];
  if (!lightpandaPath) throw new Error('LIGHTPANDA_PATH names the Lightpanda to measure');
  const chromiumPath = await installedChromium();
  const shop = spawn(process.execPath, [join(import.meta.dirname, 'swarm-shop.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => shop.once('exit', () => done()));
  try {
    const { value: url } = await createInterface(shop.stdout)[Symbol.asyncIterator]().next();
    const took = await inTurn(`${url}/`, {
      lightpanda: { lightpandaPath, chromiumPath: null },
      chromium: { chromiumPath },
      both: { lightpandaPath, chromiumPath },
    });
    const share = (who: Who, budget: number): Row => ({
      ...{ subject: 'a page check', who: `${NAMES[who]} : ${NAMES.chromium}`, measure: 'median, share' },
      ...{ value: median(took[who]) / median(took.chromium), unit: 'x', budget },
    });
    const times = (Object.keys(NAMES) as Who[]).flatMap((who) =>
      spread('a page check', NAMES[who], took[who]),
    );
    return [...times, share('lightpanda', 0.333), share('both', 1.5)];
  } finally {
    shop.stdin.end();
    await ended;
  }
};

const NAMES: Readonly<Record<Who, string>> = {
  lightpanda: 'Lightpanda',
  chromium: 'headless shell',
  both: 'Lightpanda, and the headless shell as its witness',
};

/** The browsers run before anything is measured, and each look has a session of its own. */
async function inTurn(url: string, options: Record<Who, BrowserOptions>): Promise<Record<Who, number[]>> {
  const [check] = singles([
    Check.parse({ id: 'home', kind: 'page', url, expect: { text: ['Tea', '7 left'] } }),
  ]);
  if (check === undefined) throw new Error('no check');
  const took: Record<Who, number[]> = { lightpanda: [], chromium: [], both: [] };
  const all = (Object.keys(options) as Who[]).map((who) => ({ who, browsers: openBrowsers(options[who]) }));
  try {
    for (let turn = -2; turn < LOOKS; turn += 1)
      for (const { who, browsers } of all) {
        const signal = AbortSignal.timeout(60_000);
        const eyes = {
          browsers,
          origins: new Set<string>(),
          datadog: null,
          signal,
          now: () => performance.now(),
        };
        const begun = performance.now();
        const { outcome, reason } = await look(check, { ...eyes, acceptsLightpanda: true });
        if (outcome !== 'pass') throw new Error(`${who}: ${reason}`);
        if (turn >= 0) took[who].push(performance.now() - begun);
      }
    return took;
  } finally {
    await Promise.all(all.map(({ browsers }) => browsers.close()));
  }
}
