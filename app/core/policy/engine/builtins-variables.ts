// Builtins that set variables. A name with a subscript is evaluated as code, so names must be plain.
// It must never let data choose which variable is set.
import type { Assign, Command, Word } from '../parse/ir.ts';
import { assign, judgeEnvironment, mayBeSet } from './assign.ts';
import { expandOne } from './expand.ts';
import { list, question, type Run, refusal, report, type Site } from './run.ts';
import { dropTable, forget, hide } from './scope.ts';
import { type Arg, literal, type Output, silent, substituted, textOf } from './value.ts';

export type Builtin = (argv: readonly Arg[], run: Run, site: Site) => Output;
type Declaration = (
  node: Command,
  rest: readonly (Word | Assign)[],
  args: readonly Arg[],
  run: Run,
) => Output;

const name = /^[A-Za-z_]\w*$/;

/** `read` takes data into variables; a name with a subscript would be evaluated. */
export function read(argv: readonly Arg[], run: Run, site: Site): Output {
  let i = 1;
  const names: string[] = [];
  for (; i < argv.length; i++) {
    const text = textOf(argv[i]);
    if (text === null) {
      report(
        run,
        site,
        refusal('arithmetic-on-data', 'Which variable is filled here is known only at run time.'),
      );
      return silent;
    }
    if (/^-[rsez]*[dnNtpiu]$/.test(text)) i++;
    else if (/^-[rsez]+$|^-[rsez]*[nNt]\d+$|^-d$/.test(text)) continue;
    else if (/^-[rs]*a$/.test(text)) names.push(textOf(argv[++i]) ?? '');
    else if (name.test(text)) names.push(text);
    else report(run, site, refusal('arithmetic-on-data', `${text} is not a plain name for a variable.`));
  }
  if (names.length === 0) names.push('REPLY');
  const { output } = run.input;
  for (const target of names) {
    mayBeSet(target, run, site);
    const shape = names.length === 1 && run.input.from === 'pipe' ? output.shape : 'text';
    forget(run.scope, target, false);
    if (shape === 'none' || shape === 'text') continue;
    run.scope.variables.set(target, {
      value: substituted({ ...output, shape }, `$${target}`),
      items: null,
      readonly: false,
    });
  }
  return silent;
}

export function readLines(argv: readonly Arg[], run: Run, site: Site): Output {
  const words = argv.slice(1).map((arg) => textOf(arg) ?? '\0');
  const target = words.at(-1) ?? '';
  if (!/^((-t|-d \S*|-n \d+|-s \d+|-O \d+) )*[A-Za-z_]\w*$/.test(words.join(' '))) {
    report(run, site, refusal('runs-code', 'This use of mapfile is not accepted.'));
  }
  mayBeSet(target, run, site);
  const { shape, under } = run.input.output;
  const known = shape === 'none' ? 'text' : shape;
  run.scope.variables.set(target, {
    list: true,
    value: [{ shape: known, shown: `$${target}`, ...(under === undefined ? {} : { under }) }],
    items: null,
    readonly: false,
  });
  return silent;
}

export function unset(argv: readonly Arg[], run: Run, site: Site): Output {
  for (const arg of argv.slice(1)) {
    const text = textOf(arg);
    if (text === '-v') continue;
    if (text === '-f' || text === '-n')
      report(run, site, question('option', 'Functions and references stay as they are defined.'));
    else if (text === null || !name.test(text))
      report(run, site, refusal('arithmetic-on-data', 'Bash evaluates subscripts in the name given here.'));
    else {
      mayBeSet(text, run, site);
      forget(run.scope, text, false);
    }
  }
  return silent;
}

export function shift(_argv: readonly Arg[], run: Run): Output {
  run.scope.positional = null;
  return silent;
}

const declarations = new Set(['declare', 'typeset', 'local', 'readonly', 'export']);

/** declare, export and the rest, whose arguments are assignments; null for every other name. */
export function declares(command: string): Declaration | null {
  if (!declarations.has(command)) return null;
  return (node, rest, args, run) => {
    const written: Arg[] = [
      { value: [command], splits: false },
      ...rest.map((w) => ({ value: [w.source], splits: false })),
    ];
    list(run, node, written, 'read', null);
    const flags = args
      .map((arg) => textOf(arg) ?? '')
      .filter((text) => /^[-+]/.test(text))
      .join('');
    if (
      rest.length === 0 ||
      /p|f/.test(flags) ||
      (rest.length === args.length && /x/.test(flags) && args.length === 1)
    ) {
      report(run, node, refusal('secret-read', 'This prints variables, secrets included.'));
    }
    if (/[nutlcIg]/.test(flags))
      report(run, node, refusal('indirect', 'This gives a variable a meaning of its own.'));
    for (const word of rest) {
      const named = 'name' in word ? word.name : word.source;
      if (flags.includes('A')) run.scope.tables = new Set([...run.scope.tables, named]);
      else if (flags.includes('a')) dropTable(run.scope, named);
      if (flags.includes('i')) run.scope.integers.add('name' in word ? word.name : word.source);
      if (/^(local|declare|typeset)$/.test(command))
        hide(run.scope, 'name' in word ? word.name : word.source);
      if ('parts' in word) declareName(word, command, flags, run);
      else declareValue(word, command, flags, run);
    }
    return silent;
  };
}

function declareName(word: Word, command: string, flags: string, run: Run): void {
  const text = literal(expandOne(word, run)) ?? '\0';
  if (/^[-+]/.test(text)) return;
  if (!name.test(text)) {
    report(run, word, refusal('indirect', 'Which variable is set here is known only at run time.'));
    return;
  }
  const known = run.scope.variables.get(text);
  if (command !== 'readonly') mayBeSet(text, run, word);
  if (command === 'export' || flags.includes('x')) judgeEnvironment(text, known?.value ?? null, run, word);
  else if (command === 'readonly')
    run.scope.variables.set(text, {
      ...(known ?? { value: [{ shape: 'text', shown: `$${text}` }], items: null }),
      readonly: true,
    });
  else
    run.scope.variables.set(text, {
      value: flags.includes('a') ? [] : [''],
      items: flags.includes('a') ? [] : null,
      readonly: false,
    });
}

function declareValue(a: Assign, command: string, flags: string, run: Run): void {
  if (
    /a/.test(flags) &&
    !Array.isArray(a.value) &&
    !/^[\w.:/-]*$/.test(literal(expandOne(a.value, run)) ?? '(')
  ) {
    report(
      run,
      a,
      refusal('runs-code', 'declare -a evaluates text in brackets as a list, commands included.'),
    );
  }
  assign(a, run, command === 'readonly' || flags.includes('r'));
  const value = run.scope.variables.get(a.name)?.value ?? null;
  if (command === 'export' || flags.includes('x')) judgeEnvironment(a.name, value, run, a);
}
