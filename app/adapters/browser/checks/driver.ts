// Moves through a site the way a person does, on either browser engine, within one time limit.
// It must never use what Lightpanda lacks: visibility, keys other than Enter, popups, the engine's clocks or idle states.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Expectation } from '#core/verification/checks';
import type { Session } from '../sessions.ts';
import { TooLate, within } from '../within.ts';
import { errorLine, fail, type Look, pass, place, sawNothing } from './look.ts';
import { follow } from './traffic.ts';

/** What every step returns: null when it is done, otherwise why the site did not allow it. */
export type Said = string | null;
export type Driver = ReturnType<typeof drive>;

const CACHED_MS = 50; // the pause between two looks at a page that is not there yet
const GRACE_MS = 150; // if a click navigates at all, it begins within this time

/** Runs the steps and makes a look of whatever happens. A slow site fails. A browser that died saw nothing. */
export async function watch(
  session: Session,
  timeoutS: number,
  signal: AbortSignal,
  run: (driver: Driver) => Promise<Said>,
): Promise<Look> {
  let look: Look;
  const ends = performance.now() + timeoutS * 1000;
  const driver = drive(session, ends, AbortSignal.any([signal, session.lost]));
  try {
    const said = await run(driver);
    look = said === null ? pass : fail(said);
  } catch (error) {
    if (error instanceof TooLate) look = fail(`not done within ${timeoutS} s`);
    // -31998 is Lightpanda's code for a command it does not have.
    else if (/UnknownMethod|UnknownDomain|-31998/.test(errorLine(error)))
      look = sawNothing(`${session.engine} cannot do this: ${errorLine(error)}`);
    else look = sawNothing(`could not look: ${errorLine(error)}`);
  }
  if (signal.aborted) return sawNothing('stopped before the end');
  if (look.outcome !== 'pass' && !(await session.alive())) return sawNothing('the browser was lost', true);
  return look;
}

function drive(session: Session, ends: number, signal: AbortSignal) {
  const { page } = session;
  const left = () => Math.max(1, ends - performance.now());
  const doc = follow(page);
  const evaluate = (expression: string): Promise<unknown> =>
    within(left(), page.evaluate(expression), signal);

  /** Looks again and again until the probe says null or the time is over. Then the probe's last answer is the reason. */
  async function until(probe: () => Promise<Said>, mind5xx = true): Promise<Said> {
    for (let last: Said = null; ; ) {
      const said: Said = await probe().catch((error) => {
        if (error instanceof TooLate && last !== null) return last;
        signal.throwIfAborted();
        if (
          /context was destroyed|Cannot find context|detached|not clickable|navigat/i.test(errorLine(error))
        )
          return 'the page kept changing';
        throw error;
      });
      if (said === null) return null;
      // An error page is the answer, so there is nothing to wait for.
      if (mind5xx && doc.arrived === doc.begun && doc.status !== null && doc.status >= 500)
        return `${place(page.url())} answered ${doc.status} (${said})`;
      if (left() <= CACHED_MS) return said;
      last = said;
      await sleep(CACHED_MS, undefined, { signal });
    }
  }

  /** After an act: if the page began to navigate, waits for the new document. */
  async function settle(begun: number): Promise<Said> {
    for (const stop = performance.now() + GRACE_MS; doc.begun === begun && performance.now() < stop; )
      await sleep(10, undefined, { signal });
    if (doc.begun === begun) return null;
    return until(async () => {
      const ready = doc.arrived === doc.begun && (await evaluate(`document.readyState`)) === 'complete';
      return ready ? null : 'the next page did not finish loading';
    });
  }

  /** Waits until no request is under way. Some pages poll without end, so it waits for 1.5 seconds at most. */
  async function quiet(): Promise<void> {
    const stop = Math.min(performance.now() + 1_500, ends);
    while (doc.open > 0 && performance.now() < stop) await sleep(CACHED_MS, undefined, { signal });
  }

  async function act(work: () => Promise<unknown>): Promise<Said> {
    const { begun } = doc;
    await within(left(), work(), signal);
    return settle(begun);
  }

  async function open(address: string): Promise<Said> {
    try {
      await page.goto(address, { waitUntil: 'load', timeout: left(), signal });
      return null;
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        return `${place(address)} did not finish loading`;
      // Our own network is down, or the browser refused the command. Neither says anything about the site.
      const ours = error instanceof Error && error.name === 'ProtocolError';
      if (ours || /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/.test(errorLine(error))) throw error;
      return `${place(address)} did not open: ${errorLine(error).replace(/ at https?:.*/, '')}`;
    }
  }

  /** The element in the page, as soon as it is there and not disabled. */
  const find = (selector: string): Promise<Said> =>
    until(async () => {
      const state = await evaluate(
        `(() => { const e = document.querySelector(${JSON.stringify(selector)}); return !e ? 'missing' : e.disabled ? 'disabled' : 'ready'; })()`,
      );
      return state === 'ready' ? null : `${selector} is ${String(state)}`;
    });

  async function click(selector: string): Promise<Said> {
    // The point to click is looked for again until there is one. The click itself happens once.
    let point: { x: number; y: number } | null = null;
    const said = await until(async () => {
      const element = await within(left(), page.$(selector), signal);
      if (element === null) return `${selector} is missing`;
      await within(left(), element.scrollIntoView(), signal);
      point = await within(left(), element.clickablePoint(), signal).catch(() => null);
      return point === null ? `${selector} cannot be clicked` : null;
    });
    if (said !== null || point === null) return said;
    const { x, y } = point;
    return act(() => page.mouse.click(x, y));
  }

  async function fill(selector: string, value: string): Promise<Said> {
    const said = await find(selector);
    if (said !== null) return said;
    // Cleared by the element's own setter: frameworks notice changes by it, and not every engine has keys that clear.
    await evaluate(`(() => {
      const e = document.querySelector(${JSON.stringify(selector)});
      e.focus();
      const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value');
      if (own && own.set) own.set.call(e, ''); else e.value = '';
      e.dispatchEvent(new Event('input', { bubbles: true }));
    })()`);
    await within(left(), page.keyboard.type(value), signal);
    return null;
  }

  async function select(selector: string, value: string): Promise<Said> {
    const { begun } = doc;
    const said = await until(async () => {
      const done = await evaluate(`(() => {
        const e = document.querySelector(${JSON.stringify(selector)});
        if (!e || e.disabled) return false;
        const option = [...(e.options || [])].find((one) => one.value === ${JSON.stringify(value)});
        if (!option) return false;
        option.selected = true;
        for (const name of ['input', 'change']) e.dispatchEvent(new Event(name, { bubbles: true }));
        return true;
      })()`);
      return done === true ? null : `${selector} has no option ${JSON.stringify(value)}`;
    });
    return said ?? settle(begun);
  }

  const expect = (wanted: Expectation): Promise<Said> =>
    until(async () => {
      const { status, url, selector, text } = wanted;
      if (status !== undefined && doc.status !== status)
        return `the page answered ${doc.status}, expected ${status}`;
      if (url !== undefined && !page.url().includes(url))
        return `the address is ${place(page.url())}, expected ${JSON.stringify(url)} in it`;
      if (
        selector !== undefined &&
        (await evaluate(`document.querySelector(${JSON.stringify(selector)}) !== null`)) !== true
      )
        return `${selector} is missing`;
      if (
        text !== undefined &&
        !plain(await evaluate('document.body ? document.body.innerText : ""')).includes(plain(text))
      )
        return `the text ${JSON.stringify(text)} is missing`;
      return null;
    }, wanted.status === undefined);

  return {
    open,
    click,
    fill,
    select,
    expect,
    pressEnter: () => act(() => page.keyboard.press('Enter')),
    status: () => doc.status,
    /** The page's own requests that the service answered with 5xx. The page itself does not count. */
    broken: () => [...doc.broken],
    quiet,
  };
}

// Case and white space are not compared, because style sheets change them and only one engine applies those.
const plain = (text: unknown): string => String(text).replace(/\s+/g, ' ').toLowerCase();
