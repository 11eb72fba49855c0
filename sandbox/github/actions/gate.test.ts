import { expect, it } from 'vitest';
import { createGate } from './gate.ts';

it('lets one in, makes others wait in order, and sends away whom there is no room for', async () => {
  const gate = createGate(1, 2);
  const { signal } = new AbortController();
  const leave = await gate.enter(signal);
  const order: string[] = [];
  const waiting = ['second', 'third'].map(async (name) => {
    const go = await gate.enter(signal);
    order.push(name);
    go?.();
  });
  expect(await gate.enter(signal)).toBeNull();
  leave?.();
  await Promise.all(waiting);
  expect(order).toEqual(['second', 'third']);
});
