// Tells an evaluation: figures with their intervals, for each half, and every wrong case by name.
// Must never print a share without its count, and never hide a wrong case.
import { rateText } from '#core/trust/interval';
import type { Half } from './case.ts';
import { type Fault, fault, grouped, type Score, score, type Tried } from './score.ts';

export type Report = {
  all: Score;
  halves: Record<Half, Score>;
  groups: Record<string, Score>;
  /** Pull requests that should not be come before missing ones. */
  faults: ({ id: string; group: string; half: Half } & Fault)[];
};

export function reportOf(tried: readonly Tried[]): Report {
  const half = (name: Half): Score => score(tried.filter(({ one }) => one.half === name));
  return {
    all: score(tried),
    halves: { tuning: half('tuning'), 'held out': half('held out') },
    groups: Object.fromEntries(
      grouped(tried, ({ one }) => one.group).map(([name, some]) => [name, score(some)]),
    ),
    faults: tried
      .flatMap((each) => {
        const found = fault(each);
        const { id, group, half: side } = each.one;
        return found === null ? [] : [{ id, group, half: side, ...found }];
      })
      .sort((a, b) => b.how.localeCompare(a.how)),
  };
}

/** Rows of name and figure, for people. */
export function figures(title: string, one: Score): string {
  const rows: [string, string][] = [
    ['right runbook first', rateText(one.first)],
    ['right pull request', rateText(one.right)],
    ['right kind', rateText(one.kind)],
    ['right target', rateText(one.target)],
    ['pull requests that are right', rateText(one.precision)],
    ['abstentions that are right', rateText(one.abstentionPrecision)],
    ['abstained where it should', rateText(one.abstentionRecall)],
    ['pull requests on traps', `${one.trapPulls}`],
    ['traps only the rehearsal stopped', `${one.onlyRehearsal}`],
    ['would take the auto lane', `${one.auto}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `${title}: ${one.cases} cases`,
    ...rows.map(([name, figure]) => `  ${name.padEnd(width)}  ${figure}`),
  ].join('\n');
}

/** One row for each group: cases, right, wrong, time. */
export function groupTable(groups: Report['groups'], faults: Report['faults']): string[][] {
  const rows = Object.entries(groups).map(([name, one]) => {
    const own = faults.filter(({ group }) => group === name);
    const wrong = own.filter(({ how }) => how === 'wrong').length;
    const { median, most } = one.ms;
    return [
      name,
      `${one.cases}`,
      `${one.cases - own.length}`,
      `${own.length - wrong}`,
      `${wrong}`,
      `${median.toFixed(1)}`,
      `${most.toFixed(1)}`,
      one.usd === null ? 'unknown' : one.usd.toFixed(4),
    ];
  });
  return [['class', 'cases', 'right', 'careful', 'wrong', 'median ms', 'most ms', 'USD'], ...rows];
}
