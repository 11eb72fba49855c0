// What a verdict lists is all that a run does: texts of every feature of bash are judged, and the allowed ones run in the sandbox among
// planted secrets and programs that write down how they were called. Many more are run by test/generator/run.ts.
import { expect, test } from 'vitest';
import { type Caught, nothing, work } from './generator/lane.ts';
import { shrunk } from './generator/shrink.ts';
import { whyNoSandbox } from './support/recorder.ts';

const reason = whyNoSandbox();
if (reason !== null)
  process.stderr.write(`\nALLOWED TEXTS NOT EXECUTED: bubblewrap cannot be used here (${reason}).\n\n`);
const seed = 20_261_130;

test('bubblewrap is there where it must be', () => {
  if (process.env['CI'] === 'true') expect(reason).toBeNull();
});

test('of 5,000 generated texts none that is allowed does what its verdict does not list', () => {
  const sum = nothing();
  const found: Caught[] = [];
  work({ seed, first: 0, last: 5000, runs: reason === null }, (counts, caught) => {
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += counts[key];
    found.push(...caught);
  });

  const [texts, seconds] = [sum.texts, (sum.judging + sum.running) / 1000];
  process.stdout.write(
    `generator: seed ${seed}, ${texts} texts, ${sum.allowed} allowed, ${sum.executed} executed, ${sum.calls} programs started, ${found.length} violations, ${Math.round(texts / seconds)} texts a second\n`,
  );
  const told = found.slice(0, 3).map((caught) => ({
    number: caught.number,
    violations: caught.violations.map(({ kind, what }) => `${kind}: ${what}`),
    script: shrunk(caught).split('\n'),
  }));
  expect(told).toEqual([]);
  expect(sum.allowed).toBeGreaterThan(texts / 20);
  if (reason === null) {
    expect(sum.executed).toBe(sum.allowed - sum.repeated);
    expect(sum.calls).toBeGreaterThan(sum.executed);
  }
});
