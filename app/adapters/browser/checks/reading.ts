// Reads what a page says to people when a look at it has ended. Must never change what the look saw, nor hold it up for long: a page that
// does not answer has no words.

import type { JourneyCheck, PageCheck } from '#core/verification/checks';
import { askSaid } from '../in-page/ask.ts';
import type { Session } from '../sessions.ts';
import { within } from '../within.ts';
import { type Driver, type Said, watch } from './driver.ts';
import type { Look, Reads } from './look.ts';

const PATIENCE_MS = 1_000;
const MOST = 8_000; // more than is kept, so that nothing is cut in two before it was redacted

/** As watch(), and then the words of the tab that a person would look at, where they are wanted. */
export async function watchAndRead(
  session: Session,
  check: PageCheck | JourneyCheck,
  signal: AbortSignal,
  run: (driver: Driver) => Promise<Said>,
  reads: Reads = () => false,
): Promise<Look> {
  let tabs: Driver['tabs'] | null = null;
  const look = await watch(session, check, signal, (driver) => {
    tabs = driver.tabs;
    return run(driver);
  });
  if (look.outcome === 'inconclusive' || !reads(look.outcome)) return look;
  const page = (tabs as Driver['tabs'] | null)?.here().page ?? session.page;
  const asking = page.mainFrame().evaluate(askSaid(MOST));
  const words = await within(PATIENCE_MS, asking, AbortSignal.any([signal, session.lost])).catch(() => null);
  return typeof words === 'string' && words !== '' ? { ...look, words } : look;
}
