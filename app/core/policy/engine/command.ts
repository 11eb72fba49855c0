// Runs one simple command in the mind: expands it, judges what it redirects and assigns, and hands it to whoever
// knows its name: a function of the script, a builtin, a wrapper, a described tool.
// It must never let a command go by unlisted, whatever else is wrong with it.

import { forbidden } from '../forbidden.ts';
import { isSecretPlace, metadata } from '../kinds/secrets.ts';
import type { Assign, Command, Node } from '../parse/ir.ts';
import { givesAccess, isDestructive } from '../verbs.ts';
import { applyRule } from './apply.ts';
import { assign, assignForCommand } from './assign.ts';
import { builtins } from './builtins.ts';
import { declares } from './builtins-variables.ts';
import { describedTools } from './described-tools.ts';
import { expandInto, expandWords } from './expand.ts';
import { redirect } from './redirect.ts';
import { type Issue, list, question, type Run, refusal, report, type Site } from './run.ts';
import { fork, merge, type Scope, unhide } from './scope.ts';
import { type Arg, anything, literal, type Output, show, silent, textOf } from './value.ts';
import { walk } from './walk.ts';
import { wrappers } from './wrappers.ts';

export function runCommand(node: Command, run: Run): Output {
  const [head] = node.words;
  if (!head) {
    // `$(< file)` reads; every other redirection on its own creates or empties a file.
    const { input } = redirect(node.redirects, run);
    for (const a of node.assigns) assign(a, run);
    return input && node.assigns.length === 0 ? anything : silent;
  }
  if (!('parts' in head)) return silent;
  const [name, ...more] = expandWords([head], run);
  const declaration = declares(textOf(name) ?? '');
  const rest = node.words.slice(1);
  // A variable that holds several words gives arguments too.
  const args = more;
  for (const word of rest) {
    if ('parts' in word) expandInto(args, word, run);
    else if (!declaration) args.push(...assignmentWord(word, run));
  }
  const { input, quiet } = redirect(node.redirects, run);
  if (node.assigns.length > 0 && run.scope.functions.has(textOf(name) ?? '')) {
    report(run, node, question('environment', 'A function is called with variables of its own.'));
  }
  if (textOf(name) === 'exec' && input) {
    report(run, node, question('exec', 'Everything that follows reads its input from somewhere else.'));
  }
  assignForCommand(node.assigns, textOf(name), run);
  const inner = input ? { ...run, input } : run;
  if (
    head.parts.some(
      (p) => p.is === 'output' || p.is === 'sum' || p.is === 'stream' || p.is === 'glob' || p.is === 'home',
    ) ||
    !name
  ) {
    report(run, node, refusal('dynamic-command', 'Which command runs here is known only at run time.'));
    list(run, node, name ? [name, ...args] : args, 'unknown', null);
    return anything;
  }
  const output = declaration
    ? declaration(node, rest, args, inner)
    : dispatch([name, ...args], inner, node, true);
  return quiet ? silent : output;
}

/** declare and its kin take assignments; for every other command `a=b` is a word like any other. */
function assignmentWord(word: Assign, run: Run): Arg[] {
  const args = expandWords(Array.isArray(word.value) ? word.value : [word.value], run);
  return args.map((arg) => ({ ...arg, value: [`${word.name}=`, ...arg.value] }));
}

/** Wrappers inside wrappers beyond this are meant to confuse. */
const mostWrappers = 6;
/** More arguments than this are not written by hand. */
const mostArguments = 200;

/** Judges an expanded command, whether written so or unwrapped from another one. */
export function dispatch(argv: readonly Arg[], run: Run, site: Site, byShell = false): Output {
  const [first, ...args] = argv;
  const written = textOf(first);
  if (first === undefined || written === null || written === '') {
    report(run, site, refusal('dynamic-command', 'Which command runs here is known only at run time.'));
    list(run, site, argv, 'unknown', null);
    return anything;
  }
  if (args.length > mostArguments || run.wrapped > mostWrappers) {
    report(
      run,
      site,
      refusal(
        'too-deep',
        'This command has more arguments, or more commands around it, than anyone can follow.',
      ),
    );
    return anything;
  }
  for (const arg of args) generalChecks(arg, written, run, site);
  // Only the shell itself knows its functions; `timeout f` looks for a program of that name.
  const own = byShell ? run.scope.functions.get(written) : undefined;
  if (own) return callFunction(written, own, argv, run, site);
  const name = baseName(written, run, site);
  if (name === null) {
    list(run, site, argv, 'unknown', null);
    return anything;
  }
  const builtin = builtins.get(name);
  if (builtin) {
    list(run, site, argv, 'read', null);
    return builtin(argv, run, site);
  }
  const wrapper = wrappers.get(name);
  if (wrapper) return wrapper(argv, { ...run, wrapped: run.wrapped + 1 }, site);
  const described = describedTools.get(name);
  if (described) return applyRule(argv, described, run, site);
  list(run, site, argv, 'unknown', null);
  report(run, site, unknownCommand(name, args));
  return anything;
}

/** A command's name without its directory, where that is a directory of the system. */
function baseName(written: string, run: Run, site: Site): string | null {
  const slash = written.lastIndexOf('/');
  if (slash < 0) return written;
  if (/^\/(usr\/)?(local\/)?s?bin$/.test(written.slice(0, slash))) return written.slice(slash + 1);
  const loose = !written.startsWith('/') || /^\/(tmp|var\/tmp|dev|home|root|proc|run)\//.test(written);
  report(
    run,
    site,
    loose
      ? refusal('runs-file', `${written} is a file whose contents were not judged.`)
      : question('unknown-command', `${written} is not described to the policy.`),
  );
  return null;
}

function unknownCommand(name: string, args: readonly Arg[]) {
  if (!/^\w[\w.+-]*$/.test(name))
    return refusal('dynamic-command', 'This is not the plain name of a command.');
  const reason = forbidden(name);
  if (reason) return refusal(reason.code, reason.sentence);
  const words = args.map((arg) => textOf(arg) ?? '');
  const disk = words.find((word) => /\/dev\/(sd|hd|vd|xvd|nvme|mapper|dm-|md|disk)/.test(word));
  if (disk) return refusal('destructive', `${name} is given the disk ${disk}.`);
  const bad = words.find((word) => isDestructive(word));
  if (bad) return refusal('destructive', `${name} ${bad} takes something away for good.`);
  const opens = words.find((word) => givesAccess(word));
  if (opens) return refusal('access', `${name} ${opens} opens a way to run or read more than was judged.`);
  return question('unknown-command', `${name} is not described to the policy.`);
}

/** What holds for every command: no secret places, no metadata service, no sockets or values by file. */
function generalChecks(arg: Arg, name: string, run: Run, site: Site): void {
  const text = show(arg.value);
  if (!/[/@:~.]/.test(text)) return;
  const issue = generalIssue(text, literal(arg.value) !== null, /^(echo|printf|\[|test)$/.test(name));
  if (issue) report(run, site, issue);
}

function generalIssue(text: string, known: boolean, prints: boolean): Issue | null {
  if (metadata.test(text)) return refusal('secret-read', 'This address hands out the machine’s credentials.');
  if (/\/dev\/(tcp|udp)\//.test(text))
    return refusal('network-device', 'Bash opens a network connection for this path.');
  if (prints) return null;
  if (/(^|[=,])fileb?:\/\//i.test(text) || /(^|=)@([./~]|\w+\/)/.test(text)) {
    return refusal('reads-file', 'An option takes its value from a file.');
  }
  if (!known || text.includes('://') || !/[./~]|^@/.test(text)) return null;
  for (const token of text.split(/[\s=,:@'"()]+/)) {
    if (!/^[./~]|\//.test(token)) continue;
    if (token.length > 500) return question('too-long', 'This path is longer than any honest one.');
    if (isSecretPlace(token))
      return refusal('secret-read', `${token} may hold secrets or lead around the file system's rules.`);
  }
  return null;
}

type FunctionNode = Extract<Node, { is: 'function' }>;

function callFunction(name: string, own: FunctionNode, argv: readonly Arg[], run: Run, site: Site): Output {
  if (run.calls.includes(name) || run.calls.length > 8) {
    report(run, site, refusal('recursion', `${name} calls itself, which need not end.`));
    return anything;
  }
  run.notebook.called.add(own);
  const args = argv.slice(1);
  const known = args.every((arg) => !arg.splits);
  const positional = known ? args.map((arg) => arg.value) : null;
  const { positional: outer, hidden } = run.scope;
  run.scope.positional = positional;
  run.scope.hidden = new Map();
  const returns: Scope[] = [];
  const output = walk([own.body], { ...run, calls: [...run.calls, name], loops: [], returns, last: false });
  if (returns.length > 0) merge(run.scope, [fork(run.scope), ...returns]);
  unhide(run.scope);
  run.scope.positional = outer;
  run.scope.hidden = hidden;
  return output;
}
