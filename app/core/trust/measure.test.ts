// Streams whose truth is known: what the figures must say of them.
import { describe, expect, it } from 'vitest';
import { numbers, outcome } from '../../../test/support/outcomes.ts';
import { measure } from './measure.ts';
import type { RunOutcome } from './outcomes.ts';

/** `count` outcomes, each said with `says` and come true with the share that `truth` makes of it. */
function stream(count: number, says: () => number, truth: (said: number) => number, seed = 1): RunOutcome[] {
  const next = numbers(seed);
  return Array.from({ length: count }, (_, n) => {
    const confidence = Math.floor(says());
    return outcome(n, next() < truth(confidence / 100), { confidence });
  });
}
const anything = numbers(7);

function enough(outcomes: readonly RunOutcome[], of?: string) {
  const measured = measure(outcomes, of);
  if (!measured.enough) throw new Error(measured.reason);
  return measured;
}

describe('the measure', () => {
  it('finds hardly any error where confidence comes true as often as it says', () => {
    const measured = enough(
      stream(
        6000,
        () => anything() * 101,
        (said) => said,
      ),
    );
    expect(measured.ece.equalWidth).toBeLessThan(0.02);
    expect(measured.ece.equalMass).toBeLessThan(0.02);
    // Uniform scores that are true order a success before a failure five times of six.
    expect(measured.auroc).toBeGreaterThan(0.81);
    expect(measured.auroc).toBeLessThan(0.86);
    for (const { said, came } of measured.bins)
      expect(Math.abs((said ?? 9) - (came.value ?? 0))).toBeLessThan(0.07);
  });

  it('finds the whole distance where 95 is said and 70 of 100 come true', () => {
    const measured = enough(
      stream(
        2000,
        () => 95,
        () => 0.7,
      ),
    );
    expect(measured.ece.equalWidth).toBeGreaterThan(0.22);
    expect(measured.ece.equalWidth).toBeLessThan(0.28);
    expect(measured.ece.equalMass).toBeCloseTo(measured.ece.equalWidth, 10);
    // One score for all tells nothing apart.
    expect(measured.auroc).toBe(0.5);
    expect(measured.brier.resolution).toBeCloseTo(0, 10);
  });

  it('splits the Brier score into parts that add up', () => {
    const { brier } = enough(
      stream(
        500,
        () => anything() * 101,
        (said) => said * said,
      ),
    );
    expect(brier.reliability - brier.resolution + brier.uncertainty).toBeCloseTo(brier.score, 10);
    expect(brier.reliability).toBeGreaterThan(0.01);
  });

  it('gives a Brier score by hand: 0.9 right, 0.6 wrong', () => {
    const pair = [outcome(0, true, { confidence: 90 }), outcome(1, false, { confidence: 60 })];
    const { brier, auroc } = enough(Array.from({ length: 15 }, () => pair).flat());
    expect(brier.score).toBeCloseTo((0.01 + 0.36) / 2, 10);
    expect(brier.uncertainty).toBe(0.25);
    expect(auroc).toBe(1);
  });

  it('shows less risk the less is covered, from the highest score down', () => {
    const { coverage } = enough(
      stream(
        4000,
        () => anything() * 101,
        (said) => said,
      ),
    );
    expect(coverage[0]?.threshold).toBe(1);
    expect(coverage.at(-1)?.coverage).toBe(1);
    const [some, all] = [coverage[20], coverage.at(-1)];
    expect(some?.risk.value).toBeLessThan((all?.risk.value ?? 0) / 3);
    expect(coverage.map(({ coverage: share }) => share)).toEqual(
      coverage.map(({ coverage: share }) => share).sort((a, b) => a - b),
    );
  });

  it('says nothing below 30 outcomes but the counts', () => {
    const measured = measure(
      stream(
        29,
        () => 95,
        () => 1,
      ),
    );
    expect(measured).toMatchObject({
      enough: false,
      reason: 'not enough data: 29 of the 30 outcomes that this needs',
      succeeded: { hits: 29, of: 29 },
    });
    expect(measured).not.toHaveProperty('ece');
    expect(
      measure(
        stream(
          30,
          () => 95,
          () => 1,
        ),
      ).enough,
    ).toBe(true);
  });

  it('has no order to speak of when everything came true', () =>
    expect(
      enough(
        stream(
          40,
          () => 95,
          () => 1,
        ),
      ).auroc,
    ).toBeNull());

  it('measures one component, of those outcomes that have it', () => {
    const half = stream(
      80,
      () => 90,
      () => 1,
    ).map((one, n) => (n % 2 === 0 ? one : { ...one, components: { ...one.components, model: 99 } }));
    const measured = enough(half, 'model');
    expect(measured.outcomes).toBe(40);
    expect(measured.bins.at(-1)?.said).toBeCloseTo(0.99, 10);
  });

  it('leaves out what was never judged', () =>
    expect(measure([outcome(0, true), outcome(1, true, { confidence: null })]).outcomes).toBe(1));

  it('counts the runs nobody approved apart, and the seeded ones', () => {
    const measured = measure([
      outcome(0, true),
      outcome(1, false),
      outcome(2, true, { lane: 'human' }),
      outcome(3, true, { sample: true }),
    ]);
    expect(measured.auto).toMatchObject({ hits: 2, of: 3 });
    expect(measured.sample).toBe(1);
  });
});
