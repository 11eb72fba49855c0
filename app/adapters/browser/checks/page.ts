// Opens one page in a browser and looks whether it has what users need.
// It must never click or type: a page check may run before a person has approved anything.

import type { PageCheck } from '#core/verification/checks';
import type { Session } from '../sessions.ts';
import type { Driver, Said } from './driver.ts';
import { expect } from './expectations.ts';
import { type Look, place, type Wants } from './look.ts';
import { watchAndRead } from './reading.ts';

/** Each once: a part that failed is told by the page and by its request, and the request knows why. */
function once(thrown: readonly string[], broken: readonly string[]): string[] {
  const told = broken.map((one) => one.split(' ')[0] ?? '');
  const more = thrown
    .map((one) => one.replace(/^\S+(?= did not load$)/, place))
    .filter((one) => !told.some((address) => one.includes(address)));
  return [...new Set([...more, ...broken])];
}

/** Looks once, in a session of its own. */
export function lookAtPage(
  check: PageCheck,
  session: Session,
  signal: AbortSignal,
  wants?: Wants,
): Promise<Look> {
  const { status, text, selector, no_errors } = check.expect;
  const see = async (driver: Driver): Promise<Said> => {
    driver.allow(status);
    const opened = await driver.open(check.url);
    const answered = await driver.status();
    if (answered !== null && answered !== status) return `the page answered ${answered}, expected ${status}`;
    if (opened !== null) return opened;
    for (const wanted of [
      ...selector.map((one) => ({ selector: one })),
      ...text.map((one) => ({ text: one })),
    ]) {
      const said = await expect(driver, { status, ...wanted });
      if (said !== null) return said;
    }
    if (!no_errors) return null;
    await driver.quiet();
    const errors = once(await session.errors(), driver.broken());
    return errors.length > 0 ? `errors on the page: ${errors.join('; ')}` : driver.errorPage();
  };
  return watchAndRead(session, check, signal, see, wants);
}
