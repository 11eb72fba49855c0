// One page of the lean client: opens addresses and takes steps by small scripts in the page itself.
// Must never act twice in one step, and never look like the driver of the checks: it sees no status and no layout.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from '#core/verification/steps';
import { place } from '../checks/look.ts';
import { TooLate } from '../within.ts';
import type { Cookies } from './full.ts';
import type { Link } from './lean-link.ts';

type Said = string | null;
export type LeanPage = {
  /** Of the whole session, with what only the server may read. */
  cookies(): Promise<Cookies>;
  /** Ends the session, so that the connection can serve another. */
  forget(): Promise<void>;
  open(address: string): Promise<Said>;
  /** Runs a script until it says `true`; its last other answer is the reason. */
  until(script: string): Promise<Said>;
  /** The same with a script that acts when it can, and only then says `true`; then waits for the document it leads to, if any. */
  act(script: string): Promise<Said>;
};

const AGAIN_MS = 25;
const BEGINS_MS = 20; // a click that navigates says so within 2 ms

export async function openPage(link: Link, cookies: Cookies, ends: number): Promise<LeanPage> {
  const left = (): number => {
    const ms = ends - performance.now();
    if (ms <= 0) throw new TooLate('no time left');
    return ms;
  };
  const context = await link.send('Target.createBrowserContext', {}, left());
  const browserContextId = String(context['browserContextId']);
  if (cookies.length > 0) await link.send('Storage.setCookies', { cookies, browserContextId }, left());
  const blank = { url: 'about:blank', browserContextId };
  const { targetId } = await link.send('Target.createTarget', blank, left());
  const attached = await link.send('Target.attachToTarget', { targetId, flatten: true }, left());
  const sessionId = String(attached['sessionId']);
  let [begun, loaded] = [0, 0];
  let changed = () => {};
  link.listen((method, params) => {
    // The events of frames name themselves; only the main frame has the id of the target.
    if (method === 'Page.frameStartedNavigating' && params['frameId'] === targetId) begun += 1;
    else if (method === 'Page.loadEventFired') loaded = begun;
    else return;
    changed();
  });
  await link.send('Page.enable', {}, left(), sessionId);

  const evaluate = async (expression: string): Promise<unknown> => {
    const said = await link.send('Runtime.evaluate', { expression, returnByValue: true }, left(), sessionId);
    if (said['exceptionDetails'] !== undefined) return 'the page threw an error';
    return Object(said['result'])['value'];
  };
  /** Waits for an event that makes it true, for so long at most. */
  const happens = async (is: () => boolean, ms: number): Promise<boolean> => {
    for (const stop = performance.now() + ms; !is() && performance.now() < stop; ) {
      const over = new AbortController();
      const event = new Promise<void>((done) => {
        changed = done;
      });
      await Promise.race([
        event,
        sleep(Math.max(1, stop - performance.now()), undefined, { signal: over.signal }).catch(() => {}),
      ]);
      over.abort();
    }
    return is();
  };
  const arrives = async (): Promise<Said> =>
    (await happens(() => loaded === begun, left())) ? null : 'the next page did not finish loading';

  const until = async (script: string, again: boolean): Promise<Said> => {
    for (let last: Said = null; ; ) {
      const said = await evaluate(script).catch((error) => {
        if (error instanceof TooLate && last !== null) return last;
        // Of a script that acts nobody knows how far it came.
        if (again && /context was destroyed|Cannot find context/i.test(String(error)))
          return 'the page kept changing';
        throw error;
      });
      if (said === true) return null;
      last = String(said);
      if (ends - performance.now() <= AGAIN_MS) return last;
      await sleep(AGAIN_MS);
    }
  };

  return {
    cookies: async () => {
      const { cookies } = await link.send('Storage.getCookies', { browserContextId }, left());
      return Array.isArray(cookies) ? cookies : [];
    },
    // With the context go its cookies and its storage.
    forget: async () => void (await link.send('Target.disposeBrowserContext', { browserContextId }, 5_000)),
    open: async (address) => {
      const before = begun;
      const { errorText } = await link.send('Page.navigate', { url: address }, left(), sessionId);
      if (typeof errorText === 'string') return `${place(address)} did not open: ${errorText}`;
      await happens(() => begun > before, BEGINS_MS);
      return (await arrives()) === null ? null : `${place(address)} did not finish loading`;
    },
    until: (script) => until(script, true),
    act: async (script) => {
      const before = begun;
      const said = await until(script, false);
      if (said !== null) return said;
      return (await happens(() => begun > before, BEGINS_MS)) ? arrives() : null;
    },
  };
}

export async function takeStep(page: LeanPage, step: Step): Promise<Said> {
  if ('goto' in step) return page.open(step.goto);
  if ('click' in step) return once(page, step.click, 'e.click();');
  if ('fill' in step) return once(page, step.fill.selector, filling(step.fill.value));
  if ('select' in step) {
    const { selector, value } = step.select;
    const reason = JSON.stringify(`${selector} has no option ${JSON.stringify(value)}`);
    const option = `[...(e.options || [])].find((one) => one.value === ${JSON.stringify(value)} && !one.disabled)`;
    return once(
      page,
      selector,
      `const option = ${option}; if (!option) return ${reason}; option.selected = true; ${told}`,
    );
  }
  if ('press' in step) return page.act(ENTER);
  if (!('expect' in step)) return `the lean client cannot ${Object.keys(step)[0]}`;
  const { text, url, selector } = step.expect;
  const wants = [
    ...(url === undefined
      ? []
      : [
          wanted(
            `location.href.includes(${JSON.stringify(url)})`,
            `the address has no ${JSON.stringify(url)} in it`,
          ),
        ]),
    ...(selector === undefined
      ? []
      : [wanted(`document.querySelector(${JSON.stringify(selector)})`, `${selector} is missing`)]),
    ...(text === undefined
      ? []
      : [
          wanted(
            `${PLAIN}(document.body ? document.body.innerText : '').includes(${PLAIN}(${JSON.stringify(text)}))`,
            `the text ${JSON.stringify(text)} is missing`,
          ),
        ]),
  ];
  return page.until(`(() => { ${wants.join(' ')} return true; })()`);
}

const PLAIN = `((text) => String(text).replace(/\\s+/g, ' ').toLowerCase())`;
const wanted = (is: string, otherwise: string): string =>
  `if (!(${is})) return ${JSON.stringify(otherwise)};`;
const told = `for (const name of ['input', 'change']) e.dispatchEvent(new Event(name, { bubbles: true }));`;
// The setter of the element's own kind: frameworks hear of a change by it.
const filling = (value: string): string => `e.focus();
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value');
  if (own && own.set) own.set.call(e, ${JSON.stringify(value)}); else e.value = ${JSON.stringify(value)};
  ${told}`;
const ENTER = `(() => { const e = document.activeElement; const form = e && e.form;
  const key = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
  if (!e || !e.dispatchEvent(key)) return true;
  if (form) form.requestSubmit(); else if (e !== document.body) e.click();
  return true; })()`;

/** Finds the element and acts in one script. What is missing or disabled is no act, and is tried again. */
function once(page: LeanPage, selector: string, act: string): Promise<Said> {
  const missing = JSON.stringify(`${selector} is missing`);
  const disabled = JSON.stringify(`${selector} is disabled`);
  return page.act(`(() => { const e = document.querySelector(${JSON.stringify(selector)});
    if (!e) return ${missing}; if (e.disabled) return ${disabled};
    ${act} return true; })()`);
}
