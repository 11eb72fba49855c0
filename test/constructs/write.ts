// Measures every construct with both engines, writes contract.tsv anew, and prints what is wrong in it and why.
// With words behind it, only constructs whose ids hold one of them are tried, and nothing is written.
// Must never write a line that it did not measure: without Lightpanda it writes none.
import { all, classOf } from './all.ts';
import type { Construct } from './construct.ts';
import { existing, type Fault, faultOf, type Line, record } from './contract.ts';
import { COLUMNS, type Column, lightpandaPath, openEyes, type Seen, seeSurely } from './eyes.ts';

const AT_ONCE = 12; // looks: four constructs in three columns, of which most wait for what never comes
const words = process.argv.slice(2);
const chosen = all.filter(({ id }) => words.length === 0 || words.some((word) => id.includes(word)));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const eyes = await openEyes();
const columns = COLUMNS.filter((column) => eyes[column] !== undefined);
if (lightpandaPath() === undefined)
  say('Lightpanda is not looked through, and nothing is written: LIGHTPANDA_PATH names no binary.');
const before = existing();
const began = performance.now();
const measured = new Map<string, Partial<Record<Column, Seen>>>();
const queue = chosen.flatMap((construct) => columns.map((column) => ({ construct, column })));
try {
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
} finally {
  await eyes.close();
}
say(`${chosen.length} constructs in ${Math.round((performance.now() - began) / 1000)} s\n`);
for (const column of columns) report(column);
if (words.length === 0 && columns.length === COLUMNS.length) {
  record(new Map(chosen.map((one) => [one.id, lineOf(one)])));
  say('contract.tsv is written.');
}

async function worker(): Promise<void> {
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
    const { construct, column } = one;
    const browsers = eyes[column];
    if (browsers === undefined) continue;
    const seen = await seeSurely(construct, column, browsers, before.get(construct.id)?.[column]);
    measured.set(construct.id, { ...measured.get(construct.id), [column]: seen });
  }
}

function lineOf({ id, truth }: Construct): Line {
  const word = (column: Column): string => measured.get(id)?.[column]?.word ?? 'not tried';
  return { truth, lightpanda: word('lightpanda'), chromium: word('chromium'), together: word('together') };
}

function report(column: Column): void {
  const judged = chosen.flatMap((one) => {
    const seen = measured.get(one.id)?.[column];
    return seen === undefined ? [] : [{ ...one, seen, fault: faultOf(one.truth, seen.word) }];
  });
  const count = (fault: Fault): string => `${judged.filter((one) => one.fault === fault).length} ${fault}`;
  const faults = ['right', 'false green', 'false red', 'inconclusive', 'not judged'] as const;
  say(`${column}: ${faults.map(count).join(', ')}`);
  for (const fault of ['false green', 'false red', 'inconclusive'] as const)
    for (const { id, truth, why, seen } of judged.filter((one) => one.fault === fault))
      say(`  ${fault}\t${classOf(id)}/${id}\ttruth ${truth}, got ${seen.word}\t${seen.reason ?? why}`);
  say('');
}
