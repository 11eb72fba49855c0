// find: it looks at files, and its actions can run commands on them or remove them.
// It must never accept an action that the grammar does not name, nor a removal that keeps nothing.
import type { Found } from '../engine/apply.ts';
import { dispatch } from '../engine/command.ts';
import { type Issue, noInput, question, type Run, refusal, type Site } from '../engine/run.ts';
import { type Arg, literal, type Piece, prefix, show, textOf } from '../engine/value.ts';
import { changeDirectory, checkLook } from '../kinds/paths.ts';
import { type Expression, namesFile, readExpression } from './find-expression.ts';

export function checkFind(argv: readonly Arg[], run: Run, site: Site): Found {
  const issues: Issue[] = [];
  let i = 1;
  for (; /^-([HLP]|O[0-3])$/.test(textOf(argv[i]) ?? ''); i++);
  const follows = argv.slice(1, i).some((arg) => /^-[HL]$/.test(textOf(arg) ?? ''));
  const roots: Arg[] = [];
  for (; i < argv.length; i++) {
    const arg = argv[i];
    if (!arg || (/^([-!(),]|$)/.test(prefix(arg.value).slice(0, 1)) && typeof arg.value[0] !== 'object'))
      break;
    roots.push(arg);
    const issue = checkLook(arg.value, run);
    if (issue) issues.push(issue);
    if (
      literal(arg.value) === null &&
      typeof arg.value[0] === 'object' &&
      /text|glob/.test(arg.value[0].shape)
    ) {
      issues.push(question('tainted', 'Where find begins is known only at run time.'));
    }
  }
  const expression = readExpression(argv.slice(i));
  issues.push(...expression.issues);
  const { primaries } = expression;
  const strays = follows || primaries.some(({ name }) => name === '-follow');
  const found = foundFile(strays ? null : roots, run);
  let removes = primaries.some(({ name }) => name === '-delete');
  for (const { name, value, command } of primaries) {
    const issue = value && namesFile(name) ? checkLook(value.value, run) : null;
    if (issue) issues.push(issue);
    if (!command) continue;
    const before = run.notebook.commands.length;
    // -execdir goes to the file's own directory first.
    const directory = name === '-execdir' ? null : run.directory;
    runEach(command, found, { ...run, directory, input: noInput, maybe: true }, site);
    for (const { effect } of run.notebook.commands.slice(before)) {
      if (/^files\.(prune|remove)$/.test(effect)) removes = true;
      else if (effect !== 'read' && effect !== 'unknown')
        issues.push(refusal('bulk', 'find runs commands that read; a change names its target instead.'));
    }
  }
  if (removes) return prune(roots, expression, strays, issues, run);
  const output =
    typeof found === 'object' && found.shape === 'path'
      ? { shape: 'path' as const, under: found.under ?? '' }
      : { shape: 'text' as const };
  return { issues, output };
}

/**
 * What `{}` stands for: a file below the one place where find begins, wherever the script has gone before. `roots` is null
 * where links lead out of it.
 */
function foundFile(roots: readonly Arg[] | null, run: Run): Piece {
  const root = roots?.[0];
  const text = root ? textOf(root) : roots ? '.' : null;
  const place = roots && roots.length < 2 && text !== null ? changeDirectory([text], run) : null;
  return place === null || place === '/'
    ? { shape: 'text', shown: '{}' }
    : { shape: 'path', under: place, shown: '{}' };
}

/** The command that runs on what is found. It is judged like any other. */
function runEach(command: readonly Arg[], found: Piece, run: Run, site: Site): void {
  const inner = command.map((arg) => ({
    splits: arg.splits || show(arg.value).includes('{}'),
    value: arg.value.flatMap((piece) =>
      typeof piece === 'string' && piece.includes('{}') ? braces(piece, found) : [piece],
    ),
  }));
  dispatch(inner, run, site);
}

function braces(text: string, found: Piece): Piece[] {
  return text.split('{}').flatMap((part, at) => [...(at > 0 ? [found] : []), ...(part ? [part] : [])]);
}

const harmless = /^-(print|print0|ls|printf)$/;

/**
 * Removing is pruning only where the inventory names the directory and the search keeps what is young: every test must
 * hold, and stand in front of the removal.
 */
function prune(
  roots: readonly Arg[],
  expression: Expression,
  follows: boolean,
  issues: Issue[],
  run: Run,
): Found {
  const root = textOf(roots[0]) ?? '';
  const { primaries, plain } = expression;
  const at = primaries.findIndex(({ name, command }) => name === '-delete' || command !== null);
  const tests = primaries
    .slice(0, at)
    .filter(({ negated }) => !negated)
    .map(({ name, value }) => `${name} ${value ? show(value.value) : ''}`);
  const old = tests.some((t) => /^-(mtime|mmin|amin|atime|ctime|cmin) \+[1-9]\d*$/.test(t));
  const files = tests.includes('-type f');
  const only = primaries.slice(at + 1).every(({ name }) => harmless.test(name));
  // -prune does nothing beside -delete, which takes what is deepest first; links lead out of the directory.
  const strays =
    follows ||
    primaries.some(
      ({ name, negated }) =>
        /^-(prune|follow|quit)$/.test(name) || (negated && (name === '-delete' || name.startsWith('-exec'))),
    );
  const named =
    roots.length === 1 &&
    run.inventory.values.has(root) &&
    /^\/(tmp|var\/(tmp|log|cache)|opt\/[^/]+|srv\/[^/]+|data\/[^/]+)\/./.test(root);
  if (named && old && files && plain && only && !strays)
    return { issues, effect: /^\/(var\/)?tmp\//.test(root) ? 'files.prune' : 'files.remove', target: root };
  issues.push(
    refusal(
      'destructive',
      'find removes old plain files under one directory of the inventory only: find DIRECTORY -type f -mtime +7 -delete, the tests in front and without -o.',
    ),
  );
  return { issues };
}
