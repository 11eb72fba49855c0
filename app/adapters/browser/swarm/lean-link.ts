// One websocket to a Lightpanda: commands and their answers, and the few events that somebody waits for.
// Must never wait without an end: whatever was asked ends when the connection does, or when its time is over.

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
  close(): void;
};

const CONNECTS_MS = 10_000;

/** Opens a connection, which ends when the signal aborts. Rejects with Refused. */
export async function link(endpoint: string, signal: AbortSignal): Promise<Link> {
  const socket = new WebSocket(endpoint.replace(/^http/, 'ws'));
  const waiting = new Map<number, { done(value: Params): void; fail(error: Error): void }>();
  let heard: (method: string, params: Params) => void = () => {};
  let [id, over] = [0, false];
  const end = (why: string): void => {
    over = true;
    signal.removeEventListener('abort', onAbort);
    for (const { fail } of waiting.values()) fail(new Error(why));
    waiting.clear();
  };
  const close = () => {
    end('the connection was closed');
    socket.close();
  };
  const onAbort = () => close();
  const opened = new Promise<void>((done, fail) => {
    socket.addEventListener('open', () => done());
    // What the socket says may repeat the address, which may hold a token.
    const refuse = () => fail(new Refused('Lightpanda cannot be reached, or takes no more connections'));
    socket.addEventListener('error', refuse);
    socket.addEventListener('close', () => {
      refuse();
      end('the browser closed the connection');
    });
  });
  socket.addEventListener('message', ({ data }) => {
    const { id: of, method, params, ...said } = JSON.parse(String(data)) as Answer;
    if (of === undefined) return heard(method ?? '', params ?? {});
    const one = waiting.get(of);
    waiting.delete(of);
    if (said.error === undefined) return one?.done(said.result ?? {});
    one?.fail(new Error(said.error.message ?? 'the browser refused a command'));
  });
  signal.addEventListener('abort', onAbort);
  await within(CONNECTS_MS, opened, signal).catch((error) => {
    close();
    throw error instanceof Refused ? error : new Refused('Lightpanda did not answer');
  });
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
    close,
  };
}
