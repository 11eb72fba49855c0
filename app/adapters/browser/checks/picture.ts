// Takes a picture of what a look ended at, on Chromium. Must never change what the look saw, hold it up for long, or keep more bytes than a
// picture may have.
import type { Page } from 'puppeteer-core';
import { PICTURES } from '#core/verification/pictures';
import { within } from '../within.ts';

const PATIENCE_MS = 3_000;
const QUALITIES = [80, 50, 20];
const HEIGHT = 2_000;

/** What a person sees in the window. Null: the page did not stand still for it, or it is too large a picture. */
export async function pictureOf(page: Page, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    const { width = PICTURES.width, height = HEIGHT } = page.viewport() ?? {};
    const clip = { x: 0, y: 0, width: Math.min(width, PICTURES.width), height: Math.min(height, HEIGHT) };
    for (const quality of QUALITIES) {
      const taking = page.screenshot({ type: 'jpeg', quality, clip, captureBeyondViewport: false });
      const picture = await within(PATIENCE_MS, taking, signal);
      if (picture.byteLength <= PICTURES.bytes) return picture;
    }
    return null;
  } catch {
    return null;
  }
}
