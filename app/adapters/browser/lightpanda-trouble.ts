// Why a Lightpanda cannot be used, in plain words with the cure.
// It must never repeat an endpoint's address, because it may hold a token.

import { TooLate } from './within.ts';

const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address: start it, or correct the address',
  ECONNRESET: 'it closed the connection before it said a word: look whether it still runs',
  ENOTFOUND: 'the name of its host does not resolve: correct the address',
  EAI_AGAIN: 'the name of its host does not resolve just now: look at the name server of this machine',
  EHOSTUNREACH: 'no way leads to its host: look at the network',
  ENETUNREACH: 'no way leads to its host: look at the network',
  ETIMEDOUT: 'its host does not answer: look at the network and at the address',
};
const STATUS: Readonly<Record<string, string>> = {
  401: 'it wants to know who asks (HTTP 401): correct the token in its address',
  403: 'it refuses the name of its host (HTTP 403): write an IP address, or start it with --advertise-host',
  404: 'there is no browser at this path (HTTP 404): Lightpanda serves at / alone',
  429: 'it is asked too often (HTTP 429): let fewer jobs look at once',
  503: 'it is full (HTTP 503): start it with a higher --cdp-max-connections, or let fewer jobs look at once',
};

/** What puppeteer throws may also be the event of a websocket, which is no Error. */
export function whyNotReached(thrown: unknown): string {
  if (thrown instanceof TooLate) return 'it does not answer: it hangs, or no way leads to its host';
  const { message, error } = asked(thrown);
  const code = asked(error).code ?? asked(thrown).code ?? '';
  const status = /Unexpected server response: (\d{3})/.exec(message)?.[1];
  if (status !== undefined)
    return (
      STATUS[status] ?? `it answered HTTP ${status} to who wants to connect: look at what stands before it`
    );
  if (code === 'ERR_INVALID_URL') return 'its address is none: write it as ws://HOST:PORT/';
  const known = CODES[code];
  if (known !== undefined) return known;
  if (/certificate|CERT_|SELF_SIGNED|SSL|TLS/i.test(`${code} ${message}`))
    return `its certificate is not trusted (${code || 'TLS'}): correct it, or the address`;
  return `${withoutAddresses(message.split('\n')[0] ?? '') || code || 'unknown error'}`;
}

/** Why the program at a path cannot be started. */
export function whyNotStarted(thrown: unknown): string {
  const { code, message, stderr } = asked(thrown);
  if (code === 'ENOENT') return 'there is no such file: install it, or correct the path';
  if (code === 'EACCES') return 'it may not be executed: set its execute bit (chmod +x), or correct the path';
  const said = stderr.split('\n').find((line) => /GLIBC|shared librar|exec format/i.test(line));
  if (said !== undefined) return `it does not run on this machine: ${said.trim()}`;
  if (thrown instanceof TooLate || /ETIMEDOUT|SIGTERM/.test(`${code} ${message}`))
    return 'it does not answer';
  return 'it is no Lightpanda: asked for its version, it told none';
}

/** A reason of this file, or one that holds it, as what was found and what helps. */
export function findingOf(reason: string): { found: string; cure: string } {
  const bare = reason.replace(/^Lightpanda (at .*? )?cannot be (used|reached): /, '');
  if (/^it does not run on this machine/.test(bare))
    return { found: bare, cure: 'install a Lightpanda that is built for this machine' };
  const at = bare.indexOf(': ');
  if (at < 0) return { found: bare, cure: 'start it by hand (`lightpanda serve`), and see what it says' };
  return { found: bare.slice(0, at), cure: bare.slice(at + 2) };
}

function asked(thrown: unknown): { code?: string; message: string; stderr: string; error?: unknown } {
  const of = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>;
  return {
    ...(typeof of['code'] === 'string' ? { code: of['code'] } : {}),
    message: typeof of['message'] === 'string' ? of['message'] : '',
    stderr: typeof of['stderr'] === 'string' ? of['stderr'] : '',
    error: of['error'],
  };
}

const withoutAddresses = (text: string): string => text.replaceAll(/\S*:\/\/\S*/g, 'its address');
