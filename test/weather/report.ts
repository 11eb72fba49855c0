// Prints what each kind of weather did to each story: as expected, a known fault by its id, not met, or a failure nobody knew. The
// reporter of `npm run weather`. It must never leave out a cell, whatever became of it.
import type { Reporter, TestCase } from 'vitest/node';

type Line = { kind: string; story: string; end: string; open: readonly string[]; wrong: boolean };

/** Reads a cell off its test; null for tests that are none. */
function lineOf(test: TestCase): Line | null {
  const [, kind, story, , ids] = /^(\S+) × ([^(]+?)( \((?:known: (.+)|not met)\))?$/.exec(test.name) ?? [];
  if (!kind || !story) return null;
  const { state } = test.result();
  const known = ids?.split(', ') ?? [];
  const unmet = test.name.endsWith('(not met)');
  const seconds = ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(0);
  if (state !== 'passed')
    return { kind, story, end: `${state.toUpperCase()} after ${seconds} s`, open: known, wrong: true };
  const end = unmet ? 'not met' : known.length > 0 ? `known fault ${known.join(', ')}` : 'ends as expected';
  return { kind, story, end: `${end} (${seconds} s)`, open: known, wrong: false };
}

export default function report(): Reporter {
  const lines: Line[] = [];
  return {
    onTestCaseResult(test) {
      const line = lineOf(test);
      if (line) lines.push(line);
    },
    onTestRunEnd() {
      const widths = (['kind', 'story'] as const).map((key) =>
        Math.max(0, ...lines.map((line) => line[key].length)),
      );
      const sorted = lines.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.story.localeCompare(b.story));
      for (const { kind, story, end } of sorted)
        process.stdout.write(`${kind.padEnd(widths[0] ?? 0)}  ${story.padEnd(widths[1] ?? 0)}  ${end}\n`);
      const open = lines.filter((line) => line.open.length > 0);
      const ids = [...new Set(open.flatMap((line) => line.open))].sort();
      const wrong = lines.filter((line) => line.wrong).length;
      process.stdout.write(
        `\n${lines.length} cells: ${lines.filter((line) => !line.wrong && line.open.length === 0).length} as expected or not met, ` +
          `${open.length} known faults of ${ids.length} ids (${ids.join(', ')}), ${wrong} unexpected\n`,
      );
    },
  };
}
