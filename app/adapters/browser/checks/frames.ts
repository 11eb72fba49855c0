// Asks a page and the frames in it, wherever they come from. A frame's answer is one of the window's only where a person sees the frame.
// It must never take a place inside a frame for a place in the window.

import type { Frame, Page } from 'puppeteer-core';
import { askFramed } from '../in-page/ask.ts';

/** A place in the window, or why there is none. */
export type Place = { readonly x: number; readonly y: number } | { readonly why: string };

type Asking = {
  readonly page: Page;
  readonly layout: boolean;
  evaluate(expression: string, frame?: Frame): Promise<unknown>;
  timed<T>(work: Promise<T>): Promise<T>;
};

/** The page's own answer where it is one, else that of the first frame which has one. */
export async function inFrames(
  asking: Asking,
  expression: string,
  read: (answer: unknown) => Place,
): Promise<Place> {
  const { page, evaluate } = asking;
  const found = read(await evaluate(expression));
  if (!('why' in found)) return found;
  for (const frame of page.frames()) {
    if (frame === page.mainFrame() || frame.detached) continue;
    const inner = await evaluate(expression, frame).then(read, () => null);
    if (inner !== null && !('why' in inner)) return around(asking, frame, inner);
  }
  return found;
}

/** A place inside a frame, as the window has it. */
async function around({ layout, timed }: Asking, frame: Frame, inner: Place): Promise<Place> {
  let at = inner;
  const body = new Function('e', 'x', 'y', askFramed(layout));
  for (let one: Frame | null = frame; one !== null && !('why' in at); one = one.parentFrame()) {
    const element = one.parentFrame() === null ? null : await timed(one.frameElement());
    if (element === null) break;
    at = (await timed(element.evaluate(body as never, at.x as never, at.y as never))) as Place;
  }
  return at;
}
