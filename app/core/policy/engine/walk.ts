// Walks a script the way bash runs it, branch by branch, so that each command is judged with what its arguments can
// be at that point. Loops over known words and calls of functions are unrolled.
// It must never skip a branch because it looks unlikely.
import type { Node } from '../parse/ir.ts';
import { slips, unheard } from './certain.ts';
import { runCommand } from './command.ts';
import { isKnownCommand, isMisleading } from './described-tools.ts';
import { evaluate, expandOne } from './expand.ts';
import { leaves } from './flow.ts';
import { runCount, runFor, runWhile } from './loops.ts';
import { redirect } from './redirect.ts';
import { question, type Run, refusal, report } from './run.ts';
import { forget, fork, merge, type Scope } from './scope.ts';
import { runTest } from './test-command.ts';
import { anything, joinOutputs, type Output, silent, unsure } from './value.ts';

/** Most commands evaluated once loops and functions are unrolled. */
const mostSteps = 4000;

/** Walks statements in order; the answer is what they print together. */
export function walk(nodes: readonly Node[], run: Run): Output {
  let output: Output = silent;
  let { maybe } = run;
  for (const [at, node] of nodes.entries()) {
    const last = run.last && at === nodes.length - 1;
    output = joinOutputs(output, step(node, { ...run, maybe: maybe || !(run.heard || last), last }));
    maybe ||= slips(node, run.scope.functions);
  }
  return output;
}

function step(node: Node, run: Run): Output {
  if (++run.notebook.steps > mostSteps) {
    const site = 'at' in node && 'source' in node ? node : { at: { line: 1, column: 1 }, source: '' };
    report(
      run,
      site,
      refusal('too-many-steps', 'Loops and functions unroll to more commands than anyone can read.'),
    );
    return anything;
  }
  switch (node.is) {
    case 'command':
      return runCommand(node, run);
    case 'pipeline':
      return pipeline(node, run);
    case 'chain':
      return chain(node, run);
    case 'group': {
      const scope = node.apart ? fork(run.scope) : run.scope;
      const { input, quiet } = redirect(node.redirects, run);
      const output = walk(node.body, { ...run, scope, input: input ?? run.input });
      return quiet ? silent : output;
    }
    case 'if':
      return choose(node, { ...run, maybe: true });
    case 'case': {
      expandOne(node.word, run);
      const ends = [fork(run.scope)];
      let output: Output = silent;
      for (const arm of node.arms) {
        for (const pattern of arm.patterns) expandOne(pattern, run);
        const scope = fork(run.scope);
        output = joinOutputs(output, walk(arm.body, { ...run, scope, maybe: true }));
        if (!leaves(arm.body)) ends.push(scope);
      }
      merge(run.scope, ends);
      return unsure(output);
    }
    case 'for':
      return runFor(node, run);
    case 'count':
      return runCount(node, run);
    case 'while':
      return runWhile(node, run);
    case 'function': {
      run.notebook.defined.add(node);
      if (isKnownCommand(node.name) || /_handle$/.test(node.name)) {
        report(
          run,
          node,
          refusal('shadowing', `A function named ${node.name} would run in the place of the command.`),
        );
      } else if (isMisleading(node.name)) {
        report(run, node, question('shadowing', `${node.name} is also the name of a program.`));
      } else if (run.scope.functions.has(node.name)) {
        report(run, node, question('redefinition', `The function ${node.name} is defined twice.`));
      }
      run.scope.functions.set(node.name, node);
      return silent;
    }
    case 'test':
      runTest(node.checks, run);
      return silent;
    case 'sum':
      evaluate(node.sum, run);
      return silent;
  }
}

/** Each stage is a subshell: what it assigns is lost, what it prints is the next one's input. */
function pipeline(node: Extract<Node, { is: 'pipeline' }>, run: Run): Output {
  const maybe = run.maybe || node.negated;
  if (node.stages.length === 1 && node.stages[0]) return step(node.stages[0], { ...run, maybe });
  let input = run.input;
  let output: Output = silent;
  for (const stage of node.stages) {
    output = step(stage, { ...run, maybe, last: false, scope: fork(run.scope), input });
    input = { from: 'pipe', output };
  }
  return output;
}

/** `a && b || c`: what follows an operator may or may not run. */
function chain(node: Extract<Node, { is: 'chain' }>, run: Run): Output {
  const spare = unheard(node, run.scope.functions, run.last);
  const part = (at: number): Run => ({ ...run, last: false, maybe: run.maybe || spare[at] !== false });
  let output = step(node.first, part(0));
  let certain = digitsOnly(node.first);
  for (const [at, { operator, node: next }] of node.rest.entries()) {
    const scope = fork(run.scope);
    if (operator === '&&' && certain) forget(scope, certain, true);
    output = joinOutputs(output, step(next, { ...part(at + 1), scope }));
    if (leaves([next])) {
      if (operator === '||' && certain) forget(run.scope, certain, true);
    } else if (operator === '&&' && certain)
      merge(run.scope, [restored(scope, run.scope, certain), fork(run.scope)]);
    else merge(run.scope, [scope, fork(run.scope)]);
    certain = null;
  }
  return unsure(output);
}

function choose(node: Extract<Node, { is: 'if' }>, run: Run): Output {
  const ends: Scope[] = [];
  let output: Output = silent;
  for (const branch of node.branches) {
    output = joinOutputs(output, walk(branch.test, run));
    const scope = fork(run.scope);
    const only = branch.test.length === 1 && branch.test[0] ? digitsOnly(branch.test[0]) : null;
    if (only) forget(scope, only, true);
    output = joinOutputs(output, walk(branch.body, { ...run, scope }));
    if (!leaves(branch.body)) ends.push(only ? restored(scope, run.scope, only) : scope);
  }
  const scope = fork(run.scope);
  output = joinOutputs(output, walk(node.otherwise, { ...run, scope }));
  if (!leaves(node.otherwise)) ends.push(scope);
  merge(run.scope, ends);
  return unsure(output);
}

/** The variable that `[[ $x =~ ^[0-9]+$ ]]` proves to be a number, where that is the whole test. */
function digitsOnly(node: Node): string | null {
  if (node.is !== 'test' || node.joined || node.checks.length !== 1) return null;
  const [check] = node.checks;
  const [part] = check?.left?.parts ?? [];
  if (check?.operator !== '=~' || check.left?.parts.length !== 1 || part?.is !== 'variable') return null;
  if (part.access.how !== 'plain' || !/^\^\[(0-9|\[:digit:\])\]\+\$$/.test(check.right.source)) return null;
  return part.name;
}

/** Takes back what was known inside a branch only, unless the branch itself set the variable anew. */
function restored(scope: Scope, before: Scope, name: string): Scope {
  const old = before.variables.get(name);
  if (old) scope.variables.set(name, old);
  else scope.variables.delete(name);
  return scope;
}
