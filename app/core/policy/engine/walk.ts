// Walks a script, every branch of it once: each command is judged with all that its arguments can be.
// Must never skip a branch because it looks unlikely.
import type { Fun, Node } from '../plain/tree.ts';
import { turnsOf } from './bounds.ts';
import { slips, unheard } from './certain.ts';
import { testWords } from './collect.ts';
import { runCommand } from './command.ts';
import { isKnownCommand, isMisleading } from './described-tools.ts';
import { expandOne, expandWords, judgeSum, picks } from './expand.ts';
import { redirect } from './redirect.ts';
import { type Loop, list, question, type Run, refusal, report } from './run.ts';
import { judgeSets } from './sets.ts';
import { judgeTest } from './test-command.ts';
import { anything, joinOutputs, type Output, silent, unsure } from './value.ts';

/** Most commands judged, each as often as it comes out otherwise. */
const mostSteps = 2000;
/** Assumed turns of a loop that nothing bounds: for the sum of waits alone. */
const assumed = 20;
/** `local -x`, `declare -rx`: an export under another name. */
const exportsToo = /^[a-z]+ (-\w+ )*-\w*x/;

/** Walks statements in order; the answer is what they print together. */
export function walk(nodes: readonly Node[], run: Run): Output {
  let output: Output = silent;
  let { maybe } = run;
  for (const [at, node] of nodes.entries()) {
    const last = run.last && at === nodes.length - 1;
    output = joinOutputs(output, step(node, { ...run, maybe: maybe || !(run.facts.stops || last), last }));
    maybe ||= slips(node, run.facts.functions);
  }
  return output;
}

/** What a substitution or a stage prints; walked once, wherever it is asked for first. */
export function printed(body: readonly Node[], run: Run): Output {
  const { outputs } = run.notebook;
  const known = outputs.get(body);
  if (known) return known;
  outputs.set(body, anything);
  const output = walk(body, { ...run, maybe: true, last: false, valuing: false });
  outputs.set(body, output);
  return output;
}

function step(node: Node, run: Run): Output {
  if (++run.notebook.steps > mostSteps) {
    report(
      run,
      node,
      refusal('too-many-steps', 'This comes out in more ways than anyone can read. Write fewer values.'),
    );
    return anything;
  }
  switch (node.is) {
    case 'command':
      return runCommand(node, run);
    case 'assign':
      if (node.how === 'local' && run.calls.length === 0)
        report(
          run,
          node,
          question(
            'not-plain',
            'Outside of a function bash refuses local, and gives it no value. Leave out local.',
          ),
        );
      judgeSets(node.sets, node.how === 'export' || exportsToo.test(node.source), run);
      return silent;
    case 'pipeline':
      return pipeline(node, run);
    case 'chain': {
      const spare = unheard(node, run.facts.functions, run.last);
      const part = (at: number): Run => ({ ...run, last: false, maybe: run.maybe || spare[at] !== false });
      const rest = node.rest.map((one, at) => step(one.node, part(at + 1)));
      return unsure([step(node.first, part(0)), ...rest].reduce(joinOutputs));
    }
    case 'group': {
      const { input, quiet } = redirect(node.redirects, run);
      const output = walk(node.body, { ...run, input: input ?? run.input });
      return quiet ? silent : output;
    }
    case 'if': {
      const may = { ...run, maybe: true };
      const bodies = node.branches.flatMap(({ test, body }) => [walk(test, may), walk(body, may)]);
      return unsure([...bodies, walk(node.otherwise, may)].reduce(joinOutputs));
    }
    case 'case': {
      expandOne(node.word, run);
      const arms = node.arms.map((arm) => {
        for (const pattern of arm.patterns) expandOne(pattern, run);
        return walk(arm.body, { ...run, maybe: true });
      });
      return unsure(arms.reduce(joinOutputs, silent));
    }
    case 'for':
      return runFor(node, run);
    case 'while':
      return runWhile(node, run);
    case 'function':
      checkName(node, run);
      return silent;
    case 'test':
      for (const pick of picks(wordsIn(node), run)) judgeTest(node.test, run, pick);
      return silent;
    case 'sum':
      judgeSets(
        node.sum.writes.map((name) => ({ ...node, name, value: null })),
        false,
        run,
      );
      judgeSum(node.sum, run);
      return silent;
  }
}

const wordsIn = ({ test }: Extract<Node, { is: 'test' }>) => testWords(test);

/** Each stage is a subshell: what it assigns is lost, what it prints is the next one's input. */
function pipeline(node: Extract<Node, { is: 'pipeline' }>, run: Run): Output {
  const maybe = run.maybe || node.negated;
  const [only, more] = node.stages;
  if (only && !more) return step(only, { ...run, maybe });
  let input = run.input;
  let output: Output = silent;
  for (const stage of node.stages) {
    output = step(stage, { ...run, maybe, last: false, input });
    run.notebook.outputs.set(stage, output);
    input = { from: 'pipe', output };
  }
  return output;
}

function inLoop(run: Run, loop: Loop, times: number): Run {
  return { ...run, maybe: true, last: false, loops: [...run.loops, loop], times: run.times * times };
}

function runFor(node: Extract<Node, { is: 'for' }>, run: Run): Output {
  judgeSets([{ ...node, value: null }], false, run);
  const known = node.words?.every((word) =>
    word.parts.every((part) => part.is !== 'list' && !(part.quote === '' && part.is !== 'text')),
  );
  if (node.words) expandWords(node.words, run);
  // `$(seq …)` is read as numbers, and runs all the same.
  if (node.range?.raw.startsWith('$'))
    list(
      run,
      node,
      node.range.raw
        .slice(2, -1)
        .split(' ')
        .map((word) => ({ value: [word], splits: false })),
      { effect: 'read' },
    );
  const times = node.range
    ? node.range.last - node.range.first + 1
    : known
      ? (node.words?.length ?? 0)
      : assumed;
  const { pos, end } = node;
  // With known words, the first turn comes for certain.
  const certain =
    known && node.range === null && times > 0 && !node.body.some((one) => slips(one, run.facts.functions));
  const inner = inLoop(run, { pos, end, each: node.range === null }, times);
  return unsure(walk(node.body, certain ? { ...inner, maybe: run.maybe } : inner));
}

/** `while` and `until`: reading lines ends with them, counting ends with the count, `true` never ends. */
function runWhile(node: Extract<Node, { is: 'while' }>, run: Run): Output {
  const turns = turnsOf(node, run);
  if (turns === 'never' && !run.bounded)
    report(
      run,
      node,
      refusal(
        'endless',
        'This loop never ends by itself. Write for i in $(seq 1 30) and leave it with break.',
      ),
    );
  else if (turns === 'unknown' && !run.bounded)
    report(
      run,
      node,
      question(
        'may-not-end',
        'Nothing in the script bounds how long this loop runs. Write for i in $(seq 1 30) and leave it with break.',
      ),
    );
  const { pos, end } = node;
  const inner = inLoop(
    run,
    { pos, end, each: turns === 'lines' },
    typeof turns === 'number' ? turns : assumed,
  );
  return joinOutputs(walk(node.test, inner), unsure(walk(node.body, inner)));
}

function checkName(node: Fun, run: Run): void {
  if (isKnownCommand(node.name) || /_handle$/.test(node.name))
    report(
      run,
      node,
      refusal(
        'shadowing',
        `A function named ${node.name} would run in the place of the command. Give it another name.`,
      ),
    );
  else if (isMisleading(node.name))
    report(
      run,
      node,
      question('shadowing', `${node.name} is also the name of a program. Give the function another name.`),
    );
  else if (run.facts.functions.get(node.name) !== node)
    report(
      run,
      node,
      refusal('redefinition', `The function ${node.name} is defined twice. Give each its own name.`),
    );
}

/** A call of a function of the script. Its body is judged once, with all that any call gives it. */
export function callFunction(fun: Fun, run: Run): Output {
  const { walked, outputs, commands } = run.notebook;
  if (run.calls.includes(fun.name) || run.calls.length > 8) {
    report(run, fun, refusal('recursion', `${fun.name} calls itself, which need not end. Write a loop.`));
    return anything;
  }
  const before = walked.get(fun.name);
  if (before) {
    for (const command of before) command.again = true;
    return outputs.get(fun) ?? anything;
  }
  const from = commands.length;
  const output = walk([fun.body], { ...run, calls: [...run.calls, fun.name], last: false });
  walked.set(fun.name, commands.slice(from));
  outputs.set(fun, output);
  return output;
}
