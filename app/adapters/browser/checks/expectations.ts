// What a plan expects of a page at one moment, looked for until it is so or time is over.
// It must never count what a person cannot see, and never anything that stands on an error page nobody asked for.

import type { Expectation } from '#core/verification/checks';
import { askTarget, askWords } from '../in-page/ask.ts';
import type { Driver, Said } from './driver.ts';
import { place } from './look.ts';

export const expect = (driver: Driver, wanted: Expectation): Promise<Said> =>
  driver.until(async () => {
    const { status, url, selector, text } = wanted;
    const page = driver.tabs.here().page;
    const answered = status === undefined ? null : await driver.status();
    if (status !== undefined && answered !== status)
      return `the page answered ${answered}, expected ${status}`;
    if (url !== undefined && !page.url().includes(url))
      return `the address is ${place(page.url())}, expected ${JSON.stringify(url)} in it`;
    if (selector !== undefined) {
      const why = await inAnyFrame(driver, askTarget(driver.layout, 'presence', selector));
      if (why !== null)
        return why === 'missing' ? `${selector} is missing` : `${selector} cannot be seen: ${why}`;
    }
    if (text !== undefined) {
      const why = await inAnyFrame(driver, askWords(driver.layout, text));
      const said = `the text ${JSON.stringify(text)}`;
      if (why !== null) return why === 'missing' ? `${said} is missing` : `${said} cannot be read: ${why}`;
    }
    return null;
  });

/** Null where the page or a frame of it says null. */
async function inAnyFrame(driver: Driver, expression: string): Promise<Said> {
  const at = await driver.inFrames(expression, (answer) =>
    answer === null ? { x: 1, y: 1 } : { why: String(answer) },
  );
  return 'why' in at ? at.why : null;
}
