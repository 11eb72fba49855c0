// The HTTP server. It listens before anybody outside was asked, so that /health and /readyz answer while GitHub is away.
// Must never take a delivery before it can be written down: whoever brings one then is told to come again.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusals } from '#core/messages/starting';
import type { Config } from '../config.ts';
import { answerStarting, markOf } from '../webhooks/health.ts';
import type { Concerns } from './concerns.ts';
import { Refused } from './trouble.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;
export type Door = {
  port: number;
  /** From now on this answers. */
  open(handle: Handle): void;
  /** Takes nothing new; those who are being answered have a while. */
  close(): Promise<void>;
};

const GRACE_MS = 5000;

/** Throws `Refused` when nobody can listen there. */
export async function openDoor(config: Config, concerns: Concerns): Promise<Door> {
  const { host, port } = config;
  const mark = markOf(config);
  let handle: Handle = (request, response) => void answerStarting(concerns.list(), mark, request, response);
  const http = createServer((request, response) => handle(request, response));
  http.requestTimeout = 30_000;
  http.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(refusalOf(error)));
    http.listen(port, host, resolve);
  });
  return {
    port: (http.address() as AddressInfo).port,
    open(next) {
      handle = next;
    },
    async close() {
      http.closeIdleConnections();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref())]);
      http.closeAllConnections();
    },
  };
}

const faults: Record<string, string> = {
  EADDRINUSE: refusals.port,
  EACCES: refusals.lowPort,
  EADDRNOTAVAIL: refusals.host,
  ENOTFOUND: refusals.host,
  EAI_AGAIN: refusals.host,
};

function refusalOf(error: NodeJS.ErrnoException): Error {
  const words = faults[error.code ?? ''];
  return words ? new Refused(words) : error;
}
