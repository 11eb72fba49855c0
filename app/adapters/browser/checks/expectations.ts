// What a plan expects of a page at one moment, looked for until it is so or time is over.
// It must never count what a person cannot see, anything that stands on an error page nobody asked for, or tell the value of a cookie.

import type { Expectation } from '#core/verification/steps';
import { askTarget, askWords } from '../in-page/ask.ts';
import type { Driver, Said } from './driver.ts';
import { place } from './look.ts';

/** Null as soon as all of it is so at once. */
export const expect = (driver: Driver, wanted: Expectation): Promise<Said> =>
  driver.until(async () => {
    for (const part of PARTS) {
      const said = await part(driver, wanted);
      if (said !== null) return said;
    }
    return null;
  });

type Part = (driver: Driver, wanted: Expectation) => Promise<Said>;

const PARTS: readonly Part[] = [
  async (driver, { status }) => {
    const answered = status === undefined ? undefined : await driver.status();
    return answered === status ? null : `the page answered ${answered}, expected ${status}`;
  },
  async (driver, { url }) => {
    const address = driver.tabs.here().page.url();
    if (url === undefined || address.includes(url)) return null;
    return `the address is ${place(address)}, expected ${JSON.stringify(url)} in it`;
  },
  async (driver, { selector }) => {
    if (selector === undefined) return null;
    const why = await inAnyFrame(driver, askTarget(driver.layout, 'presence', selector));
    if (why === null) return null;
    return why === 'missing' ? `${selector} is missing` : `${selector} cannot be seen: ${why}`;
  },
  async (driver, { gone }) => {
    if (gone === undefined) return null;
    return (await seen(driver, gone)) > 0 ? `${gone} is still there` : null;
  },
  async (driver, { count }) => {
    if (count === undefined) return null;
    const { selector, at_least = 0, at_most = Number.POSITIVE_INFINITY } = count;
    const there = await seen(driver, selector);
    if (there < at_least) return `${there} of ${selector} can be seen, expected ${at_least} at least`;
    return there > at_most ? `${there} of ${selector} can be seen, expected ${at_most} at most` : null;
  },
  async (driver, { attribute }) => {
    if (attribute === undefined) return null;
    const { selector, name, value } = attribute;
    let got: string | null = null;
    const at = await driver.inFrames(askTarget(driver.layout, 'attributeOf', selector, name), (answer) => {
      const said = typeof answer === 'object' && answer !== null ? answer : { why: 'missing' };
      got = 'value' in said && said.value !== null ? String(said.value) : null;
      return 'why' in said ? { why: String(said.why) } : { x: 0, y: 0 };
    });
    if ('why' in at)
      return at.why === 'missing' ? `${selector} is missing` : `${selector} cannot be seen: ${at.why}`;
    return got === value
      ? null
      : `${name} of ${selector} is ${JSON.stringify(got)}, expected ${JSON.stringify(value)}`;
  },
  async (driver, { cookie }) => {
    if (cookie === undefined) return null;
    const { name, value, present = true } = cookie;
    const { page } = driver.tabs.here();
    const host = URL.parse(page.url())?.hostname ?? '';
    const known = await driver.timed(page.browserContext().cookies());
    const mine = known.filter(
      (one) => one.name === name && `.${host}`.endsWith(`.${one.domain.replace(/^\./, '')}`),
    );
    if (mine.length > 0 !== present)
      return present ? `there is no cookie ${name}` : `the cookie ${name} is still there`;
    return value === undefined || mine.some((one) => one.value === value)
      ? null
      : `the cookie ${name} is another one`;
  },
  async (driver, { text }) => {
    if (text === undefined) return null;
    const why = await inAnyFrame(driver, askWords(driver.layout, text));
    const said = `the text ${JSON.stringify(text)}`;
    if (why === null) return null;
    return why === 'missing' ? `${said} is missing` : `${said} cannot be read: ${why}`;
  },
];

/** How many a person sees, in the page and its frames. */
async function seen(driver: Driver, selector: string): Promise<number> {
  let all = 0;
  await driver.inFrames(askTarget(driver.layout, 'countOf', selector), (answer) => {
    all += Number(answer) || 0;
    return { why: 'go on' }; // every frame is asked
  });
  return all;
}

/** Null where the page or a frame of it says null. */
async function inAnyFrame(driver: Driver, expression: string): Promise<Said> {
  const at = await driver.inFrames(expression, (answer) =>
    answer === null ? { x: 1, y: 1 } : { why: String(answer) },
  );
  return 'why' in at ? at.why : null;
}
