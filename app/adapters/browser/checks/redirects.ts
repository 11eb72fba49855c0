// Goes where an answer sends a check, as a browser would, but only as far as the plan itself goes.
// It must never visit an origin that the plan does not name, hand a header that may carry a credential to another origin, or send
// anything but a read a second time.
import type { HttpCheck } from '#core/verification/checks';
import { HARMLESS_HEADERS } from '#core/verification/plan';
import { type Answer, ask } from './ask.ts';
import { place } from './look.ts';

const MOST = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** The last answer, or why the way to it was not gone. Throws what `ask` throws. */
export type Arrived = { readonly answer: Answer } | { readonly refused: string };

/** Without `redirects: follow`, and where no location is named, the first answer is the last. */
export async function arrive(
  { url, method, headers, body, redirects }: HttpCheck,
  origins: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Arrived> {
  let at = url;
  let init: RequestInit & { signal: AbortSignal } = { method, headers, body: body ?? null, signal };
  for (let gone = 0; ; gone += 1) {
    const answer = await ask(at, init);
    const to = redirects === 'follow' && REDIRECTS.includes(answer.status) ? locationOf(answer, at) : null;
    if (to === null) return { answer };
    if (gone === MOST) return { refused: `redirects more than ${MOST} times, the last to ${place(to.href)}` };
    if (!origins.has(to.origin))
      return { refused: `redirects to ${place(to.href)}, of whose origin nothing in the plan is` };
    if (`${to.username}${to.password}` !== '')
      return { refused: `redirects to ${place(to.href)} with a user name or password` };
    if (init.method === 'POST' && answer.status > 303)
      return { refused: `wants the POST once more, at ${place(to.href)}` };
    const same = to.origin === new URL(at).origin;
    // What follows a POST is a GET: https://fetch.spec.whatwg.org/#http-redirect-fetch
    init = {
      method: init.method === 'POST' ? 'GET' : (init.method ?? 'GET'),
      headers: same ? (init.headers ?? {}) : harmless(headers),
      signal,
    };
    at = to.href;
  }
}

/** The address in `location`, seen from the address that answered. Null: there is none that could be visited. */
export function locationOf(answer: Answer, from: string): URL | null {
  const location = answer.headers.get('location');
  const to = location === null ? null : URL.parse(location, from);
  return to !== null && /^https?:$/.test(to.protocol) ? to : null;
}

// A burst asks for connections of their own, which is no secret either.
const harmless = (headers: HttpCheck['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) =>
      [...HARMLESS_HEADERS, 'connection'].includes(name.toLowerCase()),
    ),
  );
