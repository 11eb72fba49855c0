// Lends browser sessions: one page in a context of its own, on Lightpanda or on Chromium, used in the same way.
// It must never touch a browser's default context or its list of pages or targets, and never share cookies between sessions.

import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { type Chromium, findChromium, launchChromium } from './chromium.ts';
import { connectLightpanda, type Lightpanda, startLightpanda } from './lightpanda.ts';
import { within } from './within.ts';

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
};

export type Engine = 'lightpanda' | 'chromium';
export type Session = {
  readonly engine: Engine;
  readonly page: Page;
  /** Uncaught errors and rejections of the open page. Untrusted text. */
  errors(): Promise<string[]>;
  /** Aborts when the browser goes away or the page crashes. */
  readonly lost: AbortSignal;
  /**
   * Whether all of the browser that this page stands on still answers. A browser that hangs is lost too, but gives no signal.
   * So is one whose network process died: it gets another at once, but the requests of the page are gone.
   */
  alive(): Promise<boolean>;
  release(): Promise<void>;
};
type Lease = { ok: true; session: Session } | { ok: false; reason: string };

/** The browsers of one run. A browser that dies is started again, once. `close` ends all that was started. */
export type Browsers = {
  lease(engine: Engine): Promise<Lease>;
  /** Whether it is set up here: it is named, or a Chromium is installed. It may still not start. */
  has(engine: Engine): Promise<boolean>;
  close(): Promise<void>;
};

const HANGS_MS = 10_000; // a browser that is silent for so long hangs, however busy the machine is
const ERRORS = '__vigilErrors';
// Lightpanda never reports an uncaught error over CDP. So the page itself keeps the list, on both engines.
const COLLECTOR = `(() => {
  const list = [];
  Object.defineProperty(window, '${ERRORS}', { value: list });
  const keep = (what) => { if (list.length < 20) list.push(String(what).slice(0, 300)); };
  window.addEventListener('error', (event) => keep(event.message || 'script error'));
  window.addEventListener('unhandledrejection', (event) => keep('unhandled rejection: ' + (event.reason && event.reason.message || event.reason)));
})()`;

/** Nothing is started before the first lease. */
export function openBrowsers(options: BrowserOptions): Browsers {
  const chromiumPath = async () =>
    options.chromiumPath === undefined ? findChromium() : options.chromiumPath;
  // Connected and yet of no use: it hangs, or a wrapper holds the pipes open that its browser has left behind.
  const unwell = new WeakSet<Browser>();
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
  const lightpanda = keep<Lightpanda>(
    async () => {
      const started = await startLightpanda(options.lightpandaPath ?? '');
      return started.ok ? { ok: true, value: started.lightpanda } : started;
    },
    (one) => one.alive(),
  );
  const onLightpanda = async (): Promise<Lease> => {
    let endpoint = options.lightpandaEndpoint;
    if (endpoint === undefined) {
      const started = await lightpanda.get();
      if (!started.ok) return started;
      endpoint = started.value.endpoint;
    }
    const connected = await connectLightpanda(endpoint);
    if (!connected.ok) return connected;
    return openSession('lightpanda', connected.browser, () => connected.browser.disconnect());
  };
  const onChromium = async (): Promise<Lease> => {
    await doubt;
    const started = await chromium.get();
    if (!started.ok) return started;
    const { browser } = started.value;
    const lease = await openSession('chromium', browser, async () => {});
    if (!lease.ok) {
      doubtful(browser);
      return lease;
    }
    const { session } = lease;
    const alive = async (): Promise<boolean> => {
      const well = await session.alive();
      if (!well && !session.lost.aborted) doubtful(browser);
      return well;
    };
    return { ok: true, session: { ...session, alive } };
  };
  return {
    lease: (engine) => (engine === 'chromium' ? onChromium() : onLightpanda()),
    has: async (engine) => {
      if (engine === 'lightpanda')
        return options.lightpandaEndpoint !== undefined || options.lightpandaPath !== undefined;
      return (await chromiumPath()) !== null;
    },
    close: async () => void (await Promise.all([chromium.close(), lightpanda.close()])),
  };
}

async function openSession(
  engine: Session['engine'],
  browser: Browser,
  after: () => Promise<void>,
): Promise<Lease> {
  let context: BrowserContext | null = null;
  const gone = new AbortController();
  const lose = () => gone.abort(new Error('the browser was lost'));
  const release = async () => {
    // Each is tried alone: if the browser does not answer one of them, the next is still tried.
    browser.off('disconnected', lose);
    if (context !== null) await within(5_000, context.close()).catch(() => {});
    await after().catch(() => {});
  };
  try {
    context = await within(
      20_000,
      browser.createBrowserContext(engine === 'chromium' ? { downloadBehavior: { policy: 'deny' } } : {}),
    );
    const page = await within(20_000, context.newPage());
    const network = engine === 'chromium' ? await networkProcess(browser) : null;
    const thrown: string[] = [];
    page.on('error', lose);
    browser.on('disconnected', lose);
    page.on('pageerror', (error) => thrown.push(String(error instanceof Error ? error.message : error)));
    // Lightpanda answers a dialog before we can, so nothing here may wait until one is dismissed.
    page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}));
    await within(10_000, page.evaluateOnNewDocument(COLLECTOR));
    const session: Session = {
      engine,
      page,
      errors: async () => {
        const list: unknown = await within(5_000, page.evaluate(`window.${ERRORS} || []`));
        const own = Array.isArray(list) ? list.map(String) : [];
        // Chromium also reports most errors itself, in slightly other words.
        return [...own, ...thrown.filter((one) => !own.some((known) => known.includes(one)))];
      },
      lost: gone.signal,
      alive: async () => {
        const answers = await within(3_000, browser.version()).then(
          () => true,
          () => false,
        );
        const known = network !== null && network !== 'none';
        const now = answers && known ? await networkProcess(browser) : null;
        // Asked last: whatever was lost has said so by now.
        return answers && (now === null || now === network) && !gone.signal.aborted;
      },
      release,
    };
    return { ok: true, session };
  } catch (error) {
    await release();
    return {
      ok: false,
      reason: `${engine} gave no page: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown error'}`,
    };
  }
}

/**
 * The process that fetches for every page of a Chromium; null when the browser does not tell. One that just died has no successor
 * for a moment: then there is `none`.
 */
async function networkProcess(browser: Browser): Promise<number | 'none' | null> {
  try {
    const session = await within(3_000, browser.target().createCDPSession());
    const { processInfo } = await within(3_000, session.send('SystemInfo.getProcessInfo'));
    await within(3_000, session.detach());
    return processInfo.find(({ type }) => type === 'network.mojom.NetworkService')?.id ?? 'none';
  } catch {
    return null;
  }
}

type Started<T> = { ok: true; value: T } | { ok: false; reason: string };

// Holds one process. It is started when it is first needed, and once more if it died.
function keep<T extends { close(): Promise<void> }>(
  start: () => Promise<Started<T>>,
  alive: (value: T) => boolean,
) {
  let current: Promise<Started<T>> | null = null;
  let starts = 0;
  const get = async (): Promise<Started<T>> => {
    const before = current;
    const now = await before;
    if (now?.ok && alive(now.value)) return now;
    if (current !== before) return get(); // somebody else has restarted it in the meantime
    if (starts >= 2)
      return now !== null && !now.ok ? now : { ok: false, reason: 'the browser was lost twice' };
    starts += 1;
    current = (now?.ok ? now.value.close() : Promise.resolve()).then(start);
    return current;
  };
  const close = async () => {
    const now = await current;
    current = null;
    if (now?.ok) await now.value.close();
  };
  return { get, close };
}
