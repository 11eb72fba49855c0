// Follows a page's requests: which document is under way, with what status it came, and which other requests failed.
// It must never take times from the browser, because Lightpanda's events have only whole seconds.

import type { HTTPRequest, HTTPResponse, Page } from 'puppeteer-core';
import { place } from './look.ts';
import { networkWords } from './network-names.ts';

export type Traffic = {
  /** How many documents the main frame asked for, and how many of them came (or will never come). */
  readonly begun: number;
  readonly arrived: number;
  /** Status of the last document. Null before the first. */
  readonly status: number | null;
  /** The last document broke off after its beginning: why. */
  readonly cut: string | null;
  /** Headers of the last document, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Other requests of the page that failed in a way that users feel. */
  readonly broken: ReadonlySet<string>;
  /** Requests that have not ended yet. */
  readonly open: ReadonlySet<HTTPRequest>;
};

// What a page is made of. What it asks for by itself may be answered with 404 on purpose.
const PARTS = ['script', 'stylesheet', 'image', 'font'];

/** Listens until the page is closed. The object that it returns changes as things happen. */
export function follow(page: Page): Traffic {
  const open = new Set<HTTPRequest>();
  const broken = new Set<string>();
  let [begun, arrived] = [0, 0];
  let status: number | null = null;
  let cut: string | null = null;
  let headers: Readonly<Record<string, string>> = {};
  const isDocument = (request: HTTPRequest) =>
    request.isNavigationRequest() && request.frame() === page.mainFrame();
  /** A part of the site itself. What others put into it may be blocked by many a user too. */
  const isOwn = (url: string) => {
    const [one, other] = [URL.parse(url), URL.parse(page.url())];
    return one !== null && other !== null && one.host === other.host && one.pathname !== '/favicon.ico';
  };

  page.on('request', (request: HTTPRequest) => {
    open.add(request);
    if (isDocument(request) && request.redirectChain().length === 0) begun += 1;
  });
  page.on('response', (response: HTTPResponse) => {
    const answered = response.status();
    const request = response.request();
    if (isDocument(request)) {
      status = answered;
      cut = null;
      headers = response.headers();
      if (answered === 204 || answered === 205) arrived = begun; // no new document comes
    } else if (
      answered >= 500 ||
      (answered >= 400 && PARTS.includes(request.resourceType()) && isOwn(response.url()))
    )
      broken.add(`${place(response.url())} answered ${answered}`);
  });
  page.on('requestfinished', (request: HTTPRequest) => void open.delete(request));
  page.on('requestfailed', (request: HTTPRequest) => {
    open.delete(request);
    const said = request.failure()?.errorText ?? '';
    if (isDocument(request)) {
      arrived = begun;
      if (request.response() !== null && !/ERR_ABORTED/.test(said)) cut = networkWords(said);
    } else if (
      !/ERR_ABORTED/.test(said) &&
      PARTS.includes(request.resourceType()) &&
      isOwn(request.url()) &&
      (request.response()?.status() ?? 0) < 400
    )
      broken.add(`${place(request.url())} did not load: ${networkWords(said)}`);
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
    get cut() {
      return cut;
    },
    get headers() {
      return headers;
    },
    open,
    broken,
  };
}
