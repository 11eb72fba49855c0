// Lends browser sessions, on Lightpanda or on Chromium: each a page in a context of its own.
// It must never lend a session of another engine than the one that was asked for.

import { readFile } from 'node:fs/promises';
import type { Browser } from 'puppeteer-core';
import { type Chromium, findChromium, launchChromium } from './chromium.ts';
import { followChromium, watchChromium } from './chromium-life.ts';
import { keep } from './keep.ts';
import { connectLightpanda, type Lightpanda, startLightpanda } from './lightpanda.ts';
import { followLightpanda } from './lightpanda-life.ts';
import { type Engine, type Lease, type Life, openSession } from './session.ts';
import { within } from './within.ts';

export type { Engine, Lease, Session, WhyLost } from './session.ts';

export type BrowserOptions = {
  /** `ws://`, `wss://` or `http://` address of a running Lightpanda. */
  readonly lightpandaEndpoint?: string | undefined;
  /** A Lightpanda binary to start. */
  readonly lightpandaPath?: string | undefined;
  /** A Chromium-like executable. Without it, the well-known paths are tried. Null: there shall be none. */
  readonly chromiumPath?: string | null | undefined;
  /** Starts Chromium without its own sandbox, also when the user is not root. */
  readonly noSandbox?: boolean | undefined;
  /** Whether Lightpanda's word counts where there is no Chromium. */
  readonly acceptsLightpanda?: boolean | undefined;
  /** Hears once why an engine that is set up cannot be used: one line, and not one for each look. */
  readonly onNotice?: ((line: string) => void) | undefined;
};

/** The browsers of one run. A browser that dies is started again, once. `close` ends all that was started. */
export type Browsers = {
  lease(engine: Engine): Promise<Lease>;
  /** Whether it is set up here: it is named, or a Chromium is installed. It may still not start. */
  has(engine: Engine): Promise<boolean>;
  close(): Promise<void>;
};

const HANGS_MS = 10_000; // a browser that is silent for so long hangs, however busy the machine is

/** Nothing is started before the first lease. */
export function openBrowsers(options: BrowserOptions): Browsers {
  const chromiumPath = async () =>
    options.chromiumPath === undefined ? findChromium() : options.chromiumPath;
  // Connected and yet of no use: it hangs, or a wrapper holds the pipes open that its browser has left behind.
  const unwell = new WeakSet<Browser>();
  const watches = new WeakMap<Browser, ReturnType<typeof watchChromium>>();
  let doubt = Promise.resolve();
  /** Asks once more and with more patience, since a restart takes the browser from everybody else who looks. */
  const doubtful = (browser: Browser): void => {
    const asked = within(HANGS_MS, browser.version()).catch(() => void unwell.add(browser));
    doubt = Promise.all([doubt, asked]).then(() => {});
  };
  const chromium = keep<Chromium>(
    async () => {
      const path = await chromiumPath();
      if (path === null) return { ok: false, reason: 'there is no Chromium on this machine' };
      const launched = await launchChromium(path, { noSandbox: options.noSandbox === true });
      return launched.ok ? { ok: true, value: launched.chromium } : launched;
    },
    (one) => one.browser.connected && !unwell.has(one.browser),
  );
  const hung = new WeakSet<Lightpanda>();
  const lightpanda = keep<Lightpanda>(
    async () => {
      const started = await startLightpanda(options.lightpandaPath ?? '');
      return started.ok ? { ok: true, value: started.lightpanda } : started;
    },
    (one) => one.alive() && !hung.has(one),
  );
  /** One of ours that stands still is of no use, and the next lease gets another. */
  const mindful = async (one: Lightpanda | undefined): Promise<void> => {
    if (one !== undefined && (await standsStill(one.pid))) hung.add(one);
  };
  const onLightpanda = async (): Promise<Lease> => {
    const started = options.lightpandaEndpoint === undefined ? await lightpanda.get() : null;
    if (started !== null && !started.ok) return started;
    const endpoint = options.lightpandaEndpoint ?? started?.value.endpoint ?? '';
    const connected = await connectLightpanda(endpoint);
    if (!connected.ok) {
      await mindful(started?.value);
      return connected;
    }
    const { browser } = connected;
    return openSession(
      'lightpanda',
      browser,
      async () => {
        const life = followLightpanda(browser, endpoint, started?.value.alive);
        return mindfully(life, () => mindful(started?.value));
      },
      () => browser.disconnect(),
    );
  };
  const onChromium = async (): Promise<Lease> => {
    await doubt;
    const started = await chromium.get();
    if (!started.ok) return started;
    const { browser } = started.value;
    const watch = watches.get(browser) ?? watchChromium(browser);
    watches.set(browser, watch);
    const lease = await openSession(
      'chromium',
      browser,
      async (page, crashed) => {
        const life = await followChromium(browser, page, watch, crashed);
        return mindfully(life, async () => {
          if (browser.connected) doubtful(browser);
        });
      },
      async () => {},
    );
    if (!lease.ok) doubtful(browser);
    return lease;
  };
  const notices = new Set<string>();
  const lease = async (engine: Engine): Promise<Lease> => {
    const got = await (engine === 'chromium' ? onChromium() : onLightpanda());
    const kind = got.ok ? '' : `${engine} ${got.reason.replace(/\d+/g, '')}`;
    if (!got.ok && !notices.has(kind)) {
      notices.add(kind);
      options.onNotice?.(got.reason);
    }
    return got;
  };
  return {
    lease,
    has: async (engine) => {
      if (engine === 'lightpanda')
        return options.lightpandaEndpoint !== undefined || options.lightpandaPath !== undefined;
      return (await chromiumPath()) !== null;
    },
    close: async () => void (await Promise.all([chromium.close(), lightpanda.close()])),
  };
}

/** Whoever hears that a browser was lost looks after it, so that the next lease gets one of use. */
function mindfully(life: Life, lost: () => Promise<void>): Life {
  return {
    ...life,
    why: async () => {
      const said = await life.why();
      if (said === 'browser') await lost();
      return said;
    },
  };
}

/** Whether somebody stopped the process; never where there is no /proc. */
async function standsStill(pid: number): Promise<boolean> {
  return /\) [Tt] /.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
}
