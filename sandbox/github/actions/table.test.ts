// This runner held to GitHub's, row by row: what GitHub does with the shortest input, and whether the same is seen here.
// Harsher is a choice that a row states; kinder is a fault. Rows and sources: rows/, and `github-runner` of the facts.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from './host-double.ts';
import { commands } from './rows/commands.ts';
import { expressions } from './rows/expressions.ts';
import { files } from './rows/files.ts';
import { jobs } from './rows/jobs.ts';
import { masks } from './rows/masks.ts';
import { refusals } from './rows/refusals.ts';
import { type JobRow, measure, type PlayRow, play } from './rows/row.ts';
import { runs } from './rows/runs.ts';
import { steps } from './rows/steps.ts';

const FILES: Record<string, JobRow[]> = { commands, files, masks, expressions, steps, jobs };
const ALONE: PlayRow[] = [...runs, ...refusals];
/** How long a minute of a time-out lasts. */
const MINUTE = 300;

type Verdict = 'equal' | 'harsher' | 'kinder';
const verdicts: Verdict[] = [];

/** Throws, with both sides, for what is kinder, and for a choice that is no longer one. */
function judge({ id, github, harsher }: JobRow | PlayRow, seen: unknown): void {
  const equal = isDeepStrictEqual(seen, github);
  const chosen = harsher !== undefined && isDeepStrictEqual(seen, harsher.sees);
  verdicts.push(equal ? 'equal' : chosen ? 'harsher' : 'kinder');
  if (equal && harsher) throw new Error(`${id} is equal: take its choice away`);
  if (!chosen) expect(seen).toEqual(github);
  else expect(JSON.stringify(seen)).toMatch(/failure|refused/);
}

afterAll(() => {
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const [equal, harsher, kinder] = [count('equal'), count('harsher'), count('kinder')];
  process.stdout.write(
    `GitHub's runner, ${verdicts.length} rows: ${equal} equal, ${harsher} harsher by choice, ${kinder} kinder\n`,
  );
});

describe.each(Object.entries(FILES))('%s', (_name, rows) => {
  let world: World;
  let seen: Map<string, unknown>;
  beforeAll(async () => {
    world = await createWorld(MINUTE);
    seen = await measure(rows, world, 1);
  }, 60_000);
  afterAll(() => world.close());
  test.each(rows)('$id', (row) => judge(row, seen.get(row.id)));
});

describe('runs of their own', () => {
  test.each(ALONE)('$id', async (row) => judge(row, await play(row)), 30_000);
});

test('no row stands twice', () => {
  const ids = [...Object.values(FILES).flat(), ...ALONE].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});
