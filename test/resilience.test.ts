// docs/resilience.md against the project: every row names a test that is there, and every situation that was measured has its row
// here or its place elsewhere. It must never take a row's word for it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindNames } from '../sandbox/weather/kinds.ts';
import { root } from './support/files.ts';
import { type Cell, known } from './weather/known.ts';

const text = readFileSync(join(root, 'docs/resilience.md'), 'utf8');
const [told = '', elsewhere = ''] = text.split(/^## Told elsewhere$/m);

type Row = { id: string; situation: string; does: string; file: string; title: string };

/** The rows of all tables; a cell keeps what is between its bars. */
function rows(part: string): string[][] {
  return part
    .split('\n')
    .filter((line) => /^\| (?!id |---)/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const all: Row[] = rows(told).map(([id = '', situation = '', does = '', where = '']) => {
  const [file = '', title = ''] = where.split(' › ');
  return { id, situation, does, file: file.replaceAll('`', ''), title: title.replaceAll('\\|', '|') };
});

/** Numbers that were given to situations when they were measured; gaps are those that held then. */
const measured: Readonly<Record<string, readonly number[]>> = {
  P: [...span(1, 14), ...span(17, 20), 22, 25, 26, 28, 29, 32, 35, 36, ...span(39, 50)],
  C: span(1, 37),
  S: span(1, 16),
  J: span(1, 27),
  M: span(1, 13),
};
function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
/** `C30–C37` as ids of their own. */
const idsOf = (cell: string): string[] =>
  cell.split(/, /).flatMap((one) => {
    const [, letter = '', from = '', to = from] = /^([A-Z])(\d+)(?:–\1?(\d+))?$/.exec(one) ?? [];
    return letter === '' ? [one] : span(Number(from), Number(to)).map((n) => `${letter}${n}`);
  });

/** Whether `kind × story` is a cell of the weather that is expected to end well. */
function endsWell(title: string): boolean {
  const [name = '', story = ''] = title.split(' × ');
  const kind = kindNames.find((one) => one === name);
  return kind !== undefined && story !== '' && known[kind]?.[story as Cell] === undefined;
}

test('every row says something and names a test of this project by its title', () => {
  for (const { id, situation, does, file, title } of all) {
    expect(
      [id, situation, does, title].filter((cell) => cell === ''),
      id,
    ).toEqual([]);
    expect(existsSync(join(root, file)) && file.endsWith('.test.ts'), `${id}: ${file}`).toBe(true);
    const source = readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'");
    const there = file.startsWith('test/weather/') ? endsWell(title) : source.includes(title);
    expect(there, `${id}: ${file} has no test “${title}”`).toBe(true);
  }
});

test('each situation that was measured has a row here or is told elsewhere, never both', () => {
  const here = all.flatMap(({ id }) => idsOf(id));
  const there = rows(elsewhere).flatMap(([id = '']) => idsOf(id));
  const ids = [...here, ...there];
  expect(there.filter((id, index) => here.includes(id) || there.indexOf(id) !== index)).toEqual([]);
  const missing = Object.entries(measured)
    .flatMap(([letter, numbers]) => numbers.map((n) => `${letter}${n}`))
    .filter((id) => !ids.includes(id));
  expect(missing).toEqual([]);
});

test('at least twenty situations were reported in public by others, each with its thread', () => {
  const threads = all.flatMap(({ id, situation }) => {
    const link = /https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull|discussions)\/\d+/.exec(
      situation,
    )?.[0];
    return id.startsWith('R') && link ? [link] : [];
  });
  expect(new Set(threads).size).toBe(threads.length);
  expect(threads.length).toBeGreaterThanOrEqual(20);
});
