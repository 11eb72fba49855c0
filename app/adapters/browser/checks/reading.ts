// Reads what a page says to people when a look at it has ended, and takes a picture of it. Must never change what the look saw, nor hold it up for long: a page that
// does not answer has no words.

import type { JourneyCheck, PageCheck } from '#core/verification/checks';
import { askSaid } from '../in-page/ask.ts';
import type { Session } from '../sessions.ts';
import { within } from '../within.ts';
import { type Driver, type Said, watch } from './driver.ts';
import type { Look, Wants } from './look.ts';
import { pictureOf } from './picture.ts';

const PATIENCE_MS = 1_000;
const MOST = 8_000; // more than is kept, so that nothing is cut in two before it was redacted

/** As watch(), and then the words and a picture of the tab that a person would look at, where they are wanted. */
export async function watchAndRead(
  session: Session,
  check: PageCheck | JourneyCheck,
  signal: AbortSignal,
  run: (driver: Driver) => Promise<Said>,
  { words: reads, picture: shows }: Wants = {},
): Promise<Look> {
  let tabs: Driver['tabs'] | null = null;
  const look = await watch(session, check, signal, (driver) => {
    tabs = driver.tabs;
    return run(driver);
  });
  if (look.outcome === 'inconclusive') return look;
  const shown = session.engine === 'chromium' && shows?.(look.outcome) === true;
  if (!shown && !reads?.(look.outcome)) return look;
  const page = (tabs as Driver['tabs'] | null)?.here().page ?? session.page;
  const over = AbortSignal.any([signal, session.lost]);
  const picture = shown ? await pictureOf(page, over) : null;
  const seen = picture === null ? look : { ...look, picture };
  if (!reads?.(look.outcome)) return seen;
  const asking = page.mainFrame().evaluate(askSaid(MOST));
  const words = await within(PATIENCE_MS, asking, over).catch(() => null);
  return typeof words === 'string' && words !== '' ? { ...seen, words } : seen;
}
