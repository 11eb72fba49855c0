// The contract of constructs: what each engine says of each small site is what contract.tsv says. A line that changes is red in
// either direction: an engine that learnt something tells so by itself, and `npm run constructs` writes it down.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { settleEngines } from '#core/verification/engines';
import { all } from './all.ts';
import type { Word } from './construct.ts';
import { recorded } from './contract.ts';
import { COLUMNS, type Eyes, lightpandaPath, openEyes, planOf, seeSurely } from './eyes.ts';

const PLACE = { SITE: 'http://127.0.0.1:1', OTHER: 'http://127.0.0.1:2' };
const lines = recorded();
const hasLightpanda = lightpandaPath() !== undefined;
const columns = COLUMNS.filter((column) => hasLightpanda || column === 'chromium');
/** Both together are looked at once in so many: the rest follows from the two columns. */
const SOME = 12;
let eyes: Eyes;
beforeAll(async () => {
  if (!hasLightpanda)
    process.stderr.write('LIGHTPANDA_PATH names no Lightpanda: only the column of Chromium is tried.\n');
  eyes = await openEyes();
});
afterAll(() => eyes.close());

describe('the contract', () => {
  test('has at least 250 constructs, each of one name, with a sentence and a check that a plan can hold', () => {
    expect(all.length).toBeGreaterThanOrEqual(250);
    expect(all.map(({ id }) => id).filter((id, place, ids) => ids.indexOf(id) !== place)).toEqual([]);
    expect(all.filter(({ why }) => !/^[A-Z].*[.]$/.test(why)).map(({ id }) => id)).toEqual([]);
    for (const one of all) planOf(one, PLACE);
  });
  test('leaves at most five to nobody', () => {
    expect(all.filter(({ truth }) => truth === 'not judged').length).toBeLessThanOrEqual(5);
  });
  test('has a line for each construct and for nothing else, with the truth that stands there', () => {
    expect([...lines].map(([id, { truth }]) => `${id} ${truth}`)).toEqual(
      all.map(({ id, truth }) => `${id} ${truth}`).sort(),
    );
  });
  test('has no false green and at most 2 % false red where both look', () => {
    const judged = [...lines].filter(([, { truth }]) => truth !== 'not judged');
    const wrong = (truth: string, said: string) =>
      judged.filter(([, line]) => line.truth === truth && line.together === said).map(([id]) => id);
    expect(wrong('fail', 'pass')).toEqual([]);
    expect(wrong('pass', 'fail').length).toBeLessThanOrEqual(judged.length * 0.02);
  });
  test('where both look, says what follows of the two', () => {
    const seen = (engine: 'lightpanda' | 'chromium', outcome: string) => ({
      engine,
      outcome: outcome as Word,
      reason: '',
    });
    for (const [id, { lightpanda, chromium, together }] of lines)
      expect([id, settleEngines(seen('lightpanda', lightpanda), seen('chromium', chromium)).outcome]).toEqual(
        [id, together],
      );
  });
  test.runIf(!hasLightpanda)('is not tried on Lightpanda: LIGHTPANDA_PATH names none', () => {
    expect(columns).toEqual(['chromium']);
  });
});

// Looks, of which most wait for what never comes.
vi.setConfig({ maxConcurrency: 12 });
describe.concurrent(`as ${columns.join(', ')} see it`, () => {
  const tried = all.flatMap((construct, at) =>
    columns
      .filter((column) => column !== 'together' || at % SOME === 0)
      .map((column) => ({ id: construct.id, construct, column })),
  );
  test.each(tried)('$id: $column', async ({ construct, column }) => {
    const browsers = eyes[column];
    if (browsers === undefined) throw new Error(`${column} is not there`);
    const before = lines.get(construct.id)?.[column] ?? 'no line';
    const { word, reason } = await seeSurely(construct, column, browsers, before);
    const change = `${column} said ${before} of ${construct.id} and says ${word} now (${reason ?? construct.why})`;
    expect(word === before ? null : change).toBe(null);
  });
});
