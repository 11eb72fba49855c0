// Answers the dialogs of a page, so that none of them holds anything up.
// It must never wait until one is answered: a Lightpanda has answered before we hear of it.

import type { Dialog, Page } from 'puppeteer-core';
import { within } from './within.ts';

type Answer = { readonly how: 'accept' | 'dismiss'; readonly text?: string | undefined };

/** Dismisses each, until somebody says how the next one is answered. Who leaves a page leaves it. */
export function answerer(
  engine: 'lightpanda' | 'chromium',
  page: Page,
): (how: Answer['how'], text?: string) => Promise<void> {
  let next: Answer | null = null;
  page.on('dialog', (dialog: Dialog) => {
    const { how, text } =
      dialog.type() === 'beforeunload' ? ({ how: 'accept' } as Answer) : (next ?? { how: 'dismiss' });
    if (dialog.type() === 'confirm' || dialog.type() === 'prompt') next = null;
    const answer = how === 'accept' ? dialog.accept(text) : dialog.dismiss();
    answer.catch(() => {});
  });
  return async (how, text) => {
    next = { how, text };
    if (engine === 'chromium') return;
    // It answers by itself, and must know before it is asked. This command is its own, and holds for one dialog.
    const session = await within(5_000, page.createCDPSession());
    const told = { accept: how === 'accept', ...(text === undefined ? {} : { promptText: text }) };
    const command = 'LP.handleJavaScriptDialog' as 'Page.handleJavaScriptDialog'; // it takes the same
    await within(5_000, session.send(command, told));
    await within(5_000, session.detach()).catch(() => {});
  };
}
