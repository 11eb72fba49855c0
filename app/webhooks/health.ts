// GET /health: the process lives. GET /readyz: it can do its work, which is to read and write facts.
// Must never tell more than that, because everybody who can reach the port can read both.
import type { ServerResponse } from 'node:http';
import { FULL } from '#adapters/git/room';
import type { World } from '../desk/world.ts';
import { answer } from './http.ts';

const MOST_SILENCE_MS = 60_000;

export function handleHealth(response: ServerResponse): true {
  return answer(response, 200, { status: 'ok' });
}

/** Whether facts can be read and written, as the app last saw it: asking costs nothing, so anybody may ask often. */
export function handleReady(world: World, draining: boolean, response: ServerResponse): true {
  const { ledger, config } = world;
  const { heard, deaf, failing, full } = ledger.health();
  const wrong = failing?.reason ?? full ?? null;
  const silence = world.now().getTime() - heard;
  const fault = draining
    ? 'draining'
    : wrong !== null
      ? `facts cannot be written${FULL.test(wrong) ? ': the disk is full' : ''}`
      : deaf && silence > Math.max(MOST_SILENCE_MS, 4 * config.sweepMs)
        ? 'the ledger cannot be reached'
        : null;
  return answer(response, fault === null ? 200 : 503, {
    status: fault ?? 'ready',
    open: [...ledger.open()].length,
    broken: ledger.broken().size,
  });
}
