// What the operands of a few machine tools mean beyond their kind: samples without a count, files on other machines,
// a repository that somebody else may have prepared.
// It must never widen what the tool's rule allows.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { show, textOf } from '../engine/value.ts';

/** vmstat, iostat and their kin sample for ever when given an interval without a count. */
export function checkSampling(parsed: Parsed, run: Run): Found {
  const numbers = parsed.operands.map((arg) => textOf(arg)).filter((text) => /^\d+$/.test(text ?? ''));
  const issues: Issue[] = [];
  if (numbers.length === 1 && !run.bounded)
    issues.push(refusal('endless', 'An interval without a count samples for ever.'));
  const [interval = 0, count = 0] = numbers.map(Number);
  if (interval * count > 300) issues.push(refusal('over-cap', 'These samples take longer than 300 seconds.'));
  return { issues };
}

/** lsof: `+L1` looks for removed files, `+r` repeats for ever. */
export function checkPlus(parsed: Parsed): Found {
  const odd = parsed.operands.find((arg) => /^\+(?!L\d*$|[dD]$)/.test(show(arg.value)));
  return { issues: odd ? [question('unknown-option', `The policy does not know ${show(odd.value)}.`)] : [] };
}

/** tar takes a name with a colon for a file on another machine, and starts a shell there. */
export function checkArchive(parsed: Parsed): Found {
  const values = [...parsed.given.flatMap((g) => (g.value ? [g.value] : [])), ...parsed.operands];
  const remote = values.some((arg) => show(arg.value).includes(':'));
  return {
    issues: remote ? [refusal('access', 'A colon in the name of an archive means another machine.')] : [],
  };
}

/** git, terraform and compose run what the files around them say: those must be the workspace's own. */
export function checkRepository(run: Run): Found {
  const { directory } = run;
  if (directory === null || /^\/(tmp|var\/tmp|dev|home)(\/|$)/.test(directory)) {
    return {
      issues: [
        question(
          'foreign-directory',
          'What this runs depends on files in a directory that anybody may have filled.',
        ),
      ],
    };
  }
  const wrote = run.notebook.commands.some(
    (command) => command.effect === 'files.write' && !/\/(tmp|var\/tmp)\//.test(command.target ?? ''),
  );
  return {
    issues: wrote
      ? [question('written-then-read', 'The script has written files that this may run or obey.')]
      : [],
  };
}
