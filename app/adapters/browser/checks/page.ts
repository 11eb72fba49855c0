// Opens one page in a browser and looks whether it has what users need.
// It must never click or type: a page check may run before a person has approved anything.

import type { PageCheck } from '#core/verification/checks';
import type { Session } from '../sessions.ts';
import { watch } from './driver.ts';
import { expect } from './expectations.ts';
import type { Look } from './look.ts';

/** Looks once, in a session of its own. */
export function lookAtPage(check: PageCheck, session: Session, signal: AbortSignal): Promise<Look> {
  const { status, text, selector, no_errors } = check.expect;
  return watch(session, check, signal, async (driver) => {
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
    const errors = new Set([...(await session.errors()), ...driver.broken()]);
    return errors.size > 0 ? `errors on the page: ${[...errors].join('; ')}` : driver.errorPage();
  });
}
