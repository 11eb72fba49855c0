// `npm run tables`: writes the tables of docs/verification.md, as the product's own functions give them.
// It must never be edited to look better: a test holds the page to what comes out here.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downAtTimes, failingShare, outcomes, type Service, WAYS, type Way } from './partial-outages.ts';
import { drains, flaps, type Recovery, recovery, type Shape, stays, steps } from './recoveries.ts';

// Single requests are quickly drawn, and the figures of the default rule are the ones that people quote.
const draws = ({ of }: Way): number => (of === 1 ? 10_000 : 500);
const SEED = 2026;
const page = join(import.meta.dirname, '../docs/verification.md');

const tell = (share: number): string => `${(share * 100).toFixed(1)} %`;
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const BROKEN: readonly (readonly [string, Service])[] = [
  ...[0.01, 0.02, 0.05, 0.1, 0.22, 0.5].map((share) => [`${share * 100} %`, failingShare(share)] as const),
  ['all, in one look of ten', downAtTimes(0.1)],
];

/** Nothing changes: what is seen before the run, and what is said after it. */
function unchanged(): string {
  const cells = BROKEN.flatMap(([name, service]) =>
    WAYS.map((way) => {
      const { red, absent, confirmed } = outcomes(way, service, service, draws(way), SEED);
      const few = Math.max(0, 1 - red - absent);
      return [name, way.name, tell(red), tell(absent), tell(few), tell(confirmed)];
    }),
  );
  return table(
    ['failing', 'rule', 'red', '"nothing was broken"', 'too few to tell', '"recovered" though unchanged'],
    cells,
  );
}

/** A tenth failed, and the fix helped: so much still fails on a good day. */
function helped(): string {
  const left = [0, 0.001, 0.002, 0.005];
  const cells = WAYS.map((way) => [
    way.name,
    ...left.map((share) =>
      tell(outcomes(way, failingShare(0.1), failingShare(share), draws(way), SEED).confirmed),
    ),
  ]);
  return table(['rule', ...left.map((share) => `${share * 100} % still fail`)], cells);
}

const MIN = 60;
const SHAPES: readonly (readonly [name: string, shape: Shape, within: string])[] = [
  ['is well at once', stays(0), '30m'],
  ['drains in 5 minutes', drains(5 * MIN), '30m'],
  ['drains in 30 minutes', drains(30 * MIN), '30m'],
  ['drains in 30 minutes', drains(30 * MIN), '1h'],
  ['drains in 90 minutes', drains(90 * MIN), '1h'],
  ['drains in 90 minutes', drains(90 * MIN), '2h'],
  ['does not change', stays(0.2), '30m'],
  [
    'stalls at 10 % after 5 minutes',
    steps([
      [0, 0.2],
      [5 * MIN, 0.1],
    ]),
    '30m',
  ],
  [
    'worsens to 50 % after 10 minutes',
    steps([
      [0, 0.2],
      [10 * MIN, 0.5],
    ]),
    '2h',
  ],
  [
    'fails wholly for half a minute, then is well',
    steps([
      [0, 1],
      [30, 0],
    ]),
    '30m',
  ],
  ['flaps, a minute each', flaps(MIN, 0.2), '30m'],
  ['flaps, five minutes each', flaps(5 * MIN, 0.2), '30m'],
];
const TIMES = 40;

/** A fifth failed before, and now it goes this way: every verdict, how often it came, and when at the median. */
function settling(): string {
  const cells = SHAPES.map(([name, shape, within]) => {
    const ends = Array.from({ length: TIMES }, (_, at) => recovery(shape, within, SEED + at));
    const verdicts = [...Map.groupBy(ends, ({ verdict }) => verdict)]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([verdict, all]) => `${verdict} ${all.length} of ${TIMES}`);
    const middle = (of: (one: Recovery) => number): number =>
      ends.map(of).sort((a, b) => a - b)[TIMES / 2] ?? 0;
    const looks = middle((one) => one.looks.length);
    return [name, within, verdicts.join(', '), `${middle((one) => one.minutes).toFixed(0)} min`, `${looks}`];
  });
  return table(['the service', '`within`', 'verdict', 'after', 'looks'], cells);
}

/** Every table by its name. */
export const tables = (): Record<string, string> => ({
  unchanged: unchanged(),
  helped: helped(),
  settling: settling(),
});

/** The page with each table between its marks. */
export function filled(text: string, made: Readonly<Record<string, string>>): string {
  return Object.entries(made).reduce((all, [name, one]) => {
    const [begin, end] = [`<!-- table: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [all.indexOf(begin), all.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/verification.md has no place for the table ${name}`);
    return `${all.slice(0, from)}${begin}\n${one}\n${all.slice(to)}`;
  }, text);
}

if (import.meta.main) writeFileSync(page, filled(readFileSync(page, 'utf8'), tables()));
