// What a stranger sees first: every story of the demo, on a machine where bubblewrap does not work and pictures cannot be
// kept, written to a pipe. All end as they should, each is told in ten plain lines, and nothing is left.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenarioNames } from '../../sandbox/scenarios/names.ts';
import { type Begun, begin } from '../support/leftovers.ts';

type Line = {
  scenario: string;
  stage: string;
  pass: boolean;
  isolation: string;
  told: string[];
  wrong: string[];
  screenshots: string[];
};
let hidden = '';
let demo: Begun;
let lines: Line[];
let exit: unknown;

beforeAll(async () => {
  hidden = await mkdtemp(join(tmpdir(), 'vigil-hidden-'));
  await writeFile(join(hidden, 'bwrap'), '#!/bin/sh\nexit 1\n');
  await chmod(join(hidden, 'bwrap'), 0o755);
  await writeFile(join(hidden, 'file'), '');
  const path = [hidden, process.env['PATH']].join(delimiter);
  const args = [
    'sandbox/cli.ts',
    'demo',
    '--json',
    '--together',
    '2',
    '--screenshots',
    join(hidden, 'file/demo'),
  ];
  demo = await begin(process.execPath, args, { PATH: path });
  exit = await demo.ended();
  lines = demo
    .out()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}, 900_000);
afterAll(async () => {
  await demo?.remove();
  await rm(hidden, { recursive: true, force: true });
});

test('every story ends as it should', () => {
  expect(lines.flatMap(({ scenario, wrong }) => wrong.map((what) => `${scenario}: ${what}`))).toEqual([]);
  expect(lines.map(({ scenario, pass, isolation }) => [scenario, pass, isolation]).sort()).toEqual(
    [...scenarioNames].sort().map((name) => [name, true, 'none']),
  );
  expect(exit).toEqual([0, null]);
});

test('each is told in at most ten lines of 80 columns, from the page to what is true outside', () => {
  for (const { scenario, stage, told } of lines) {
    expect.soft(told.length, scenario).toBeLessThanOrEqual(10);
    expect.soft(told.filter((line) => line.length > 80 || !/^ +\d+:\d\d \S/.test(line))).toEqual([]);
    expect.soft(told[0]).toContain('PagerDuty rings: ');
    expect
      .soft(told.at(-1))
      .toContain(
        stage === 'RESOLVED'
          ? 'PagerDuty is resolved, the issue is closed.'
          : 'PagerDuty still rings, the issue is open: people take over.',
      );
  }
});

test('what is missing was said, and cost nothing', () => {
  expect(demo.err()).toMatch(/^scripts: .*bubblewrap/m);
  expect(demo.err()).toMatch(/^pictures: none are kept/m);
  expect(lines.flatMap(({ screenshots }) => screenshots)).toEqual([]);
});

test('nothing is left', async () => expect(await demo.left()).toEqual([]));
