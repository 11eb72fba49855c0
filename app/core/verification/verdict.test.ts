// Samples in, verdict out: the arithmetic of red and green.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from './plan.ts';
import type { Rule } from './rule.ts';
import { compareSnapshots, judgeGreen, judgeRed, type Snapshot } from './verdict.ts';

const letters = { p: 'pass', f: 'fail', i: 'inconclusive' } as const;
type Letter = keyof typeof letters;
const RED: Rule = { checks: ['shop'], need: 3, of: 5, over_s: 60 };
const GREEN: Rule = { checks: ['shop'], need: 10, of: 10, over_s: 120 };

/** Samples as a word of p, f and i, spread as the rule wants. */
function seen(
  word: string,
  rule: Rule,
  check = 'shop',
  apart = rule.of > 1 ? (rule.over_s * 1000) / (rule.of - 1) : 0,
): Sample[] {
  return [...word].map((letter, at) => {
    const outcome = letters[letter as Letter];
    return {
      check,
      at: at * apart,
      ms: 5,
      outcome,
      engine: 'chromium',
      reason: outcome === 'pass' ? null : `it ${outcome}s`,
      overruled: null,
    };
  });
}
const red = (word: string, rule = RED) => judgeRed(seen(word, rule), rule);
const green = (word: string, rule = GREEN) => judgeGreen(seen(word, rule), rule);

describe('red', () => {
  test.each([
    ['', 'inconclusive', false],
    ['ff', 'inconclusive', false],
    ['fff', 'red', true],
    ['fpfpf', 'red', true],
    ['ppp', 'absent', true],
    ['ppf', 'inconclusive', false],
    ['iii', 'inconclusive', true],
    ['fiif', 'inconclusive', false],
    ['fiifp', 'inconclusive', true],
  ])('of %j is %s', (word, verdict, decided) => {
    expect(red(word)).toMatchObject({ verdict, decided });
  });
  test('tells what was counted and the last reason', () => {
    expect(red('fpif').reason).toBe(
      'shop passed 1 and failed 2 of 4 (3 of 5 needed), 1 saw nothing, seen by Chromium alone, last: it fails',
    );
  });
  test('of a symptom that shows only in part is inconclusive', () => {
    const rule = { ...RED, checks: ['shop', 'api'] };
    const both = (shop: string, api: string) =>
      judgeRed([...seen(shop, rule), ...seen(api, rule, 'api')], rule);
    expect(both('fff', 'fff').verdict).toBe('red');
    expect(both('ppp', 'ppp').verdict).toBe('absent');
    expect(both('fff', 'ppp')).toMatchObject({
      verdict: 'inconclusive',
      decided: true,
      reason: expect.stringMatching(/^only a part of the symptom is seen/),
    });
    expect(both('fff', 'pp')).toMatchObject({ verdict: 'inconclusive', decided: false });
  });
});

describe('green', () => {
  test.each([
    ['ppppppppp', 'inconclusive', false],
    ['pppppppppp', 'confirmed', true],
    ['f', 'refuted', true],
    ['pppf', 'refuted', true],
    ['i', 'inconclusive', false], // it can still be refuted
    ['ipppppppp', 'inconclusive', false],
    ['ippppppppp', 'inconclusive', true],
    ['if', 'refuted', true],
  ])('of %j is %s', (word, verdict, decided) => {
    expect(green(word)).toMatchObject({ verdict, decided });
  });
  test('needs every check, and one broken check is enough to refute', () => {
    const rule = { ...GREEN, checks: ['shop', 'api'] };
    const all = 'p'.repeat(10);
    expect(judgeGreen(seen(all, rule), rule).verdict).toBe('inconclusive');
    expect(judgeGreen([...seen(all, rule), ...seen(all, rule, 'api')], rule).verdict).toBe('confirmed');
    expect(judgeGreen([...seen('p', rule), ...seen('f', rule, 'api')], rule).verdict).toBe('refuted');
  });
  test('of ten samples within one second proves nothing about two minutes', () => {
    const judged = judgeGreen(seen('p'.repeat(10), GREEN, 'shop', 100), GREEN);
    expect(judged).toMatchObject({
      verdict: 'inconclusive',
      decided: true,
      reason: expect.stringMatching(/^the samples of shop lie too close together/),
    });
  });
  test('says that the engines disagreed, and what each of them said', () => {
    const samples = seen('p'.repeat(10), GREEN);
    const torn = samples.map(
      (one, at): Sample =>
        at === 4 ? { ...one, overruled: { engine: 'lightpanda', outcome: 'fail', reason: 'no text' } } : one,
    );
    expect(judgeGreen(torn, GREEN)).toMatchObject({
      verdict: 'confirmed',
      reason:
        'shop passed 10 and failed 0 of 10 (10 of 10 needed), the engines disagreed on 1, seen by Lightpanda and Chromium (1), Chromium alone (9), last: Chromium passed; Lightpanda failed (no text)',
    });
  });
});

describe('whatever the samples', () => {
  const rule = fc
    .record({
      of: fc.integer({ min: 1, max: 12 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      over_s: fc.integer({ min: 1, max: 300 }),
    })
    .map(
      ({ of, share, over_s }): Rule => ({
        checks: ['shop'],
        of,
        need: Math.max(1, Math.round(share * of)),
        over_s,
      }),
    );
  const words = rule.chain((one) =>
    fc.tuple(fc.constant(one), fc.string({ unit: fc.constantFrom('p', 'f', 'i'), maxLength: one.of })),
  );
  const count = (word: string, letter: Letter) => [...word].filter((one) => one === letter).length;

  test('the verdict is exactly what counting says', () => {
    fc.assert(
      fc.property(words, ([one, word]) => {
        const spare = one.of - one.need;
        expect(red(word, one).verdict).toBe(
          count(word, 'f') >= one.need ? 'red' : count(word, 'p') > spare ? 'absent' : 'inconclusive',
        );
        expect(green(word, one).verdict).toBe(
          count(word, 'f') > spare ? 'refuted' : count(word, 'p') >= one.need ? 'confirmed' : 'inconclusive',
        );
      }),
    );
  });
  test('a sample that saw nothing never helps either side', () => {
    fc.assert(
      fc.property(words, ([one, word]) => {
        const blind = word.replaceAll(/[pf]/g, 'i');
        expect([red(blind, one).verdict, green(blind, one).verdict]).toEqual([
          'inconclusive',
          'inconclusive',
        ]);
      }),
    );
  });
  test('a decided verdict is never changed by the samples that were left out, an undecided one could be', () => {
    fc.assert(
      fc.property(words, ([one, word]) => {
        for (const judge of [red, green]) {
          const now = judge(word, one);
          const rest = one.of - word.length;
          const later = ['p', 'f', 'i'].map((letter) => judge(word + letter.repeat(rest), one).verdict);
          if (now.decided) expect(new Set(later)).toEqual(new Set([now.verdict]));
          else expect(later.some((verdict) => verdict !== 'inconclusive')).toBe(true);
        }
      }),
    );
  });
  test('the order in which they arrive does not matter', () => {
    fc.assert(
      fc.property(words, fc.nat(), ([one, word], turn) => {
        const samples = seen(word, one);
        const turned = [
          ...samples.slice(turn % (samples.length + 1)),
          ...samples.slice(0, turn % (samples.length + 1)),
        ];
        expect(judgeRed(turned, one)).toEqual(judgeRed(samples, one));
        expect(judgeGreen(turned, one)).toEqual(judgeGreen(samples, one));
      }),
    );
  });
  test('samples of other checks count for nothing', () => {
    expect(judgeRed(seen('fffff', RED, 'other'), RED)).toMatchObject({
      verdict: 'inconclusive',
      decided: false,
    });
  });
});

describe('snapshots', () => {
  const read = (id: string, sha256: string): Snapshot => ({ id, ok: true, status: 200, sha256, text: '' });
  test.each([
    ['none', [], []],
    ['equal', [read('a', '1'), read('b', '2')], [read('b', '2'), read('a', '1')]],
    ['different', [read('a', '1')], [read('a', '2')]],
    ['different', [read('a', '1')], []],
    ['different', [read('a', '1')], [{ id: 'a', ok: false, reason: 'no answer' } as const]],
    [
      'different',
      [{ id: 'a', ok: false, reason: 'no answer' } as const],
      [{ id: 'a', ok: false, reason: 'no answer' } as const],
    ],
  ])('%s', (said, before, after) => {
    expect(compareSnapshots(before, after)).toBe(said);
  });
});
