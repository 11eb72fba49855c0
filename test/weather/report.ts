// Prints what each kind of weather did to each story: as expected, a known fault by its id, no occasion, or something nobody knew.
// The reporter of `npm run weather`. It must never leave out a cell, whatever became of it.
import type { Reporter, TestCase } from 'vitest/node';

type Line = {
  kind: string;
  story: string;
  end: string;
  as: 'expected' | 'known' | 'none' | 'unasked' | 'wrong';
  ids: string[];
};

/** Reads a cell off its test; null for tests that are none. */
function lineOf(test: TestCase): Line | null {
  const [, kind, story, , known, none] =
    /^(\S+) × ([^(]+?)( \((?:known: (.+)|(no occasion: .+))\))?$/.exec(test.name) ?? [];
  if (!kind || !story) return null;
  const { state } = test.result();
  const ids = known?.split(', ') ?? [];
  const seconds = ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(0);
  const line = (as: Line['as'], end: string): Line => ({ kind, story, as, end, ids });
  if (none && state === 'skipped') return line('none', none);
  if (state === 'skipped') return line('unasked', 'not asked for');
  if (state !== 'passed') return line('wrong', `${state.toUpperCase()} after ${seconds} s`);
  return known
    ? line('known', `known fault ${known} (${seconds} s)`)
    : line('expected', `ends as expected (${seconds} s)`);
}

export function report(): Reporter {
  const lines: Line[] = [];
  const count = (as: Line['as']): number => lines.filter((line) => line.as === as).length;
  return {
    onTestCaseResult(test) {
      const line = lineOf(test);
      if (!line) return;
      lines.push(line);
      if (line.as === 'unasked') return;
      process.stderr.write(`${lines.length} ${line.kind} × ${line.story}: ${line.end}\n`);
      const [error] = line.as === 'wrong' ? (test.result().errors ?? []) : [];
      if (error)
        process.stderr.write(`${(error.stack ?? error.message).split('\n').slice(0, 12).join('\n')}\n`);
    },
    onTestRunEnd() {
      const width = (key: 'kind' | 'story'): number => Math.max(0, ...lines.map((line) => line[key].length));
      const [kinds, stories] = [width('kind'), width('story')];
      const told = lines.filter(({ as }) => as !== 'unasked');
      const sorted = told.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.story.localeCompare(b.story));
      for (const { kind, story, end } of sorted)
        process.stdout.write(`${kind.padEnd(kinds)}  ${story.padEnd(stories)}  ${end}\n`);
      const ids = [...new Set(told.flatMap((line) => line.ids))].sort();
      process.stdout.write(
        `\n${lines.length} cells: ${count('expected')} as expected, ${count('none')} without occasion, ` +
          `${count('unasked') > 0 ? `${count('unasked')} not asked for, ` : ''}${count('known')} known faults of ${ids.length} ids (${ids.join(', ')}), ${count('wrong')} unexpected\n`,
      );
    },
  };
}
