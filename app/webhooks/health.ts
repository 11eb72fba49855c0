// GET /health: the process lives. GET /readyz: it can do its work (the ledger answers and is whole).
// Must never tell more than that, because everybody who can reach the port can read both.
import type { ServerResponse } from 'node:http';
import type { World } from '../desk/world.ts';
import { answer } from './http.ts';

export function handleHealth(response: ServerResponse): true {
  return answer(response, 200, { status: 'ok' });
}

export async function handleReady(world: World, draining: boolean, response: ServerResponse): Promise<true> {
  if (draining) return answer(response, 503, { status: 'draining' });
  try {
    await world.ledger.refresh();
  } catch {
    return answer(response, 503, { status: 'the ledger cannot be reached' });
  }
  const broken = world.ledger.broken().size;
  return answer(response, broken === 0 ? 200 : 503, {
    status: broken === 0 ? 'ready' : `${broken} broken incident ledgers`,
    incidents: [...world.ledger.all()].length,
  });
}
