// How sessions of a swarm begin, wait and end, without a browser.
import { describe, expect, test } from 'vitest';
import type { Progress, Walked } from '#core/verification/swarm-result';
import { type Attempt, pace } from './pace.ts';

const pass: Walked = { at: 0, ms: 1, outcome: 'pass', reason: null };
const fail: Walked = { ...pass, outcome: 'fail', reason: 'broken' };
const back_off = { first_ms: 10, most_ms: 20, tries: 3 };
const order = { sessions: 40, at_once: 5, ramp_s: 0, begins_s: 60, back_off };
const stop = { share: 0.2, of: 10 };
const run = (
  walk: (session: number) => Promise<Attempt>,
  more: object = {},
  signal = new AbortController().signal,
) => pace({ order: { ...order, ...more }, stop, signal, walk });

describe('a swarm', () => {
  test('walks each session once, never more at once than asked, and tells how far it is', async () => {
    const [seen, told]: [number[], Progress[]] = [[], []];
    let [under, most] = [0, 0];
    const paced = await pace({
      ...{ order, stop, signal: new AbortController().signal },
      walk: async (session) => {
        seen.push(session);
        under += 1;
        most = Math.max(most, under);
        await new Promise(setImmediate);
        under -= 1;
        return pass;
      },
      onProgress: (progress) => told.push(progress),
    });
    expect([seen.toSorted((a, b) => a - b), most]).toEqual([Array.from({ length: 40 }, (_, at) => at), 5]);
    expect([paced.ended, paced.walked.length, told.length]).toEqual(['done', 40, 40]);
    expect(told.at(-1)).toEqual({
      asked: 40,
      begun: 40,
      under: 0,
      passed: 40,
      failed: 0,
      blind: 0,
      refused: 0,
    });
  });
  test('asks again when the browser is full, and walks all the same', async () => {
    const tries = new Map<number, number>();
    const paced = await run(async (session) => {
      tries.set(session, (tries.get(session) ?? 0) + 1);
      return session % 4 === 1 && (tries.get(session) ?? 0) < 3 ? { refused: 'full' } : pass;
    });
    expect([paced.ended, paced.walked.length, paced.refused]).toEqual(['done', 40, 20]);
  });
  test('ends when there is no browser at all, and asks no service', async () => {
    const paced = await run(async () => ({ refused: 'it is not there' }));
    expect([paced.ended, paced.why]).toEqual(['stopped', 'no browser: it is not there']);
    expect(paced.walked.every(({ outcome }) => outcome === 'inconclusive')).toBe(true);
  });
  test('stops early when too many fail, and not before it knows', async () => {
    const paced = await run(async (session) => (session % 2 === 0 ? fail : pass));
    expect([paced.ended, paced.why]).toEqual([
      'failing',
      'stopped early: 5 of 10 sessions failed, one: broken',
    ]);
    expect(paced.walked.length).toBeLessThan(16);
  });
  test('stops when it is told to', async () => {
    const stopped = new AbortController();
    const paced = await run(
      async (session) => {
        if (session === 7) stopped.abort();
        return pass;
      },
      {},
      stopped.signal,
    );
    expect([paced.ended, paced.walked.length < 40]).toEqual(['stopped', true]);
  });
  test('begins none after its time', async () => {
    let ended = () => {};
    const held = new Promise<void>((done) => {
      ended = done;
    });
    const over = setTimeout(ended, 200);
    const late = await run(() => held.then(() => pass), { begins_s: 0.03 });
    clearTimeout(over);
    expect([late.ended, late.walked.length]).toEqual(['late', 5]);
  });
  test('lets none begin before its turn', async () => {
    const began: number[] = [];
    let all = () => {};
    const held = new Promise<void>((done) => {
      all = done;
    });
    const start = performance.now();
    const walk = async () => {
      if (began.push(performance.now() - start) === 3) all();
      await held;
      return pass;
    };
    await run(walk, { sessions: 3, at_once: 3, ramp_s: 0.3 });
    expect([(began[1] ?? 0) >= 95, (began[2] ?? 0) >= 190]).toEqual([true, true]);
  });
});
