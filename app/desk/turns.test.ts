// Sweeps that take longer than the time between them, and many looks at once.
import { setImmediate as soon } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { atMost, neverTwice } from './turns.ts';

/** Work that ends when it is told to. */
function slow() {
  const ends: (() => void)[] = [];
  let now = 0;
  let most = 0;
  return {
    work: async (): Promise<void> => {
      most = Math.max(most, ++now);
      await new Promise<void>((resolve) => ends.push(resolve));
      now--;
    },
    end: async (): Promise<void> => {
      ends.shift()?.();
      await soon();
    },
    begun: () => ends.length,
    most: () => most,
  };
}

test('a round never overlaps itself, and whoever asks meanwhile gets a round that begins afterwards', async () => {
  const { work, end, begun, most } = slow();
  const round = neverTwice(work);
  const done: string[] = [];
  void round().then(() => done.push('first'));
  await soon();
  for (const who of ['second', 'third']) void round().then(() => done.push(who));
  expect(begun()).toBe(1);
  await end();
  expect([done, begun()]).toEqual([['first'], 1]);
  await end();
  expect(done).toEqual(['first', 'second', 'third']);
  expect([begun(), most()]).toEqual([0, 1]);
});

test('a round that fails is told to its caller, and the next one runs all the same', async () => {
  let turn = 0;
  const round = neverTwice(async () => {
    if (turn++ === 0) throw new Error('no');
  });
  const [first, second] = await Promise.allSettled([round(), round()]);
  expect([first.status, second.status, turn]).toEqual(['rejected', 'fulfilled', 2]);
});

test('work goes on side by side up to its bound, in order, and a failure keeps nothing waiting', async () => {
  const { work, end, begun, most } = slow();
  const limit = atMost(3);
  const all = Array.from({ length: 10 }, () => limit(work));
  const failed = limit(async () => {
    throw new Error('no');
  }).catch((error: Error) => error.message);
  await soon();
  expect(begun()).toBe(3);
  for (let turn = 0; turn < 10; turn++) await end();
  await Promise.all(all);
  expect(await failed).toBe('no');
  expect(most()).toBe(3);
  expect(await limit(async () => 'free')).toBe('free');
});
