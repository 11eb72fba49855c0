// A sweep that takes longer than the time between two of them: the next one waits for it, and it is armed again after its end.
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { listen } from '../../sandbox/listen.ts';
import { startQuickApp, startQuickWorld } from '../support/quick-world.ts';

const SLOW_MS = 2500;

test('sweeps never overlap, and go on', async () => {
  const world = await startQuickWorld();
  const sweeps = { now: 0, most: 0, begun: 0 };
  const slow = await listen(
    new Hono().all('*', async (c) => {
      // A sweep lists what is open. Whether the key is taken is looked at beside it.
      if (!c.req.url.includes('statuses')) return c.json({ incidents: [], users: [], more: false });
      sweeps.begun++;
      sweeps.most = Math.max(sweeps.most, ++sweeps.now);
      await pause(SLOW_MS);
      sweeps.now--;
      return c.json({ incidents: [], more: false });
    }),
  );
  const app = await startQuickApp(world, { PAGERDUTY_API_URL: slow.url, VIGIL_SWEEP_SECONDS: '1' });
  try {
    while (sweeps.begun < 4) await pause(100);
    expect(sweeps.most).toBe(1);
  } finally {
    await app.close();
    await slow.close();
    await world.close();
  }
}, 120_000);
