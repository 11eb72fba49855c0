// What a browser says when an address does not open, in the same words for both engines: Chromium has names of its own, Lightpanda mostly
// curl's. Must never let what is wrong with our own network be taken for a fault of the service.

import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { ourFault } from './our-network.ts';

// https://source.chromium.org/chromium/chromium/src/+/main:net/base/net_error_list.h, https://curl.se/libcurl/c/libcurl-errors.html
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/ERR_CONNECTION_REFUSED|CouldntConnect/, 'nobody takes the connection'],
  [/ERR_NAME_NOT_RESOLVED|CouldntResolveHost/, 'there is no such name'],
  [/ERR_(CONNECTION_)?TIMED_OUT|OperationTimedout/, 'no answer in time'],
  [/ERR_TOO_MANY_REDIRECTS|TooManyRedirects/, 'it redirects in a circle'],
  [/ERR_CERT_|PeerFailedVerification/, 'its certificate is not to be trusted'],
  [/ERR_SSL_|SslConnectError/, 'it speaks no TLS that a browser takes'],
  [/ERR_EMPTY_RESPONSE|GotNothing/, 'it hangs up without an answer'],
  [/ERR_CONNECTION_(RESET|CLOSED|ABORTED)|RecvError|SendError/, 'the connection broke off'],
  [/ERR_CONTENT_LENGTH_MISMATCH|ERR_INCOMPLETE_CHUNKED_ENCODING|PartialFile/, 'its answer breaks off'],
  [/ERR_CONTENT_DECODING_FAILED|BadContentEncoding/, 'its answer is not encoded as it says'],
  [
    /ERR_INVALID_(HTTP_RESPONSE|RESPONSE)|ERR_HTTP2_PROTOCOL_ERROR|WeirdServerReply|Http2/,
    'its answer is no HTTP',
  ],
  [/ERR_UNKNOWN_URL_SCHEME|UnsupportedProtocol/, 'it leads to a scheme that is none of the web'],
  [/ERR_BLOCKED_BY_RESPONSE|ERR_BLOCKED_BY_CSP/, 'a policy of the page forbids it'],
];
const OURS =
  /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_NETWORK_IO_SUSPENDED|ERR_ADDRESS_UNREACHABLE|ERR_PROXY_|ERR_NETWORK_ACCESS_DENIED|ERR_INSUFFICIENT_RESOURCES|ERR_NAME_RESOLUTION_FAILED|ERR_DNS_/;
const PROBE_MS = 3_000;

/** One sentence for what either engine says. */
export function networkWords(said: string): string {
  return SENTENCES.find(([name]) => name.test(said))?.[1] ?? said.replace(/ at https?:.*/, '');
}

/**
 * Whether it is this machine that cannot get out, in words; null when it can. The engines cannot tell a refused connection from a
 * network that is down, nor a name that is gone from name servers that are silent, so that the same way is tried once more from here.
 */
export async function noWayOut(said: string, address: string): Promise<string | null> {
  if (OURS.test(said)) return said;
  if (!/CouldntConnect|CouldntResolveHost|ERR_NAME_NOT_RESOLVED/.test(said)) return null;
  const { hostname, port, protocol } = new URL(address);
  try {
    const host = (await lookup(hostname.replace(/^\[|\]$/g, ''))).address;
    await reach(host, Number(port) || (protocol === 'https:' ? 443 : 80));
    return null;
  } catch (error) {
    return ourFault(error);
  }
}

function reach(host: string, port: number): Promise<void> {
  return new Promise((done, failed) => {
    const socket = connect({ host, port, timeout: PROBE_MS });
    const end = (error?: Error) => {
      socket.destroy();
      error === undefined ? done() : failed(error);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end());
    socket.once('error', end);
  });
}
