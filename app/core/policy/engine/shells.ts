// Shells and ssh: a script given as a literal is judged like the one around it.
// It must never let a shell run text that the policy has not read.
import { checkHost } from '../kinds/network.ts';
import { readScript } from '../parse/statements.ts';
import { parseOptions } from './options.ts';
import { optionValue } from './parsed.ts';
import { list, question, type Run, refusal, report, type Site } from './run.ts';
import { emptyScope } from './scope.ts';
import { compile, type Rule } from './spec.ts';
import { type Arg, anything, literal, type Output, textOf } from './value.ts';
import { walk } from './walk.ts';

/** A shell given its script as a literal is judged like this one; given anything else it is refused. */
export function shell(argv: readonly Arg[], run: Run, site: Site): Output {
  list(run, site, argv, 'read', null);
  let i = 1;
  let runs = false;
  for (; i < argv.length; i++) {
    const text = textOf(argv[i]) ?? '\0';
    if (text === '--version') return anything;
    if (/^-[eux]*o$/.test(text) && textOf(argv[i + 1]) === 'pipefail') i++;
    else if (/^-[euxl]*c$/.test(text)) runs = true;
    else if (!/^-[eux]+$/.test(text)) break;
  }
  const text = textOf(argv[i]);
  if (!runs || text === null) {
    report(run, site, refusal('runs-code', 'A shell is given code that is not in this script.'));
    return anything;
  }
  return nestedScript(
    text,
    !/bash$/.test(textOf(argv[0]) ?? ''),
    { ...run, scope: { ...emptyScope(), positional: null } },
    site,
  );
}

/** Judges a literal script that another shell will run. */
export function nestedScript(text: string, posixOnly: boolean, run: Run, site: Site): Output {
  if (text.length > 16_384 || run.calls.length > 4) {
    report(run, site, refusal('limits', 'A script inside a script goes too deep or is too long.'));
    return anything;
  }
  const script = readScript(text);
  for (const problem of script.problems) report(run, site, refusal(problem.code, problem.sentence));
  if (posixOnly && !script.posix)
    report(run, site, question('shell', 'This shell may read the inner script differently from bash.'));
  const before = run.notebook.commands.length;
  const output = walk(script.body, { ...run, calls: [...run.calls, '-c'], maybe: true });
  for (const command of run.notebook.commands.slice(before)) Object.assign(command, site.at);
  return output;
}

export const sshRule: Rule = {
  flags: '-4 -6 -q -v -T -x -a -n -C',
  values: {
    '-p': 'int:1..65535',
    '-l': 'literal',
    '-o': 'like:(ConnectTimeout=\\d+|BatchMode=yes|StrictHostKeyChecking=(yes|accept-new))',
  },
};
export function ssh(argv: readonly Arg[], run: Run, site: Site): Output {
  list(run, site, argv, 'unknown', null);
  const parsed = parseOptions(
    argv.slice(1),
    { names: 'ssh', style: 'first', rule: sshRule },
    compile(sshRule),
  );
  for (const issue of parsed.issues) report(run, site, refusal(issue.code, issue.sentence));
  const [host, ...words] = parsed.operands;
  const issue = host
    ? checkHost(
        host.value.map((p) => (typeof p === 'string' ? p.replace(/^[\w.-]+@/, '') : p)),
        run,
      )
    : null;
  if (issue) report(run, site, issue);
  const texts = words.map((arg) => literal(arg.value));
  const o = optionValue(parsed, '-o');
  if (
    words.length === 0 ||
    texts.includes(null) ||
    (o && !/^(ConnectTimeout|BatchMode|StrictHostKeyChecking)=/.test(textOf(o) ?? ''))
  ) {
    report(run, site, refusal('access', 'This opens a shell on another machine.'));
    return anything;
  }
  report(
    run,
    site,
    question('remote', 'This runs on another machine, which the workspace should not be able to reach.'),
  );
  return nestedScript(
    texts.join(' '),
    true,
    { ...run, elsewhere: true, scope: { ...emptyScope(), directory: null } },
    site,
  );
}
