// How Vigil's pages are sent. They may not be cached or framed, may hold no script and nothing from elsewhere, and leak no
// address.
// Must never send a page without these headers.
import type { ServerResponse } from 'node:http';
import { styleHash } from '#core/messages/page';

const HEADERS = {
  'content-security-policy': `default-src 'none'; style-src ${styleHash}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

/** One whole page. */
export function sendPage(response: ServerResponse, status: number, text: string, cookie?: string): true {
  response.writeHead(status, {
    ...HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...(cookie ? { 'set-cookie': cookie } : {}),
  });
  response.end(text);
  return true;
}

export function redirect(response: ServerResponse, to: string, cookie: string): true {
  response.writeHead(303, { ...HEADERS, location: to, 'set-cookie': cookie, 'content-length': 0 });
  response.end();
  return true;
}
