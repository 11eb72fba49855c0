// Loops: known words are unrolled, everything else must show that it ends.
// It must never assume a number of turns that the script does not state.
import type { Node, Sum } from '../parse/ir.ts';
import { mayBeSet } from './assign.ts';
import { bound } from './bounds.ts';
import { slips } from './certain.ts';
import { evaluate, expandWords } from './expand.ts';
import { question, type Run, refusal, report } from './run.ts';
import { fork, items, merge, type Scope, same, setVariable } from './scope.ts';
import {
  type Arg,
  anything,
  joinOutputs,
  literal,
  type Output,
  shapeOf,
  show,
  silent,
  unsure,
  type Value,
} from './value.ts';
import { walk } from './walk.ts';

type For = Extract<Node, { is: 'for' }>;

/** More words than this are walked once, with the loop's variable known by its shape only. */
const unrolled = 24;
/** Assumed turns of a loop whose words are known only at run time: for the sum of waits alone. */
const assumed = 20;

export function runFor(node: For, run: Run): Output {
  if (!/^[A-Za-z_]\w*$/.test(node.name)) {
    report(run, node, refusal('construct', 'The variable of this loop is not a plain name.'));
  }
  mayBeSet(node.name, run, node);
  const args: Arg[] = node.words
    ? expandWords(node.words, run)
    : (items(run.scope, '@') ?? [[{ shape: 'text' as const, shown: '$@' }]]).map((value) => ({
        value,
        splits: false,
      }));
  const known = args.every((arg) => !arg.splits);
  const numbers = known && args.every((arg) => shapeOf(arg.value) === 'number');
  if (known && args.length <= unrolled && !(numbers && args.length > 8)) return unroll(node, args, run);
  const value: Value = numbers ? [{ shape: 'number', shown: `$${node.name}` }] : common(args, node.name);
  return settle(run, known ? args.length : assumed, (inner) => {
    setVariable(inner.scope, node.name, value);
    return walk(node.body, inner);
  });
}

/** One walk of the body for each word. */
function unroll(node: For, args: readonly Arg[], run: Run): Output {
  let output: Output = silent;
  const left: Scope[] = [];
  const { functions } = run.scope;
  const skips = node.body.some((one) => slips(one, functions));
  for (const [turn, arg] of args.entries()) {
    const jumped: Scope[] = [];
    setVariable(run.scope, node.name, arg.value);
    output = joinOutputs(
      output,
      walk(node.body, {
        ...run,
        turning: true,
        last: false,
        maybe: run.maybe || (skips && turn > 0),
        loops: [...run.loops, jumped],
      }),
    );
    if (jumped.length > 0) merge(run.scope, [fork(run.scope), ...jumped]);
    left.push(...jumped);
  }
  if (left.length > 0) merge(run.scope, [fork(run.scope), ...left]);
  return unsure(output);
}

/** Walks a body that runs any number of times until what is known of the variables no longer changes. */
function settle(run: Run, times: number, body: (inner: Run, exits: Scope[]) => Output): Output {
  const { waits } = run.notebook;
  for (let pass = 0; ; pass++) {
    run.notebook.waits = waits;
    const before = fork(run.scope);
    const exits: Scope[] = [];
    const inner = {
      ...run,
      turning: true,
      maybe: true,
      times: run.times * times,
      loops: [...run.loops, exits],
    };
    const output = body(inner, exits);
    merge(run.scope, [before, fork(run.scope), ...exits]);
    if (same(before, run.scope)) return unsure(output);
    if (pass < 5) continue;
    report(
      run,
      { at: { line: 1, column: 1 }, source: '' },
      refusal('too-many-steps', 'What a loop changes cannot be followed.'),
    );
    return anything;
  }
}

/** What each of several words has in common; words that split are split into words of their own shape. */
function common(args: readonly Arg[], name: string): Value {
  const shown = `$${name}`;
  const [first] = args;
  if (args.length === 1 && first && literal(first.value) === null) {
    const shape = shapeOf(first.value);
    const [piece] = first.value;
    if (shape === 'path' && typeof piece === 'object') return [{ ...piece, shown }];
    if (shape === 'name' || shape === 'number') return [{ shape, shown }];
    // A file name pattern keeps the directory it is written with.
    if (first.value.some((p) => typeof p === 'object' && p.shape === 'glob')) return first.value;
  }
  const shapes = new Set(args.map((arg) => shapeOf(arg.value)));
  if (![...shapes].every((s) => s === 'name' || s === 'number')) return [{ shape: 'text', shown }];
  return [{ shape: 'name', shown: args.length > 0 ? shown : show([]) }];
}

/** `for ((i = 0; i < 10; i++))` with plain bounds. */
export function runCount(node: Extract<Node, { is: 'count' }>, run: Run): Output {
  if (node.start) evaluate(node.start, run);
  const turns = counted(node.start, node.test, node.step);
  if (turns === null)
    report(run, node, refusal('endless', 'This loop does not state how often it runs at most.'));
  else if (turns > 1000)
    report(run, node, refusal('over-cap', `This loop runs ${turns} times; 1,000 is the most.`));
  return settle(run, turns ?? assumed, (inner, exits) => {
    if (node.test) evaluate(node.test, inner);
    exits.push(fork(inner.scope));
    const output = walk(node.body, inner);
    if (node.step) evaluate(node.step, inner);
    return output;
  });
}

function counted(start: Sum | null, test: Sum | null, step: Sum | null): number | null {
  const from = /^\s*([A-Za-z_]\w*)\s*=\s*(\d{1,9})\s*$/.exec(start?.source ?? '');
  const to = /^\s*([A-Za-z_]\w*)\s*(<=?|>=?)\s*(\d{1,9})\s*$/.exec(test?.source ?? '');
  const by = /^\s*(?:(\+\+|--)([A-Za-z_]\w*)|([A-Za-z_]\w*)(\+\+|--|\s*[+-]=\s*([1-9]\d{0,8})))\s*$/.exec(
    step?.source ?? '',
  );
  const name = by?.[2] ?? by?.[3];
  if (!from || !to || !by || from[1] !== to[1] || to[1] !== name) return null;
  const up = (by[1] ?? by[4] ?? '').trim().startsWith('+');
  if (up !== to[2]?.startsWith('<')) return null;
  return Math.max(0, Math.ceil((Math.abs(Number(to[3]) - Number(from[2])) + 1) / Number(by[5] ?? 1)));
}

/** `while` and `until`: reading lines ends with them, counting ends with the count, `true` never ends. */
export function runWhile(node: Extract<Node, { is: 'while' }>, run: Run): Output {
  const turns = bound(node, run);
  if (turns === 'never' && !run.bounded) {
    report(run, node, refusal('endless', 'This loop never ends by itself.'));
  } else if (turns === 'unknown' && !run.bounded) {
    report(run, node, question('may-not-end', 'Nothing in the script bounds how long this loop runs.'));
  }
  return settle(run, typeof turns === 'number' ? turns : assumed, (inner, exits) => {
    const output = walk(node.test, inner);
    exits.push(fork(inner.scope));
    return joinOutputs(output, walk(node.body, inner));
  });
}
