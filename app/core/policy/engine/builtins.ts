// The shell's own commands. Several of them run text as code or change how later commands are read; those are refused.
// It must never leave a builtin to the table of tools: bash runs the builtin first.

import { checkLook } from '../kinds/paths.ts';
import { gives, read } from './naming.ts';
import { question, type Run, refusal, report, type Site } from './run.ts';
import { judgeTestArguments } from './test-command.ts';
import { type Arg, anything, type Output, shapeOf, show, silent, textOf } from './value.ts';
import { callFunction } from './walk.ts';

export type Builtin = (argv: readonly Arg[], run: Run, site: Site) => Output;

const never =
  (code: string, sentence: string): Builtin =>
  (_argv, run, site) => {
    report(run, site, refusal(code, sentence));
    return anything;
  };
const odd =
  (what: string, instead: string): Builtin =>
  (_argv, run, site) => {
    report(run, site, question('not-plain', `${what} is not plain. Write ${instead}.`));
    return anything;
  };
const plain =
  (form: RegExp): Builtin =>
  (argv, run, site) => {
    const words = argv.slice(1).map((arg) => textOf(arg) ?? (shapeOf(arg.value) === 'number' ? '0' : '\0'));
    if (!form.test(words.join(' ')))
      report(
        run,
        site,
        question('option', `The policy does not know this use of ${show(argv[0]?.value ?? [])}.`),
      );
    return silent;
  };

const setOptions: Builtin = (argv, run, site) => {
  const words = argv.slice(1).map((arg) => textOf(arg) ?? '\0');
  if (words.length === 0)
    report(
      run,
      site,
      refusal('secret-read', 'A bare set prints every variable, secrets included. Leave it out.'),
    );
  else if (words[0] === '--')
    report(
      run,
      site,
      question('positional', 'The script gives itself new arguments. Use a list: hosts=(a b).'),
    );
  else if (
    !/^(-[euE]+|-[euE]*o (pipefail|errexit|nounset|errtrace))( (-[euE]+|-[euE]*o (pipefail|errexit|nounset|errtrace)))*$/.test(
      words.join(' '),
    )
  ) {
    const softer =
      /^([-+][euxEhC]+|[-+][euxEhC]*o (pipefail|errexit|nounset|errtrace|xtrace|noclobber))( |$)/.test(
        `${words.join(' ')} `,
      );
    const sentence =
      'This changes how the shell reads what follows. Write set -euo pipefail, once, at the beginning.';
    report(run, site, softer ? question('not-plain', sentence) : refusal('shell-option', sentence));
  }
  return silent;
};

/** One directory, first of all, and nothing goes on if it is not there. */
const changeDir: Builtin = (argv, run, site) => {
  const to = argv[1];
  const issue = to && checkLook(to.value, run);
  if (issue) report(run, site, issue);
  if (run.facts.directory === null)
    report(
      run,
      site,
      question(
        'not-plain',
        'This change of directory is not plain. Write cd /the/directory || exit 1 once, as the first command, or whole paths.',
      ),
    );
  return silent;
};

const kill: Builtin = (argv, run, site) => {
  const words = argv
    .slice(1)
    .map((arg) => textOf(arg) ?? '\0')
    .join(' ');
  if (/^-(0|l|L)\b|^-s 0\b/.test(words)) return silent;
  const forced = /(^|\s)-(9|KILL|SIGKILL|s (9|KILL|SIGKILL)|n 9|STOP|SIGSTOP|s (STOP|SIGSTOP)|19)\b/i.test(
    words,
  );
  report(
    run,
    site,
    refusal(
      forced ? 'forced' : 'process',
      forced
        ? 'The process gets no chance to end by itself; stop the service instead.'
        : 'Processes are ended through the service that owns them, not by number. Write systemctl restart, with the unit.',
    ),
  );
  return silent;
};

/** break, continue and return lead where the loops and functions around them say. */
const leave: Builtin = (argv, run, site) => {
  const around = textOf(argv[0]) === 'return' ? run.calls.length : run.loops.length;
  if (around === 0)
    report(
      run,
      site,
      question('jump', 'There is no loop or function here to leave, so bash goes on. Write exit.'),
    );
  return plain(textOf(argv[0]) === 'return' ? /^\d{0,3}$/ : /^$/)(argv, run, site);
};

const printf: Builtin = (argv, run, site) => {
  const format = textOf(argv[1]);
  if (format?.startsWith('-') && format !== '--')
    report(
      run,
      site,
      refusal(
        'arithmetic-on-data',
        'printf -v evaluates subscripts in the name it is given. Write x="$(printf …)".',
      ),
    );
  else if (format === null)
    report(
      run,
      site,
      question('tainted', 'The format itself is known only at run time. Write printf \'%s\\n\' "$x".'),
    );
  else if (/%n|%\d{5,}|%[-#+ 0]*\*|%\([^)]*\)T/.test(format))
    report(run, site, question('format', 'This format is not accepted. Write %s or %d.'));
  return format === '--'
    ? anything
    : spoken(
        argv.slice(2),
        /^(%d|\d)+(\\n)?$/.test(format ?? '') ? 'number' : /^%s(\\n)?$/.test(format ?? '') ? 'same' : null,
      );
};

const echo: Builtin = (argv) => {
  const args = argv.slice(1).filter((arg, i) => !(i === 0 && /^-[neE]+$/.test(textOf(arg) ?? '')));
  const texts = args.map((arg) => textOf(arg));
  if (texts.every((t) => t !== null) && !/\\/.test(texts.join('')))
    return { shape: 'text', text: texts.join(' ') };
  return spoken(args, args.length > 0 ? 'same' : null);
};

/** What is printed of arguments: a number stays one, and so do names. */
const spoken = (args: readonly Arg[], how: 'number' | 'same' | null): Output => {
  const shapes = args.map((arg) => shapeOf(arg.value));
  if (how === null || shapes.length !== 1) return anything;
  if (shapes[0] === 'number') return { shape: 'number' };
  return how === 'same' && shapes[0] === 'name' ? { shape: 'name' } : anything;
};

/** `trap NAME EXIT`: a function of the script, at its end or when it is stopped. */
const trap: Builtin = (argv, run, site) => {
  const [name, ...signals] = argv.slice(1).map((arg) => textOf(arg));
  const fun = run.facts.functions.get(name ?? '');
  if (fun && signals.length > 0 && signals.every((one) => /^(EXIT|ERR|INT|TERM)$/.test(one ?? '')))
    return callFunction(fun, { ...run, maybe: true });
  if (name === '-' || name === '')
    return odd('To take a trap back', 'one trap, at the beginning')(argv, run, site);
  report(
    run,
    site,
    refusal('runs-code', 'This runs text as code. Write a function, and trap its_name EXIT.'),
  );
  return silent;
};

const testCommand: Builtin = (argv, run, site) => {
  judgeTestArguments(argv, run, site);
  return silent;
};

const evaluated = 'This runs text as code, and what it becomes is not judged. Write the commands themselves.';
const state = 'This changes what later commands mean, or hides them. Leave it out.';
const words = (text: string, builtin: Builtin): [string, Builtin][] =>
  text.split(' ').map((name) => [name, builtin]);

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ...words(': true false', () => silent),
  ...words('pwd wait times', plain(/^(-[LP])?$/)),
  ['exit', plain(/^\d{0,3}$/)],
  ...words('return break continue', leave),
  ['echo', echo],
  ['printf', printf],
  ['set', setOptions],
  ['cd', changeDir],
  ...words(
    'pushd popd dirs',
    odd('A stack of directories', 'cd /the/directory || exit 1 once, as the first command'),
  ),
  ['ulimit', plain(/^(-[SH]?[acdefilmnpqrstuvx])?$/)],
  ['umask', plain(/^(0?[0-7]77|0?[0-7]22|0?[0-7]27)?$/)],
  ['read', read],
  ...words('mapfile readarray', gives('This way to fill a list', 'while IFS= read -r x; do … done')),
  ['unset', gives('To take a variable away', 'another name')],
  ['shift', odd('shift', 'the arguments by number: "$1", "$2"')],
  ...words('type hash caller help getopts', odd('This command', 'command -v name')),
  ['trap', trap],
  ['kill', kill],
  ...words('test [', testCommand),
  ...words('let', never('arithmetic-on-data', 'let evaluates its arguments as code. Write n=$((n + 1)).')),
  ...words('eval source . exec', never('runs-code', evaluated)),
  ...words(
    'alias unalias enable bind complete compopt fc history logout suspend disown compgen fg bg jobs shopt',
    never('shell-state', state),
  ),
  ...words(
    'declare typeset local readonly export coproc',
    never('indirect', 'This gives a variable a meaning of its own.'),
  ),
]);
