// Sweeps: one after the other, also when one takes longer than the time between two.
import { afterEach, expect, test, vi } from 'vitest';
import { repeating } from './repeating.ts';

afterEach(() => vi.useRealTimers());

test('the next begins a while after the last one ended, however long that took and however it ended', async () => {
  vi.useFakeTimers();
  let begun = 0;
  let end: (how: 'well' | 'badly') => void = () => undefined;
  const round = repeating(
    () => {
      begun += 1;
      return new Promise<void>((resolve, reject) => {
        end = (how) => (how === 'well' ? resolve() : reject(new Error('stumbled')));
      });
    },
    () => 1000,
  );
  await vi.advanceTimersByTimeAsync(999);
  expect(begun).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(1);
  end('badly');
  await vi.advanceTimersByTimeAsync(999);
  expect(begun).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toBe(2);
  round.end();
  end('well');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(2);
});
