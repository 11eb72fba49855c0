// `npm run bench -- NAME… [--json]`: runs benchmarks of this folder by their file names and prints one table. Ends with 1
// when a budget is broken, 2 when a name is no benchmark. It must never know what a benchmark measures.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Row } from './table.ts';

const folder = import.meta.dirname;
/** Those files of the folder that offer a benchmark. */
const known = readdirSync(folder)
  .filter(
    (file) => file.endsWith('.ts') && /^export const bench\b/m.test(readFileSync(join(folder, file), 'utf8')),
  )
  .map((file) => file.slice(0, -'.ts'.length));

const usage = `Usage: npm run bench -- NAME… [--incidents N,N…] [--json]

Measures parts of Vigil beside peers over the same bytes in the same run. NAME is one or more of: ${known.join(', ')}.
--incidents: how large the ledgers of the benchmark of that name are; default 1000. 10000 takes some minutes to make.
With --json one object is printed: node, cpu, rows of {bench, subject, who, measure, value, unit, budget, ok}.
Exit codes: 0 within budgets, 1 a budget is broken, 2 wrong usage.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      incidents: { type: 'string', default: '1000' },
    },
  });
  const wrong = positionals.find((name) => !known.includes(name) || !existsSync(join(folder, `${name}.ts`)));
  if (values.help || positionals.length === 0 || wrong !== undefined) {
    (values.help ? process.stdout : process.stderr).write(
      wrong === undefined ? usage : `${JSON.stringify(wrong)} is no benchmark\n\n${usage}`,
    );
    return values.help ? 0 : 2;
  }
  const incidents = values.incidents.split(',').map(Number);
  if (incidents.some((count) => !Number.isInteger(count) || count < 1 || count > 1_000_000)) {
    process.stderr.write(`--incidents is a number from 1 to 1000000, or several with commas\n\n${usage}`);
    return 2;
  }
  const rows: (Row & { bench: string; ok: boolean })[] = [];
  for (const name of positionals) {
    const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
    for (const row of await bench({ incidents }))
      rows.push({ bench: name, ...row, ok: row.budget === null || row.value <= row.budget });
  }
  const cpu = cpus()[0]?.model ?? 'unknown';
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ node: process.version, cpu, rows })}\n`
      : `${process.version}, ${cpu}\n\n${table(rows)}\n`,
  );
  return rows.every(({ ok }) => ok) ? 0 : 1;
}

function table(rows: readonly (Row & { bench: string; ok: boolean })[]): string {
  const cells = rows.map(({ subject, who, measure, value, unit, budget, ok }) => [
    subject,
    who,
    measure,
    `${number(value)} ${unit}`,
    budget === null ? '' : `at most ${budget}${ok ? '' : '  BROKEN'}`,
  ]);
  const all = [['what', 'by', 'measure', 'value', 'budget'], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column === 3 ? cell.padStart(widths[3] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const number = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 1 ? 1 : 3);

process.exitCode = await main();
