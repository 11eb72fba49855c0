// One session: one page in a context of its own, used in the same way on Lightpanda and on Chromium.
// It must never touch a browser's default context or its list of pages or targets, and never share cookies between sessions.

import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { answerer } from './dialogs.ts';
import { within } from './within.ts';

export type Engine = 'lightpanda' | 'chromium';
/** `page`: its own script keeps the browser from answering, or ended it. `browser`: nothing can be said about the page. */
export type WhyLost = 'browser' | 'page' | null;

export type Session = {
  readonly engine: Engine;
  readonly page: Page;
  /** Uncaught errors and rejections of the open page. Untrusted text. */
  errors(): Promise<string[]>;
  /** Aborts when the browser goes away or the page crashes. */
  readonly lost: AbortSignal;
  /**
   * Whose fault it is that nothing more is seen. Null: all is well. It takes some seconds where something is silent. A browser that hangs
   * is lost too, but gives no signal. So is one whose network process died: it gets another at once, but the requests of the page are
   * gone. A page that hangs or crashes by what its script does takes no browser with it.
   */
  whyLost(): Promise<WhyLost>;
  /** How the next confirm or prompt is answered. Without it, each is dismissed. Ask before the act that opens it. */
  answerDialogs?(how: 'accept' | 'dismiss', text?: string): Promise<void>;
  release(): Promise<void>;
};
export type Lease = { ok: true; session: Session } | { ok: false; reason: string };

/** What an engine adds: who is to blame, and the end of what the session stands on. */
export type Life = {
  why(): Promise<WhyLost>;
  stop(): void;
};

const ERRORS = '__vigilErrors';
// What is thrown is also reported over CDP, by each engine in its own words. This list is the same on both.
const COLLECTOR = `(() => {
  const list = [];
  Object.defineProperty(window, '${ERRORS}', { value: list });
  const keep = (what) => { if (list.length < 20) list.push(String(what).slice(0, 300)); };
  window.addEventListener('error', (event) => {
    const part = event.target;
    if (!part || part === window || !part.tagName) return keep(event.message || 'script error');
    const address = part.src || part.href || '';
    if (/^(SCRIPT|LINK|IMG)$/.test(part.tagName) && new URL(address, location.href).host === location.host) keep(address + ' did not load');
  }, true);
  document.addEventListener('securitypolicyviolation', ({ disposition, effectiveDirective, blockedURI }) => {
    if (disposition === 'enforce' && /^(script|style)/.test(effectiveDirective)) keep('the policy of the page forbids ' + effectiveDirective + ' ' + blockedURI);
  });
  window.addEventListener('unhandledrejection', (event) => keep('unhandled rejection: ' + (event.reason && event.reason.message || event.reason)));
})()`;

/** `follow` is asked as soon as there is a page; `after` ends what the session alone used, also when it never came to be. */
export async function openSession(
  engine: Engine,
  browser: Browser,
  follow: (page: Page, crashed: () => boolean) => Promise<Life>,
  after: () => Promise<void>,
): Promise<Lease> {
  let context: BrowserContext | null = null;
  let life: Life | null = null;
  let crashed = false;
  const gone = new AbortController();
  const lose = () => gone.abort(new Error('the browser was lost'));
  const crash = () => {
    crashed = true;
    lose();
  };
  const release = async () => {
    // Each is tried alone: if the browser does not answer one of them, the next is still tried.
    browser.off('disconnected', lose);
    life?.stop();
    // All that a Lightpanda holds for a connection goes with the connection, also while it answers nothing.
    if (context !== null && engine === 'chromium') await within(5_000, context.close()).catch(() => {});
    await after().catch(() => {});
  };
  try {
    browser.on('disconnected', lose);
    context = await within(
      20_000,
      browser.createBrowserContext(engine === 'chromium' ? { downloadBehavior: { policy: 'deny' } } : {}),
    );
    const page = await within(20_000, context.newPage());
    page.on('error', crash);
    life = await follow(page, () => crashed);
    const { why } = life;
    const thrown: string[] = [];
    // Lightpanda writes the place on a line of its own.
    page.on('pageerror', (error) =>
      thrown.push(String(error instanceof Error ? error.message : error).split('\n')[0] ?? ''),
    );
    const answerDialogs = answerer(engine, page);
    await within(10_000, page.evaluateOnNewDocument(COLLECTOR));
    const session: Session = {
      engine,
      page,
      errors: async () => {
        const list: unknown = await within(5_000, page.evaluate(`window.${ERRORS} || []`));
        const own = Array.isArray(list) ? list.map(String) : [];
        // Both engines also report most errors themselves, in slightly other words.
        return [...own, ...thrown.filter((one) => !own.some((known) => known.includes(one)))];
      },
      lost: gone.signal,
      whyLost: why,
      answerDialogs,
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
