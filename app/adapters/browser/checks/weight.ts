// Counts what a page asks for and how many bytes come over the wire, on Chromium.
// Must never count what comes from the page itself, such as `data:` addresses.
import type { HTTPRequest, Page } from 'puppeteer-core';
import { within } from '../within.ts';

/**
 * Call it before the page opens; what it returns tells the sums so far. Bytes are those of the page and of frames of the same site, with
 * headers and as they are packed; requests are those of all frames, and each redirect is one.
 */
export async function weigh(page: Page): Promise<() => { bytes: number; requests: number }> {
  let [bytes, requests] = [0, 0];
  page.on('request', (request: HTTPRequest) => {
    if (/^https?:/.test(request.url())) requests += 1;
  });
  const wire = await within(10_000, page.createCDPSession());
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  wire.on('Network.requestWillBeSent', ({ redirectResponse }) => {
    bytes += redirectResponse?.encodedDataLength ?? 0;
  });
  await within(10_000, wire.send('Network.enable'));
  return () => ({ bytes, requests });
}
