// rm with everything below a directory: only for the directory that the script itself has made.
// It must never let a path be removed with all that is in it because of where the path seems to lie.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { has } from '../engine/parsed.ts';
import { type Run, refusal } from '../engine/run.ts';
import type { Arg } from '../engine/value.ts';

const cure =
  'Make a directory with tmp="$(mktemp -d)" and remove that one with rm -r -- "$tmp"; other files are removed by name, without -r.';

export function checkTree(parsed: Parsed, run: Run): Found {
  if (!has(parsed, '-r -R --recursive')) return { issues: [] };
  if (has(parsed, '-f --force'))
    return {
      issues: [refusal('destructive', `rm -rf removes whatever is there, and says nothing. ${cure}`)],
    };
  return parsed.operands.every((arg) => isOwn(arg, run))
    ? { issues: [] }
    : { issues: [refusal('destructive', `rm -r removes whatever is there. ${cure}`)] };
}

/** The output of `mktemp -d` and nothing more. A search through /tmp gives paths of the same kind, of anybody's. */
function isOwn({ value, splits }: Arg, run: Run): boolean {
  const [only, ...more] = value;
  const made = typeof only === 'object' && only.shape === 'path' && only.under === '/tmp';
  if (!made || more.length > 0 || splits) return false;
  const { commands } = run.notebook;
  const makes = commands.some(
    ({ argv: [name = '', ...rest] }) =>
      /(^|\/)mktemp$/.test(name) &&
      rest.some((word) => /^(-[dq]*d[dq]*|--directory)$/.test(word)) &&
      !rest.some((word) => /^(-\w*u|--dry-run)/.test(word)),
  );
  return makes && !commands.some(({ argv: [name = ''] }) => /(^|\/)find$/.test(name));
}
