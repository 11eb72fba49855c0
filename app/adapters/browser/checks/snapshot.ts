// Reads what the plan's `snapshot` names, before a fix and again after its undo, so that the two can be compared.
// It must never send anything but GET, and never keep more of a body than its hash and two kilobytes.

import { createHash } from 'node:crypto';
import type { BoundPlan } from '#core/verification/plan';
import type { Snapshot } from '#core/verification/verdict';
import { ask } from './ask.ts';
import { errorLine } from './look.ts';

const MOST_TEXT = 2048;
const TIMEOUT_MS = 10_000;

/** One entry for each read of the plan. The text is untrusted and not yet redacted. */
export function takeSnapshot(plan: BoundPlan, signal?: AbortSignal): Promise<Snapshot[]> {
  const read = async ({ id, url }: BoundPlan['snapshot'][number]): Promise<Snapshot> => {
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const { status, body } = await ask(url, {
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      // As a stream: half a character at the end is left out, and does not become a replacement mark.
      const text = new TextDecoder().decode(body.subarray(0, MOST_TEXT), { stream: true });
      return { id, ok: true, status, sha256: createHash('sha256').update(body).digest('hex'), text };
    } catch (error) {
      return { id, ok: false, reason: errorLine(error) };
    }
  };
  return Promise.all(plan.snapshot.map(read));
}
