// Moves through a site the way a person does, on either browser engine, within one time limit.
// It must never use what Lightpanda lacks: popups, the engine's clocks or idle states. And it must never take an error page for a page.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from 'puppeteer-core';
import type { JourneyCheck, PageCheck } from '#core/verification/checks';
import { askBlocking } from '../in-page/ask.ts';
import type { Session } from '../sessions.ts';
import { TooLate, within } from '../within.ts';
import { cannotJudge } from './competence.ts';
import { inFrames, type Place } from './frames.ts';
import { errorLine, fail, type Look, pass, place, sawNothing } from './look.ts';
import { networkWords, noWayOut } from './network-names.ts';
import { followTabs } from './tabs.ts';
import type { Traffic } from './traffic.ts';

/** What every step returns: null when it is done, otherwise why the site did not allow it. */
export type Said = string | null;
export type Driver = ReturnType<typeof drive>;

const [FIRST_MS, CACHED_MS] = [4, 50]; // pauses between two looks at a page: the first, as most are there at once, and the longest
const GRACE_MS = 150; // if a click navigates at all, it begins within this time
const MOMENT_MS = 20;
const PICTURES_MS = 3_000; // so long a person waits for what is not needed to go on

/** Runs the steps and makes a look of whatever happens. A slow site fails. A browser that died saw nothing. */
export async function watch(
  session: Session,
  check: PageCheck | JourneyCheck,
  signal: AbortSignal,
  run: (driver: Driver) => Promise<Said>,
): Promise<Look> {
  let look: Look;
  const { timeout_s } = check;
  const ends = performance.now() + timeout_s * 1000;
  const driver = drive(session, ends, AbortSignal.any([signal, session.lost]));
  try {
    const said = await run(driver);
    look = said === null ? pass : fail(said);
  } catch (error) {
    if (error instanceof TooLate) look = fail(`not done within ${timeout_s} s`);
    // Lightpanda's codes for a command it does not have.
    else if (/UnknownMethod|UnknownDomain|-31998|-32601|wasn't found/.test(errorLine(error)))
      look = sawNothing(`${session.engine} cannot do this: ${errorLine(error)}`);
    else look = sawNothing(`could not look: ${errorLine(error)}`);
  }
  if (signal.aborted) return sawNothing('stopped before the end');
  const told = look.outcome !== 'inconclusive' && session.engine === 'lightpanda';
  const blind = told ? await cannotJudge(driver, check, look.outcome) : null;
  if (blind !== null) return sawNothing(blind);
  if (look.outcome === 'pass') return look;
  const whose = await session.whyLost();
  if (whose === 'browser') return sawNothing('the browser was lost', true);
  const isOver = whose === 'page' && look.outcome === 'inconclusive';
  return isOver ? fail('the page hangs or crashes its browser') : look;
}

function drive(session: Session, ends: number, signal: AbortSignal) {
  const tabs = followTabs(session.page, (page) =>
    page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {})),
  );
  const layout = session.engine === 'chromium';
  const left = () => Math.max(1, ends - performance.now());
  const timed = <T>(work: Promise<T>): Promise<T> => within(left(), work, signal);
  /** The status that a document may have beside those below 400. */
  let asked: number | null = null;
  /** The error page that was asked for, and on which a person goes on. */
  let accepted: { doc: Traffic; begun: number } | null = null;

  const evaluate = async (
    expression: string,
    frame: Frame = tabs.here().page.mainFrame(),
  ): Promise<unknown> => timed(frame.evaluate(expression));

  /** A tab that was opened by a page has asked before anybody could listen, so that its document is asked. */
  async function status(): Promise<number | null> {
    const { doc } = tabs.here();
    // Nor does a page that comes back out of the history answer anew.
    const known = doc.status === null ? tabs.count() === 1 : doc.status < 400;
    if (!layout || known) return doc.status;
    const told = await evaluate(
      `(performance.getEntriesByType('navigation')[0] || {}).responseStatus || null`,
    );
    return typeof told === 'number' ? told : doc.status;
  }

  /** Why this document is none that a person could use. */
  async function errorPage(): Promise<Said> {
    const { doc, page } = tabs.here();
    if (doc.arrived !== doc.begun) return null;
    if (accepted?.doc === doc && accepted.begun === doc.begun) return null;
    if (doc.cut !== null) return `${place(page.url())} broke off: ${doc.cut}`;
    const answered = await status();
    return answered !== null && answered >= 400 && answered !== asked
      ? `${place(page.url())} answered ${answered}`
      : null;
  }

  /** Looks again and again until the probe says null or the time is over. Then the probe's last answer is the reason. */
  async function until(probe: () => Promise<Said>): Promise<Said> {
    for (let pause = FIRST_MS, last: Said = null; ; pause = Math.min(2 * pause, CACHED_MS)) {
      let ended = false;
      const asking = async (): Promise<Said> => {
        const page = await errorPage();
        ended = page !== null; // an error page is the answer, so there is nothing to wait for
        return page ?? probe();
      };
      const said: Said = await asking().catch((error) => {
        if (error instanceof TooLate && last !== null) return last;
        signal.throwIfAborted();
        if (
          /context was destroyed|Cannot find context|detached|not clickable|navigat|Session closed|Target closed/i.test(
            errorLine(error),
          )
        )
          return 'the page kept changing';
        throw error;
      });
      if (said === null || ended) return said;
      if (left() <= CACHED_MS) return said;
      last = said;
      await sleep(pause, undefined, { signal });
    }
  }

  const unfinished = (): string => `${place(tabs.here().page.url())} did not finish loading`;

  /**
   * Waits until a person could begin: the document is there, no style sheet or script is under way, and pictures have had a while. What
   * polls or streams without end keeps nobody.
   */
  function ready(): Promise<Said> {
    let since: number | null = null;
    return until(async () => {
      const { doc } = tabs.here();
      if (doc.arrived !== doc.begun) return 'the next page did not finish loading';
      const state = await evaluate('document.readyState');
      if (state === 'complete') return null;
      if (state === 'loading') return unfinished();
      const sheets = [...doc.open]
        .filter((one) => one.resourceType() === 'stylesheet')
        .map((one) => one.url());
      const blocking = sheets.length === 0 ? [] : await evaluate(askBlocking(sheets));
      const [sheet] = Array.isArray(blocking) ? blocking : [];
      if (sheet !== undefined) return `the style sheet ${place(String(sheet))} did not come`;
      since ??= performance.now();
      const needed = [...doc.open].some(
        (one) => !['image', 'media', 'font', 'ping'].includes(one.resourceType()),
      );
      if (!needed || performance.now() - since > PICTURES_MS) return null;
      return unfinished();
    });
  }

  /** After an act: if the page began to navigate or opened a tab, waits for the new document. */
  async function settle(begun: number, open: number): Promise<Said> {
    const moved = () => tabs.count() !== open || tabs.here().doc.begun !== begun;
    for (const stop = performance.now() + GRACE_MS; !moved() && performance.now() < stop; )
      await sleep(10, undefined, { signal });
    return moved() ? ready() : null;
  }

  /** Waits until no request is under way for half a second. Some pages poll without end, so it waits for three at most. */
  async function quiet(): Promise<void> {
    const stop = Math.min(performance.now() + 3_000, ends);
    for (let calm = performance.now(); performance.now() < stop; ) {
      if (tabs.here().doc.open.size > 0) calm = performance.now();
      if (performance.now() - calm > 500) return;
      await sleep(CACHED_MS, undefined, { signal });
    }
  }

  /** What a person does, once, and what follows of it. */
  async function act(work: () => Promise<unknown>): Promise<Said> {
    const { begun } = tabs.here().doc;
    const open = tabs.count();
    await timed(work());
    return settle(begun, open);
  }

  async function open(address: string): Promise<Said> {
    try {
      await within(
        left() + MOMENT_MS,
        tabs.here().page.goto(address, { waitUntil: [], timeout: left() }),
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TooLate || (error instanceof Error && error.name === 'TimeoutError'))
        return `${place(address)} did not finish loading`;
      const said = errorLine(error);
      // The browser refused the command, or went away. Neither says anything about the site.
      if (error instanceof Error && error.name === 'ProtocolError') throw error;
      // A document without a body, or one that was saved, is no failure of the way to it.
      if (/ERR_ABORTED/.test(said) && tabs.here().doc.status !== null) return errorPage();
      const ours = await noWayOut(said, address);
      if (ours !== null) throw new Error(`no way out: ${ours}`, { cause: error });
      return `${place(address)} did not open: ${networkWords(said)}`;
    }
    return ready();
  }

  async function wait(seconds: number): Promise<Said> {
    await sleep(Math.min(seconds * 1000, left()), undefined, { signal });
    return left() > 1 ? null : `the time of the journey ended while it waited ${seconds} s`;
  }

  /** How the next dialog is answered. */
  async function answer(how: 'accept' | 'dismiss' | { accept: string }): Promise<Said> {
    if (typeof how === 'string') await session.answerDialogs?.(how);
    else await session.answerDialogs?.('accept', how.accept);
    return null;
  }

  return {
    layout,
    wait,
    /** After a moment in which what moves has moved. */
    later: async <T>(work: () => Promise<T>): Promise<T> => {
      await sleep(MOMENT_MS, undefined, { signal });
      return work();
    },
    answer,
    tabs,
    open,
    until,
    ready,
    settle,
    act,
    evaluate,
    /** Asks the page and then each of its frames. */
    inFrames: (expression: string, read: (answer: unknown) => Place): Promise<Place> =>
      inFrames({ page: tabs.here().page, layout, evaluate, timed }, expression, read),
    quiet,
    timed,
    headers: () => tabs.here().doc.headers,
    unhurried: async (asked: string) => within(3_000, tabs.here().page.evaluate(asked), signal), // also when time is over
    status,
    errorPage,
    /** From now on, a document of this status is one that the plan asks for. */
    allow: (status: number | null) => {
      const { doc } = tabs.here();
      if (asked !== null && doc.status === asked) accepted = { doc, begun: doc.begun };
      asked = status;
    },
    /** The page's own requests that failed. The page itself does not count. */
    broken: () => [...tabs.here().doc.broken],
  };
}
