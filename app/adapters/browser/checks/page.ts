// Opens one page in a browser and looks whether it has what users need.
// It must never click or type: a page check may run before a person has approved anything.

import type { PageCheck } from '#core/verification/checks';
import type { Session } from '../sessions.ts';
import { watch } from './driver.ts';
import type { Look } from './look.ts';

/** Looks once, in a session of its own. */
export function lookAtPage(check: PageCheck, session: Session, signal: AbortSignal): Promise<Look> {
  const { status, text, selector, no_errors } = check.expect;
  return watch(session, check.timeout_s, signal, async (driver) => {
    const wanted = [
      { status },
      ...selector.map((one) => ({ selector: one })),
      ...text.map((one) => ({ text: one })),
    ];
    const opened = await driver.open(check.url);
    if (opened !== null) return opened;
    if (driver.status() !== status) return `the page answered ${driver.status()}, expected ${status}`;
    for (const one of wanted) {
      const said = await driver.expect({ status, ...one });
      if (said !== null) return said;
    }
    if (!no_errors) return null;
    await driver.quiet();
    const errors = [...(await session.errors()), ...driver.broken()];
    return errors.length > 0 ? `errors on the page: ${errors.join('; ')}` : null;
  });
}
