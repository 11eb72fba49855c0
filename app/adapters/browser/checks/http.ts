// Asks one HTTP endpoint, as a plain client without a browser, and compares the answer with what the plan expects.
// It must never go where the plan does not: without `redirects: follow` it stays at the one place that is named.

import type { HttpCheck } from '#core/verification/checks';
import { after } from '../within.ts';
import { lookAtCertificate } from './certificate.ts';
import { compare } from './compare.ts';
import { errorLine, fail, type Look, pass, sawNothing } from './look.ts';
import { ourFault } from './our-network.ts';
import { arrive } from './redirects.ts';

/**
 * Looks once. `now` in Unix milliseconds. `below_ms` limits the time of the whole answer, with its body and with the way to it.
 * `origins` are those a redirect may lead to; without them, only the check's own.
 */
export async function lookAtHttp(
  check: HttpCheck,
  signal: AbortSignal,
  now: () => number,
  origins: ReadonlySet<string> = new Set([new URL(check.url).origin]),
): Promise<Look> {
  const limit = after(check.timeout_s);
  const either = AbortSignal.any([signal, limit]);
  const began = now();
  try {
    const arrived = await arrive(check, origins, either);
    if ('refused' in arrived) return fail(arrived.refused);
    const reason = compare(check.expect, arrived.answer, check.url, now() - began);
    if (reason !== null) return fail(reason);
    const { tls_days_left } = check.expect;
    return tls_days_left === undefined
      ? pass
      : await lookAtCertificate(check.url, tls_days_left, either, now());
  } catch (error) {
    if (signal.aborted) return sawNothing('stopped before the answer came');
    if (limit.aborted) return fail(`no whole answer within ${check.timeout_s} s`);
    const ours = error instanceof Error ? await ourFault(error.cause) : null;
    return ours === null ? fail(`no answer: ${errorLine(error)}`) : sawNothing(`no way out: ${ours}`);
  }
}
