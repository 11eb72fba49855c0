// The wire between puppeteer and a Lightpanda, without the second world of scripts that puppeteer keeps beside that of each page. A
// Lightpanda makes it anew for each document, at a fifth of what a session costs. What would run there runs in the page's own.
// It must never be used with Chromium, whose word is the last and which keeps its scripts apart from those of the page, nor change what
// the page itself does or what the browser tells of it.

import type { ConnectionTransport } from 'puppeteer-core';
import { NodeWebSocketTransport } from 'puppeteer-core/internal/node/NodeWebSocketTransport.js';

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: {
    readonly worldName?: string;
    readonly context?: { readonly auxData?: { readonly isDefault?: boolean } };
  };
};

/** Rejects with what the socket said when it could not be opened. */
export async function oneWorld(browserWSEndpoint: string): Promise<ConnectionTransport> {
  const socket = await NodeWebSocketTransport.create(browserWSEndpoint, {}, () => undefined);
  let world = ''; // the name that puppeteer gives it
  const transport: ConnectionTransport = {
    send: (text) => {
      const answer = mayMakeWorld(text) ? worldOf(JSON.parse(text) as Message) : null;
      if (answer === null) return socket.send(text);
      if (answer.name !== '') world = answer.name;
      queueMicrotask(() => transport.onmessage?.(answer.text));
    },
    close: () => socket.close(),
  };
  socket.onmessage = (text) => {
    transport.onmessage?.(text);
    const also = text.includes('"Runtime.executionContextCreated"') ? alsoFor(text, world) : null;
    if (also !== null) transport.onmessage?.(also);
  };
  socket.onclose = () => transport.onclose?.();
  return transport;
}

const mayMakeWorld = (text: string): boolean =>
  text.includes('"Page.createIsolatedWorld"') || text.includes('"Page.addScriptToEvaluateOnNewDocument"');

/** The answer to a command that would make a world, and the name of that. Null: it is another command. */
function worldOf({ id, method, sessionId, params }: Message): { name: string; text: string } | null {
  const name = params?.worldName ?? '';
  const result = method === 'Page.createIsolatedWorld' ? { executionContextId: 0 } : { identifier: name };
  if (method === 'Page.addScriptToEvaluateOnNewDocument' && name === '') return null;
  return { name, text: JSON.stringify({ id, result, ...(sessionId === undefined ? {} : { sessionId }) }) };
}

/** What puppeteer would hear if its world had come up beside the page's: the same one under that name. */
function alsoFor(text: string, name: string): string | null {
  const message = JSON.parse(text) as Message;
  const { context } = message.params ?? {};
  if (context?.auxData?.isDefault !== true || name === '') return null;
  const auxData = { ...context.auxData, isDefault: false, type: 'isolated' };
  return JSON.stringify({ ...message, params: { context: { ...context, name, auxData } } });
}
