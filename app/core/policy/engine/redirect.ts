// Where input comes from and output goes. A redirection writes files without any command being named.
// It must never let output reach a file outside the workspace and the temporary directories.
import { checkRead, checkWrite } from '../kinds/paths.ts';
import type { Redirect } from '../parse/ir.ts';
import { expandOne } from './expand.ts';
import { type Input, list, type Run, refusal, report } from './run.ts';
import { fork } from './scope.ts';
import { anything, literal, show, silent } from './value.ts';
import { walk } from './walk.ts';

/** Judges redirections in order. `quiet`: standard output does not reach whoever captures it. */
export function redirect(redirects: readonly Redirect[], run: Run): { input: Input | null; quiet: boolean } {
  let input: Input | null = null;
  let quiet = false;
  for (const r of redirects) {
    const [part, ...rest] = r.target.parts;
    if (r.operator === '<' && part?.is === 'stream' && part.direction === 'in' && rest.length === 0) {
      input = { from: 'pipe', output: walk(part.body, { ...run, scope: fork(run.scope), maybe: true }) };
      continue;
    }
    const value = expandOne(r.target, run);
    const text = literal(value);
    switch (r.operator) {
      case '<<':
      case '<<<':
        input = { from: 'text', output: text === null ? anything : { shape: 'text', text } };
        continue;
      case '<&':
        if (!/^(\d|-)$/.test(text ?? ''))
          report(run, r, refusal('redirect', 'Input comes from a descriptor known only at run time.'));
        continue;
      case '<>':
        report(run, r, refusal('redirect', 'A file is opened for reading and writing at once.'));
        continue;
      case '<': {
        const issue = checkRead(value, run);
        if (issue) report(run, r, issue);
        if ((r.descriptor ?? 0) === 0)
          input = { from: text === '/dev/null' ? 'nowhere' : 'file', output: anything };
        continue;
      }
    }
    const stdout = r.descriptor === null || r.descriptor === 1;
    if (stdout) quiet = true;
    if (r.operator === '>&' && /^(\d|-)$/.test(text ?? '')) {
      if (text === '1') quiet = false;
      continue;
    }
    if (text !== null && /^\/dev\/(null|stdout|stderr)$/.test(text)) continue;
    const issue = checkWrite(value, run);
    if (issue) report(run, r, issue);
    list(run, r, [{ value: [`${r.operator} `, ...value], splits: false }], 'files.write', show(value));
  }
  return { input, quiet };
}

export const noInput: Input = { from: 'nowhere', output: silent };
