import { afterEach, expect, it, vi } from 'vitest';
import { rate } from './rate.ts';

afterEach(() => vi.useRealTimers());

it('takes so many in a window, tells when it ends, and counts each key for itself', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  const take = rate(2, 60);
  expect(take('a')).toEqual({ ok: true, limit: 2, remaining: 1, reset: 60 });
  vi.setSystemTime(30_500);
  expect(take('a')).toEqual({ ok: true, limit: 2, remaining: 0, reset: 30 });
  expect(take('a')).toEqual({ ok: false, limit: 2, remaining: 0, reset: 30 });
  expect(take('b').ok).toBe(true);
  vi.setSystemTime(60_000);
  expect(take('a')).toEqual({ ok: true, limit: 2, remaining: 1, reset: 60 });
});

it('refuses what weighs more than is left, and takes less after that', () => {
  const take = rate(10, 60);
  expect([take('', 8).ok, take('', 3).ok, take('', 2).ok, take('', 0).ok]).toEqual([true, false, true, true]);
});
