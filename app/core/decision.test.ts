// Decisions that explain themselves.
import { describe, expect, test } from 'vitest';
import { allOf, anyOf, condition, decisionText } from './decision.ts';

const yes = condition('warm', true, '20 degrees');
const no = condition('dry', false, 'it rains');
const windy = condition('calm', false, 'it storms');

describe('a decision', () => {
  test('of which all parts must hold says what does not', () => {
    expect(allOf('go out', [yes, no, windy])).toMatchObject({ ok: false, reason: 'it rains; it storms' });
    expect(allOf('go out', [yes, yes])).toMatchObject({ ok: true, reason: 'all 2 conditions hold' });
  });

  test('of which any part is enough names the one that was', () => {
    expect(anyOf('go', [no, yes])).toMatchObject({ ok: true, reason: 'warm' });
    expect(anyOf('go', [no, windy])).toMatchObject({ ok: false, reason: 'dry: it rains; calm: it storms' });
  });

  test('with no condition at all is a refusal', () => {
    expect(allOf('nothing asked', []).ok).toBe(false);
    expect(anyOf('nothing asked', []).ok).toBe(false);
  });

  test('reads as a tree', () => {
    expect(decisionText(anyOf('go', [allOf('walk', [yes, no]), condition('bus', true, 'it runs')]))).toBe(
      [
        '✓ go: bus',
        '  ✗ walk: it rains',
        '    ✓ warm: 20 degrees',
        '    ✗ dry: it rains',
        '  ✓ bus: it runs',
      ].join('\n'),
    );
  });
});
