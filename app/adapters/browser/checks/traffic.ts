// Follows a page's requests: which document is under way, with what status it came, and which other requests failed.
// It must never take times from the browser, because Lightpanda's events have only whole seconds.

import type { HTTPRequest, HTTPResponse, Page } from 'puppeteer-core';
import { place } from './look.ts';

type Traffic = {
  /** How many documents the main frame asked for, and how many of them came (or will never come). */
  readonly begun: number;
  readonly arrived: number;
  /** Status of the last document. Null before the first. */
  readonly status: number | null;
  /** Other requests of the page that were answered with 5xx. */
  readonly broken: ReadonlySet<string>;
  /** Requests that have not ended yet. */
  readonly open: number;
};

/** Listens until the page is closed. The object that it returns changes as things happen. */
export function follow(page: Page): Traffic {
  const open = new Set<HTTPRequest>();
  const broken = new Set<string>();
  let [begun, arrived] = [0, 0];
  let status: number | null = null;
  const isDocument = (request: HTTPRequest) =>
    request.isNavigationRequest() && request.frame() === page.mainFrame();

  page.on('request', (request: HTTPRequest) => {
    open.add(request);
    if (isDocument(request) && request.redirectChain().length === 0) begun += 1;
  });
  page.on('response', (response: HTTPResponse) => {
    const answered = response.status();
    if (isDocument(response.request())) {
      status = answered;
      if (answered === 204 || answered === 205) arrived = begun; // no new document comes
    } else if (answered >= 500) broken.add(`${place(response.url())} answered ${answered}`);
  });
  page.on('requestfinished', (request: HTTPRequest) => void open.delete(request));
  page.on('requestfailed', (request: HTTPRequest) => {
    open.delete(request);
    if (isDocument(request)) arrived = begun;
  });
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) arrived = begun;
  });
  return {
    get begun() {
      return begun;
    },
    get arrived() {
      return arrived;
    },
    get status() {
      return status;
    },
    get open() {
      return open.size;
    },
    broken,
  };
}
