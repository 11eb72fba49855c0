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
