// Whether it was our own network that failed, and not the service. A name counts as gone only where a name server says so: a machine
// that reaches none has seen nothing. Must never ask anybody but the name servers of this machine, nor for another name than the check's.

import dns from 'node:dns';
import { Resolver } from 'node:dns/promises';

const CODES = [
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_SYSTEM',
  'EAI_MEMORY',
  'ENETUNREACH',
  'ENETDOWN',
  'EMFILE',
  'ENFILE',
];
/** There is no such name, it has no address, or it can be no name. Anything else is no answer of a name server. */
const GONE = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];
const PATIENCE_MS = 3_000;

type Coded = { readonly code?: unknown; readonly hostname?: unknown; readonly errors?: unknown };

/** Why nothing was seen of the service, in words. Null: it was the service. `error`: what a socket or `getaddrinfo` threw. */
export async function ourFault(error: unknown): Promise<string | null> {
  const { code, hostname, errors }: Coded = typeof error === 'object' && error !== null ? error : {};
  // One of several addresses: the service is to blame as soon as one of them was reached and refused.
  if (Array.isArray(errors) && errors.length > 0) {
    const whose = await Promise.all(errors.map(ourFault));
    return whose.every((one) => one !== null) ? (whose[0] ?? null) : null;
  }
  const said = String(code ?? '');
  if (CODES.includes(said)) return `${said}${error instanceof Error ? `: ${error.message}` : ''}`;
  if (said !== 'ENOTFOUND') return null;
  const answer = await answerOf(String(hostname ?? ''));
  return GONE.includes(answer) ? null : `no name server of this machine answers (${answer})`;
}

/** The code of what the name servers say of a name that the system does not find. */
async function answerOf(name: string): Promise<string> {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers(dns.getServers()); // those of this process, whatever the system has
  const late = setTimeout(() => resolver.cancel(), PATIENCE_MS);
  try {
    await resolver.resolve4(name);
    return 'another answer than a moment before';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  } finally {
    clearTimeout(late);
  }
}
