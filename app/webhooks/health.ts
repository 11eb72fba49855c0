// GET /health: the process lives. GET /readyz: it can do its work, and what does not work outside.
// Must never tell more than that, because everybody who can reach the port can read both. Must never ask anybody to find out.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FULL } from '#adapters/git/room';
import type { Config } from '../config.ts';
import type { World } from '../desk/world.ts';
import { answer } from './http.ts';

/** Sentences of what does not work, as last seen: what Vigil cannot do its work without, and what it goes on without. */
export type Amiss = {
  stops: readonly string[];
  warns: readonly string[];
  /** False: not everybody outside was asked yet. */
  looked?: boolean;
};

const MOST_SILENCE_MS = 60_000;
const NOTHING: Amiss = { stops: [], warns: [] };
/** By this header an answer of /health is known to be of an app of this repository, whatever stands between. */
export const MARK = 'x-vigil';

export function markOf({ github: { appId, owner, repo } }: Pick<Config, 'github'>): string {
  return createHash('sha256')
    .update(`vigil:${appId}:${owner}/${repo}`.toLowerCase())
    .digest('hex')
    .slice(0, 16);
}

export function handleHealth(response: ServerResponse, mark: string): true {
  if (!response.headersSent) response.setHeader(MARK, mark);
  return answer(response, 200, { status: 'ok' });
}

/** Whether facts can be read and written, as the app last saw it: asking costs nothing, so anybody may ask often. */
export function handleReady(
  world: World,
  draining: boolean,
  response: ServerResponse,
  amiss: Amiss = NOTHING,
): true {
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
        : (amiss.stops[0] ?? (amiss.looked === false ? 'looking around' : null));
  return answer(response, fault === null ? 200 : 503, {
    status: fault ?? 'ready',
    ...listed(amiss),
    open: [...ledger.open()].length,
    broken: ledger.broken().size,
  });
}

/** What a delivery, /health and /readyz are told before the app is at work. */
export function answerStarting(
  amiss: Amiss,
  mark: string,
  request: IncomingMessage,
  response: ServerResponse,
): true {
  const path = URL.parse(request.url ?? '/', 'http://vigil')?.pathname;
  if (request.method === 'GET' && path === '/health') return handleHealth(response, mark);
  if (request.method === 'GET' && path === '/readyz')
    return answer(response, 503, { status: 'starting', ...listed(amiss) });
  request.resume();
  return answer(response, 503, { error: 'starting; deliver again' });
}

function listed({ stops, warns }: Amiss): { problems?: readonly string[]; warnings?: readonly string[] } {
  return {
    ...(stops.length > 0 ? { problems: stops } : {}),
    ...(warns.length > 0 ? { warnings: warns } : {}),
  };
}
