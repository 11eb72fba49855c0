// What somebody sees who sends a swarm from a desk: how far it is, how long the sessions took, why some failed, and when it does not begin.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, deskShop, planOf, rush, shelf } from '../../test/support/desk-shop.ts';
import { objects } from '../../test/support/spawned.ts';

let shop: Awaited<ReturnType<typeof deskShop>>;
beforeAll(async () => {
  shop = await deskShop();
});
afterAll(() => shop.close());
const walks = (path: string): number => shop.asked.filter((one) => one === path).length;

describe('vigil verify with a swarm', () => {
  it('walks it after all else and tells its figures', async () => {
    const before = walks('/');
    const { out, code } = await shop.verify(planOf(shelf, rush('/')));
    const lines = out
      .split('\n')
      .map((line) => line.replaceAll(/\d+(\.\d+)? ?(ms|s\b|a second|on average)/g, 'N $2'));
    expect(lines.slice(2, 6)).toEqual([
      expect.stringMatching(/^ {2}pass {10}shelf /),
      expect.stringMatching(/^ {2}pass {10}rush {3}Chromium alone +N ms {2}0 of 12 failed$/),
      expect.stringMatching(
        /^ +12 of 12 sessions, p50 N ms, p95 N ms, p99 N ms, [123] at once \(N on average\), N a second(, [\d.]+ a CPU-second)?$/,
      ),
      expect.stringMatching(/^passed: 2 looks, 2 passed/),
    ]);
    expect([walks('/') - before, code]).toEqual([13, 0]);
  });

  it('shows how far it is, for who sits at a terminal', async () => {
    const { err } = await shop.verify(planOf(shelf, rush('/')), [], { person: true });
    expect(err).toMatch(/\d+ of 12 sessions begun, [1-9]\d* ended, 0 failing/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });

  it('says how many fail and why, in classes', async () => {
    const { out, code } = await shop.verify(
      planOf(
        shelf,
        rush('/dead', ", stop_when_failing: { share: '> 20 %', of: 5 }").replace(
          'timeout_s: 4',
          'timeout_s: 1',
        ),
      ),
    );
    expect(out).toMatch(
      /fail {10}rush .* of \d+ failed\n +stopped early: 5 of 5 sessions failed, one: step 2/,
    );
    expect(out).toMatch(/^ +\d+ x step 2 \(expect\): the text "Thank you" is missing$/m);
    expect(code).toBe(1);
  });

  it('as JSON', async () => {
    const { out } = await shop.verify(planOf(shelf, rush('/')), ['--json']);
    expect(objects(out)[1]).toMatchObject({
      ...{ type: 'look', check: 'rush', kind: 'swarm', outcome: 'pass', engines: ['chromium'] },
      counts: { failing: 0, of: 12 },
      swarm: {
        ...{ sessions: 12, begun: 12, blind: 0, errors: [], a_second: expect.any(Number) },
        ...{ p50_ms: expect.any(Number), p95_ms: expect.any(Number), p99_ms: expect.any(Number) },
        at_once: { asked: 3, most: expect.any(Number), mean: expect.any(Number) },
      },
    });
  });

  it('sends nobody to what is ill already', async () => {
    const before = walks('/');
    const { out, code } = await shop.verify(planOf(api('/closed'), rush('/')));
    expect(out).toMatch(
      /inconclusive {2}rush .*\n +not walked: a swarm comes last, when every other check has passed\n/,
    );
    expect([walks('/') - before, code]).toEqual([0, 1]);
  });

  it.each([
    ['/', 0, 'green: it works', 'rush passed'],
    ['/dead', 1, 'not green: it does not work', 'rush failed: stopped early'],
  ])('by the rule of green: %s ends with %i', async (path, expected, words, why) => {
    const ill = rush(path, ", stop_when_failing: { share: '> 20 %', of: 5 }").replace(
      'timeout_s: 4',
      'timeout_s: 1',
    );
    const { out, code } = await shop.verify(planOf(shelf, ill), ['--rule', 'green']);
    expect(out).toContain(words);
    expect(out).toContain(why);
    expect(code).toBe(expected);
  });

  it('by the rule of red, where load alone shows the symptom', async () => {
    const text = planOf(shelf, rush('/')).replace('checks: [shelf]', 'checks: [rush]');
    const { out, code } = await shop.verify(text, ['--rule', 'red']);
    expect(out).toMatch(/^absent: the symptom is not there \(rush passed\): one look, 1 passed/m);
    expect(code).toBe(1);
  });
});
