// Whose word counts when two engines look, and what people read of it.
import { describe, expect, test } from 'vitest';
import {
  blindWords,
  enginesOf,
  eyesOf,
  lookedBy,
  type Seen,
  settleEngines,
  tornWords,
  whyWords,
} from './engines.ts';

const say = (engine: 'lightpanda' | 'chromium', outcome: Seen['outcome']): Seen => ({
  engine,
  outcome,
  reason: outcome === 'pass' ? null : `${engine} ${outcome}`,
});
const lightpanda = (outcome: Seen['outcome']) => say('lightpanda', outcome);
const chromium = (outcome: Seen['outcome']) => say('chromium', outcome);

describe('two engines', () => {
  test.each(['pass', 'fail'] as const)('that both say %s are a word of both', (outcome) => {
    expect(settleEngines(lightpanda(outcome), chromium(outcome))).toEqual({
      ...chromium(outcome),
      overruled: null,
      agreed: 'lightpanda',
    });
  });
  test.each([
    ['fail', 'pass'],
    ['pass', 'fail'],
    ['inconclusive', 'pass'],
    ['inconclusive', 'fail'],
    ['pass', 'inconclusive'],
  ] as const)('Lightpanda says %s and Chromium %s: Chromium decides, and both are kept', (first, second) => {
    expect(settleEngines(lightpanda(first), chromium(second))).toEqual({
      ...chromium(second),
      overruled: lightpanda(first),
    });
  });
  test('a failure that Chromium could not look at is not believed', () => {
    expect(settleEngines(lightpanda('fail'), chromium('inconclusive'))).toEqual({
      engine: 'chromium',
      outcome: 'inconclusive',
      reason: 'lightpanda: lightpanda fail; chromium: chromium inconclusive',
      overruled: null,
    });
  });
});

describe('one engine', () => {
  test('Chromium alone may pass and fail', () => {
    for (const outcome of ['pass', 'fail', 'inconclusive'] as const)
      expect(settleEngines(null, chromium(outcome))).toEqual({ ...chromium(outcome), overruled: null });
  });
  test('Lightpanda alone may do neither', () => {
    expect(settleEngines(lightpanda('pass'), null)).toMatchObject({
      outcome: 'inconclusive',
      reason: 'seen by Lightpanda alone, where it passed',
    });
    expect(settleEngines(lightpanda('fail'), null)).toMatchObject({
      outcome: 'inconclusive',
      reason: 'seen by Lightpanda alone, where it failed: lightpanda fail',
    });
  });
  test('unless the installation accepts it', () => {
    for (const outcome of ['pass', 'fail', 'inconclusive'] as const)
      expect(settleEngines(lightpanda(outcome), null, true)).toEqual({
        ...lightpanda(outcome),
        overruled: null,
      });
  });
  test('no engine at all saw nothing', () => {
    expect(settleEngines(null, null, true)).toMatchObject({
      outcome: 'inconclusive',
      reason: 'there is no browser',
    });
  });
});

describe('who looked is told', () => {
  const samples = (...seen: ReturnType<typeof settleEngines>[]) =>
    seen.map((one, at) => ({ check: 'home', at, ms: 1, ...one }));
  test.each([
    ['seen by Chromium alone', samples(settleEngines(null, chromium('pass')))],
    [
      'seen by Lightpanda alone (accepted by vigil.yml)',
      samples(settleEngines(lightpanda('pass'), null, true)),
    ],
    ['seen by Lightpanda and Chromium', samples(settleEngines(lightpanda('pass'), chromium('pass')))],
    ['seen by Lightpanda and Chromium', samples(settleEngines(lightpanda('fail'), chromium('pass')))],
    ['seen by Chromium alone', samples(settleEngines(lightpanda('inconclusive'), chromium('pass')))],
    [
      'seen by Lightpanda and Chromium (1), Chromium alone (2)',
      samples(
        settleEngines(null, chromium('pass')),
        settleEngines(lightpanda('fail'), chromium('pass')),
        settleEngines(lightpanda('inconclusive'), chromium('pass')),
        settleEngines(lightpanda('pass'), chromium('inconclusive')),
      ),
    ],
    [null, samples({ engine: 'http', outcome: 'pass', reason: null, overruled: null })],
    [null, []],
  ])('%s', (said, seen) => {
    expect(eyesOf(seen)).toBe(said);
  });
  test('and what each of them saw, where they did not see the same', () => {
    expect(tornWords(settleEngines(lightpanda('pass'), chromium('fail')))).toBe(
      'Chromium failed (chromium fail); Lightpanda passed',
    );
    expect(tornWords(settleEngines(lightpanda('pass'), chromium('inconclusive')))).toBe(
      'Chromium saw nothing (chromium inconclusive); Lightpanda passed',
    );
    const blind = settleEngines(lightpanda('inconclusive'), chromium('pass'));
    expect([tornWords(blind), blindWords(blind)]).toEqual([
      null,
      'Lightpanda saw nothing: lightpanda inconclusive',
    ]);
    expect(blindWords(settleEngines(null, chromium('pass')))).toBe(null);
    expect(tornWords(settleEngines(lightpanda('fail'), chromium('fail')))).toBe(null);
    expect(tornWords(settleEngines(null, chromium('fail')))).toBe(null);
  });
  test.each([
    ['Lightpanda and Chromium', settleEngines(lightpanda('pass'), chromium('pass')), []],
    [
      'Lightpanda and Chromium',
      settleEngines(lightpanda('pass'), chromium('fail')),
      ['Chromium failed (chromium fail); Lightpanda passed'],
    ],
    [
      'Chromium alone',
      settleEngines(lightpanda('inconclusive'), chromium('fail')),
      ['chromium fail', 'Lightpanda saw nothing: lightpanda inconclusive'],
    ],
    // Nobody saw it: neither of them alone.
    [
      'Chromium',
      settleEngines(lightpanda('pass'), chromium('inconclusive')),
      ['Chromium saw nothing (chromium inconclusive); Lightpanda passed'],
    ],
    ['Lightpanda', settleEngines(lightpanda('pass'), null), ['seen by Lightpanda alone, where it passed']],
    ['HTTP', { engine: 'http', outcome: 'fail', reason: 'answered 503', overruled: null }, ['answered 503']],
  ] as const)('in a line of its own: %s', (by, sighting, why) => {
    expect(lookedBy(sighting)).toBe(by);
    expect(whyWords(sighting)).toEqual(why);
    expect(enginesOf(sighting)).toHaveLength(by === 'Lightpanda and Chromium' ? 2 : 1);
  });
  test('a monitor is looked at by Datadog, whoever asked it', () => {
    const sighting = { engine: 'http', outcome: 'pass', reason: null, overruled: null } as const;
    expect(lookedBy(sighting, 'monitor')).toBe('Datadog');
  });
});
