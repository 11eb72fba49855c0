// The file of the contract: what each engine says of each construct. Reads it, writes it, and counts what is wrong in it.
// Must never decide what is true: that stands with the construct.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct, Word } from './construct.ts';
import { COLUMNS, type Column } from './eyes.ts';

const path = join(import.meta.dirname, 'contract.tsv');
const HEAD = ['construct', 'truth', ...COLUMNS].join('\t');

export type Line = { readonly truth: string } & { readonly [column in Column]: string };

export function recorded(): ReadonlyMap<string, Line> {
  const [head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  if (head !== HEAD) throw new Error(`contract.tsv begins with ${head}`);
  return new Map(
    lines.map((line) => {
      const [id = '', truth = '', lightpanda = '', chromium = '', together = ''] = line.split('\t');
      return [id, { truth, lightpanda, chromium, together }];
    }),
  );
}

/** The same, or nothing before the first time. */
export const existing = (): ReadonlyMap<string, Line> => (existsSync(path) ? recorded() : new Map());

export function record(lines: ReadonlyMap<string, Line>): void {
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = sorted.map(([id, line]) =>
    [id, line.truth, ...COLUMNS.map((column) => line[column])].join('\t'),
  );
  writeFileSync(path, `${[HEAD, ...rows].join('\n')}\n`);
}

export type Fault = 'right' | 'false green' | 'false red' | 'inconclusive' | 'not judged';

export function faultOf(truth: Construct['truth'], word: Word): Fault {
  if (truth === 'not judged') return 'not judged';
  if (word === 'inconclusive') return 'inconclusive';
  if (word === truth) return 'right';
  return word === 'pass' ? 'false green' : 'false red';
}
