// The tabs of one session: the one a person looks at is the newest that is open. A tab that closes gives the one before it back.
// It must never look at a tab of another session.

import type { Page } from 'puppeteer-core';
import { follow, type Traffic } from './traffic.ts';

export type Tab = { readonly page: Page; readonly doc: Traffic };

/** Follows the first tab and every one that it opens. `onTab` hears of each new one. */
export function followTabs(first: Page, onTab: (page: Page) => void = () => {}) {
  const tabs: Tab[] = [{ page: first, doc: follow(first) }];
  const watch = (page: Page): void => {
    page.on('popup', (opened) => {
      if (opened === null) return;
      onTab(opened);
      tabs.push({ page: opened, doc: follow(opened) });
      watch(opened);
      opened.once('close', () => {
        const at = tabs.findIndex((tab) => tab.page === opened);
        if (at >= 0) tabs.splice(at, 1);
      });
    });
  };
  watch(first);
  return {
    here: (): Tab => tabs.at(-1) ?? { page: first, doc: follow(first) },
    count: (): number => tabs.length,
    /** Goes to the one before, as by a click on its title. */
    back: (): boolean => {
      const last = tabs.length > 1 ? tabs.pop() : undefined;
      if (last !== undefined) tabs.splice(0, 0, last);
      return last !== undefined;
    },
  };
}
