// One websocket to a Lightpanda: commands and their answers, and the few events that somebody waits for.
// Must never wait without an end: whatever was asked ends when the connection does, or when its time is over.

import { NodeWebSocketTransport } from 'puppeteer-core/internal/node/NodeWebSocketTransport.js';
import { within } from '../within.ts';

/** The browser takes no more, or is not there. Nothing was asked of the site. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
type Params = Readonly<Record<string, unknown>>;
type Answer = { readonly id?: number; readonly method?: string; readonly params?: Params } & (
  | { readonly result?: Params; readonly error?: undefined }
  | { readonly error: { readonly message?: string } }
);
export type Link = {
  /** Rejects when Lightpanda says no, when the connection ends, or after so many milliseconds. */
  send(method: string, params: Params, ms: number, sessionId?: string): Promise<Params>;
  /** Hears every event of the connection. */
  listen(heard: (method: string, params: Params) => void): void;
  /** Whether it still stands. */
  open(): boolean;
  close(): void;
};

const CONNECTS_MS = 10_000;

/** Opens a connection, which ends when the signal aborts. Rejects with Refused. */
export async function link(endpoint: string, signal: AbortSignal): Promise<Link> {
  const connecting = NodeWebSocketTransport.create(endpoint.replace(/^http/, 'ws'), {}, () => undefined);
  const socket = await within(CONNECTS_MS, connecting, signal).catch((error) => {
    connecting.then((late) => late.close()).catch(() => {});
    throw new Refused(whyNot(error));
  });
  const waiting = new Map<number, { done(value: Params): void; fail(error: Error): void }>();
  let heard: (method: string, params: Params) => void = () => {};
  let [id, over] = [0, false];
  const end = (why: string): void => {
    over = true;
    signal.removeEventListener('abort', close);
    for (const { fail } of waiting.values()) fail(new Error(why));
    waiting.clear();
  };
  const close = (): void => {
    end('the connection was closed');
    socket.close();
  };
  socket.onclose = () => end('the browser closed the connection');
  socket.onmessage = (text) => {
    const { id: of, method, params, ...said } = JSON.parse(text) as Answer;
    if (of === undefined) return heard(method ?? '', params ?? {});
    const one = waiting.get(of);
    waiting.delete(of);
    if (said.error === undefined) return one?.done(said.result ?? {});
    one?.fail(new Error(said.error.message ?? 'the browser refused a command'));
  };
  if (signal.aborted) close();
  signal.addEventListener('abort', close);
  const send = (method: string, params: Params, ms: number, sessionId?: string): Promise<Params> => {
    if (over) return Promise.reject(new Error('the connection was closed'));
    id += 1;
    const answer = new Promise<Params>((done, fail) => waiting.set(id, { done, fail }));
    socket.send(JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }));
    return within(ms, answer);
  };
  return {
    send,
    listen: (to) => {
      heard = to;
    },
    open: () => !over,
    close,
  };
}

/** What a socket says may repeat the address, which may hold a token. It is an event, and no error. */
function whyNot(error: unknown): string {
  const status = /Unexpected server response: (\d{3})/.exec(String(Object(error).message))?.[1];
  if (status === '503') return 'Lightpanda takes no more connections';
  return status === undefined ? 'Lightpanda cannot be reached' : `Lightpanda answered ${status}`;
}
