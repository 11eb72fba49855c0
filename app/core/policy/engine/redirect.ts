// Where input comes from and output goes. A redirection writes files without any command being named.
// It must never let output reach a file outside the workspace and the temporary directories.
import { checkRead, checkWrite } from '../kinds/paths.ts';
import type { Redirect } from '../plain/tree.ts';
import { expandOne, picks } from './expand.ts';
import { type Input, list, type Run, refusal, report } from './run.ts';
import { anything, literal, show, type Value } from './value.ts';

/** Judges redirections in order. `quiet`: standard output does not reach whoever captures it. */
export function redirect(redirects: readonly Redirect[], run: Run): { input: Input | null; quiet: boolean } {
  let input: Input | null = null;
  let quiet = false;
  for (const one of redirects) {
    const values = picks([one.target], run).map((pick) => expandOne(one.target, run, pick));
    const texts = values.map(literal);
    const [text = null] = texts;
    if (one.operator === '<<') {
      input = { from: 'text', output: text === null ? anything : { shape: 'text', text } };
      continue;
    }
    if (one.operator === '<') {
      for (const value of values) {
        const issue = checkRead(value, run);
        if (issue) report(run, one, issue);
      }
      if ((one.descriptor ?? 0) === 0)
        input = { from: text === '/dev/null' ? 'nowhere' : 'file', output: anything };
      continue;
    }
    const stdout = one.descriptor === null || one.descriptor === 1;
    if (stdout) quiet = true;
    if (one.operator === '>&' && text !== null && /^[12]$/.test(text)) {
      if (text === '1') quiet = false;
      continue;
    }
    if (one.operator === '>&') {
      report(
        run,
        one,
        refusal(
          'redirect',
          'This joins or closes a descriptor in a way that is not plain. Write >&2 or 2>&1.',
        ),
      );
      continue;
    }
    for (const value of values) writes(one, value, run);
  }
  return { input, quiet };
}

function writes(one: Redirect, value: Value, run: Run): void {
  if (/^\/dev\/(null|stdout|stderr)$/.test(literal(value) ?? '')) return;
  const issue = checkWrite(value, run);
  if (issue) report(run, one, issue);
  list(run, one, [{ value: [`${one.operator} `, ...value], splits: false }], {
    effect: 'files.write',
    target: show(value),
  });
}
