// The shell's own commands. Several of them run text as code or change how later commands are read; those are refused.
// It must never leave a builtin to the table of tools: bash runs the builtin first.

import { changeDirectory, checkLook } from '../kinds/paths.ts';
import { type Builtin, read, readLines, shift, unset } from './builtins-variables.ts';
import { question, refusal, report } from './run.ts';
import { fork } from './scope.ts';
import { judgeTestArguments } from './test-command.ts';
import { anything, shapeOf, show, silent, textOf } from './value.ts';

const never =
  (code: string, sentence: string): Builtin =>
  (_argv, run, site) => {
    report(run, site, refusal(code, sentence));
    return anything;
  };
const ask =
  (code: string, sentence: string): Builtin =>
  (_argv, run, site) => {
    report(run, site, question(code, sentence));
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
    report(run, site, refusal('secret-read', 'A bare set prints every variable, secrets included.'));
  else if (words[0] === '--')
    report(run, site, question('positional', 'The script gives itself new arguments.'));
  else if (
    !/^([-+][euxEhCT]+|[-+][euxEhCT]*o (pipefail|errexit|nounset|errtrace|xtrace|noclobber|functrace)|[-+]f)( ([-+][euxEhCT]+|[-+][euxEhCT]*o (pipefail|errexit|nounset|errtrace|xtrace|noclobber|functrace)))*$/.test(
      words.join(' '),
    )
  ) {
    report(run, site, refusal('shell-option', 'This changes how the shell reads what follows.'));
  }
  return silent;
};

const shopt: Builtin = (argv, run, site) => {
  const words = argv.slice(1).map((arg) => textOf(arg) ?? '\0');
  if (
    !/^(-[sq] )?(nullglob|failglob|inherit_errexit|dotglob|nocasematch|nocaseglob|globstar)( (nullglob|failglob|inherit_errexit|dotglob|nocasematch|nocaseglob|globstar))*$/.test(
      words.join(' '),
    )
  ) {
    report(run, site, refusal('shell-option', 'This changes how the shell reads what follows.'));
  }
  return silent;
};

const changeDir: Builtin = (argv, run, site) => {
  const args = argv.slice(1).filter((arg) => !/^-[LPe]+$|^--$/.test(textOf(arg) ?? ''));
  const [to] = args;
  const issue = to && checkLook(to.value, run);
  if (issue) report(run, site, issue);
  if (args.length > 1) report(run, site, question('operand', 'cd takes one directory.'));
  run.scope.directory = to && textOf(to) !== '-' ? changeDirectory(to.value, run) : null;
  return silent;
};

const which: Builtin = (argv, run, site) => {
  if (argv.length < 2) report(run, site, question('option', 'This use is not known.'));
  return anything;
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
        : 'Processes are ended through the service that owns them, not by number.',
    ),
  );
  return silent;
};

/** break, continue and return: what is known here is known again where they lead. */
const leave: Builtin = (argv, run, site) => {
  const returns = textOf(argv[0]) === 'return';
  const lists = returns ? (run.returns ? [run.returns] : []) : run.loops;
  if (lists.length === 0) {
    report(run, site, question('jump', 'There is no loop or function here to leave, so bash goes on.'));
  }
  for (const scopes of lists) scopes.push(fork(run.scope));
  return plain(/^\d*$/)(argv, run, site);
};

const printf: Builtin = (argv, run, site) => {
  const format = textOf(argv[1]);
  if (format?.startsWith('-') && format !== '--')
    report(
      run,
      site,
      refusal('arithmetic-on-data', 'printf -v evaluates subscripts in the name it is given.'),
    );
  else if (format === null && !(argv[1] && /name|number/.test(shapeOf(argv[1].value)))) {
    report(run, site, question('tainted', 'The format itself is known only at run time.'));
  } else if (/%\([^)]*\)T|%n|%\d{5,}|%\*/.test(format ?? '')) {
    if (!/%\([^)]*\)T/.test(format ?? ''))
      report(run, site, question('format', 'This format is not accepted.'));
  }
  const args = argv.slice(2);
  const digits = /^(%d|\d)+(\\n)?$/.test(format ?? '');
  if (digits) return { shape: 'number' };
  const each = /^%s(\\n)?$/.test(format ?? '');
  if (each && args.every((arg) => /name|number/.test(shapeOf(arg.value)))) return { shape: 'name' };
  return anything;
};

const echo: Builtin = (argv) => {
  const args = argv.slice(1).filter((arg, i) => !(i === 0 && /^-[neE]+$/.test(textOf(arg) ?? '')));
  const texts = args.map((arg) => textOf(arg));
  if (texts.every((t) => t !== null) && !/\\/.test(texts.join('')))
    return { shape: 'text', text: texts.join(' ') };
  if (args.length > 0 && args.every((arg) => shapeOf(arg.value) === 'number')) return { shape: 'number' };
  return args.length > 0 && args.every((arg) => /name|number/.test(shapeOf(arg.value)))
    ? { shape: 'name' }
    : anything;
};

const testCommand: Builtin = (argv, run, site) => {
  judgeTestArguments(argv, run, site);
  return silent;
};

const evaluated = 'This runs text as code, and what it becomes is not judged.';
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ...[':', 'true', 'false', 'pwd', 'wait', 'times', 'dirs', 'jobs'].map(
    (word) => [word, plain(/^(-[LPpl])?( ?\d+)*$/)] as const,
  ),
  ['exit', plain(/^\d*$/)],
  ['return', leave],
  ['break', leave],
  ['continue', leave],
  ['echo', echo],
  ['printf', printf],
  ['set', setOptions],
  ['shopt', shopt],
  ['cd', changeDir],
  ['pushd', changeDir],
  [
    'popd',
    (_argv, run) => {
      run.scope.directory = null;
      return silent;
    },
  ],
  ['ulimit', plain(/^(-[SH]?[acdefilmnpqrstuvx])?$/)],
  ['read', read],
  ['mapfile', readLines],
  ['readarray', readLines],
  ['unset', unset],
  ['shift', shift],
  ['type', which],
  ['hash', never('shell-state', 'This changes which file a command’s name stands for.')],
  ['kill', kill],
  ['test', testCommand],
  ['[', testCommand],
  ['umask', plain(/^(0?[0-7]77|0?[0-7]22|0?[0-7]27)?$/)],
  ['let', never('arithmetic-on-data', 'let evaluates its arguments as code.')],
  ...['eval', 'source', '.', 'trap'].map((word) => [word, never('runs-code', evaluated)] as const),
  ...[
    'alias',
    'unalias',
    'enable',
    'bind',
    'complete',
    'compopt',
    'fc',
    'history',
    'logout',
    'suspend',
    'disown',
    'compgen',
    'fg',
    'bg',
  ].map(
    (word) => [word, never('shell-state', 'This changes what later commands mean, or hides them.')] as const,
  ),
  ...['caller', 'help', 'getopts'].map(
    (word) => [word, ask('builtin', 'This shell command needs a person.')] as const,
  ),
]);
