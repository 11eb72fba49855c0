// Runs one simple command in the mind, once for each way in which it can come out, and hands it to whoever knows its name: a function of
// the script, a builtin, a wrapper, a described tool. Must never let a command go by unlisted, whatever else is wrong with it.

import { forbidden } from '../forbidden.ts';
import { isSecretPlace, metadata } from '../kinds/secrets.ts';
import { type Command, plainText } from '../plain/tree.ts';
import { givesAccess, isDestructive } from '../verbs.ts';
import { applyRule } from './apply.ts';
import { builtins } from './builtins.ts';
import { describedTools } from './described-tools.ts';
import { expandWords, picks } from './expand.ts';
import { turnsWith } from './facts.ts';
import { redirect } from './redirect.ts';
import { type Issue, list, question, type Run, refusal, report, type Site } from './run.ts';
import { judgeSets } from './sets.ts';
import {
  type Arg,
  anything,
  joinOutputs,
  literal,
  type Output,
  show,
  silent,
  textOf,
  unsure,
} from './value.ts';
import { callFunction } from './walk.ts';
import { wrappers } from './wrappers.ts';

export function runCommand(node: Command, run: Run): Output {
  const { input, quiet } = redirect(node.redirects, run);
  const inner = { ...run, input: input ?? run.input };
  const [head] = node.words;
  const name = plainText(head);
  const reads =
    name === 'read' &&
    node.sets.every(
      (set) => set.name === 'IFS' && !Array.isArray(set.value) && plainText(set.value ?? undefined) !== null,
    );
  if (!reads) judgeSets(node.sets, head !== undefined, run);
  // `$(< file)` reads; every other redirection on its own creates or empties a file.
  if (head === undefined) return input ? anything : silent;
  const loop = inner.loops.at(-1);
  const turns =
    inner.loops.length > 0 &&
    inner.loops.every((one) => one.each && turnsWith(node.words, one, run.facts)) &&
    loop !== undefined;
  const listed = head.parts.length === 1 && head.parts[0]?.is === 'list';
  const outputs = picks(node.words, inner).map((pick) => {
    const argv = expandWords(node.words, inner, pick);
    const fun = run.facts.functions.get(name ?? '');
    if (fun) return call(fun, node, run);
    // `"$@"` of a function that runs what it is given: each call of it is known. Only by its own name is a function found in there.
    if (name !== null || (listed && !run.facts.functions.has(textOf(argv[0]) ?? '')))
      return dispatch(argv, inner, node, turns);
    report(
      run,
      node,
      refusal('dynamic-command', 'Which command runs here is known only at run time. Write its name.'),
    );
    list(run, node, argv, { effect: 'unknown' });
    return anything;
  });
  const output = outputs.reduce(joinOutputs, silent);
  return quiet ? silent : outputs.length === 1 ? output : unsure(output);
}

function call(fun: Parameters<typeof callFunction>[0], node: Command, run: Run): Output {
  if (node.sets.length > 0)
    report(
      run,
      node,
      question('environment', 'A function is called with variables of its own. Set them before.'),
    );
  if (fun.pos > node.pos && run.calls.length === 0)
    report(
      run,
      node,
      refusal(
        'dynamic-command',
        `${fun.name} is called before it is defined, so bash looks for a program. Define it first.`,
      ),
    );
  return callFunction(fun, run);
}

/** Wrappers inside wrappers beyond this are meant to confuse. */
const mostWrappers = 6;
/** More arguments than this are not written by hand. */
const mostArguments = 200;

/** Judges an expanded command, whether written so or unwrapped from another one. */
export function dispatch(argv: readonly Arg[], run: Run, site: Site, turns = false): Output {
  const [first, ...args] = argv;
  const written = textOf(first);
  if (first === undefined || written === null || written === '') {
    report(
      run,
      site,
      refusal('dynamic-command', 'Which command runs here is known only at run time. Write its name.'),
    );
    list(run, site, argv, { effect: 'unknown' });
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
  const name = baseName(written, run, site);
  if (name === null) {
    list(run, site, argv, { effect: 'unknown' });
    return anything;
  }
  const builtin = builtins.get(name);
  if (builtin) {
    list(run, site, argv, { effect: 'read' });
    return builtin(argv, run, site);
  }
  const wrapper = wrappers.get(name);
  if (wrapper) return wrapper(argv, { ...run, wrapped: run.wrapped + 1 }, site, turns);
  const described = describedTools.get(name);
  if (described) return applyRule(argv, described, run, site, turns);
  list(run, site, argv, { effect: 'unknown' });
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
      ? refusal('runs-file', `${written} is a file whose contents were not judged. Write its commands here.`)
      : question('unknown-command', `${written} is not described to the policy.`),
  );
  return null;
}

function unknownCommand(name: string, args: readonly Arg[]): Issue {
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
  if (/(^|[=,])fileb?:\/\//i.test(text) || /(^|=)@([./~]|\w+\/)/.test(text))
    return refusal('reads-file', 'An option takes its value from a file. Write the value.');
  if (!known || text.includes('://') || !/[./~]|^@/.test(text)) return null;
  for (const token of text.split(/[\s=,:@'"()]+/)) {
    if (!/^[./~]|\//.test(token)) continue;
    if (token.length > 500) return question('too-long', 'This path is longer than any honest one.');
    if (isSecretPlace(token))
      return refusal('secret-read', `${token} may hold secrets or lead around the file system's rules.`);
  }
  return null;
}
