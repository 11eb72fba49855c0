// Walks a script once, and notes where its variables get their values, where it calls its functions, and what its tests prove.
// Must never leave out a place in which a variable may get a value.
import {
  type Command,
  inside,
  type Node,
  type Part,
  plainText,
  type Test,
  type Word,
} from '../plain/tree.ts';
import type { By, Facts, Giving } from './facts.ts';

type Around = { until: number; fun: Giving['fun']; input: Node | null };

export function collect(nodes: readonly Node[], around: Around, facts: Facts): void {
  for (const node of nodes) visit(node, around, facts);
}

function visit(node: Node, around: Around, facts: Facts): void {
  const only = { ...around, until: node.end };
  switch (node.is) {
    case 'assign':
      for (const { name, value, ...span } of node.sets) {
        const by = ((): By => {
          if (value === null) return { is: node.how === 'local' ? 'unset' : 'anything' };
          return Array.isArray(value) ? { is: 'list', words: value } : { is: 'word', word: value };
        })();
        // A name that is only made constant or handed on keeps what it has.
        if (value !== null || node.how === 'local' || node.how === 'strange')
          give(name, { ...span, until: around.until, fun: around.fun, by }, facts);
        for (const word of wordsOf(value)) visitWord(word, only, facts);
      }
      return;
    case 'command':
      visitCommand(node, around, facts);
      return;
    case 'sum':
      for (const name of node.sum.writes)
        give(name, { ...node, until: around.until, fun: around.fun, by: { is: 'number' } }, facts);
      for (const body of node.sum.bodies) collect(body, only, facts);
      return;
    case 'test':
      for (const word of testWords(node.test)) visitWord(word, only, facts);
      return;
    case 'pipeline': {
      const [single, more] = node.stages;
      if (single && !more) {
        visit(single, around, facts);
        return;
      }
      for (const [at, stage] of node.stages.entries())
        visit(stage, { ...around, until: stage.end, input: node.stages[at - 1] ?? null }, facts);
      return;
    }
    case 'chain': {
      visit(node.first, around, facts);
      for (const part of node.rest) visit(part.node, { ...around, until: part.node.end }, facts);
      const [then] = node.rest;
      const name = digitsOnly(node.first);
      if (name && node.rest.length === 1 && then?.operator === '||' && leaves([then.node]))
        facts.numbers.push({ name, from: node.end, to: around.until, fun: around.fun });
      return;
    }
    case 'if': {
      const [branch] = node.branches;
      const test = branch?.test.length === 1 ? branch.test[0] : undefined;
      const name = test ? digitsOnly(test) : null;
      const not = test ? digitsOnly(turned(test)) : null;
      if (name && branch?.body[0])
        facts.numbers.push({
          name,
          from: branch.body[0].pos,
          to: branch.body.at(-1)?.end ?? 0,
          fun: around.fun,
        });
      if (not && branch && node.branches.length === 1 && node.otherwise.length === 0 && leaves(branch.body))
        facts.numbers.push({ name: not, from: node.end, to: around.until, fun: around.fun });
      collect(inside(node), only, facts);
      return;
    }
    case 'for': {
      const by: By = node.range
        ? { is: 'number' }
        : node.words
          ? { is: 'loop', words: node.words }
          : { is: 'anything' };
      give(node.name, { pos: node.pos, end: node.pos, until: node.end, fun: around.fun, by }, facts);
      for (const word of node.words ?? []) visitWord(word, only, facts);
      collect(node.body, only, facts);
      return;
    }
    case 'case':
      visitWord(node.word, only, facts);
      collect(inside(node), only, facts);
      return;
    case 'while':
      collect(inside(node), only, facts);
      return;
    case 'group': {
      const from = node.redirects.some((redirect) => redirect.operator === '<<' || redirect.operator === '<');
      for (const redirect of node.redirects) visitWord(redirect.target, only, facts);
      collect(node.body, { ...(node.apart ? only : around), input: from ? null : around.input }, facts);
      return;
    }
    case 'function':
      facts.functions.set(node.name, node);
      visit(node.body, { until: node.end, fun: node, input: null }, facts);
      return;
  }
}

function visitCommand(node: Command, around: Around, facts: Facts): void {
  const only = { ...around, until: node.end };
  const [name, ...rest] = node.words.map(plainText);
  const called = (by: string, args: Word[]): void => {
    facts.calls.set(by, [...(facts.calls.get(by) ?? []), { args, fun: around.fun }]);
  };
  if (name) called(name, node.words.slice(1));
  if (name === 'trap' && rest[0]) called(rest[0], []);
  const sets = { pos: node.pos, end: node.end, until: around.until, fun: around.fun };
  if (name === 'read') {
    const names = rest.filter((word) => word !== null && /^[A-Za-z_]\w*$/.test(word));
    const line: By =
      around.input && names.length === 1 ? { is: 'line', of: around.input } : { is: 'anything' };
    for (const own of names) give(own ?? '', { ...sets, by: line }, facts);
  } else if (/^(mapfile|readarray|getopts|unset|printf|let)$/.test(name ?? ''))
    for (const own of rest)
      if (own && /^[A-Za-z_]\w*$/.test(own)) give(own, { ...sets, by: { is: 'anything' } }, facts);
  for (const set of node.sets) for (const word of wordsOf(set.value)) visitWord(word, only, facts);
  for (const word of node.words) visitWord(word, only, facts);
  for (const redirect of node.redirects) visitWord(redirect.target, only, facts);
}

function visitWord(word: Word, around: Around, facts: Facts): void {
  for (const part of word.parts) {
    for (const body of bodiesOf(part)) collect(body, { ...around, until: word.end }, facts);
    if (part.is === 'sum')
      for (const name of part.sum.writes)
        give(name, { ...word, until: around.until, fun: around.fun, by: { is: 'number' } }, facts);
  }
}

function give(name: string, giving: Giving, { given }: Facts): void {
  const known = given.get(name);
  if (known) known.push(giving);
  else given.set(name, [giving]);
}
const wordsOf = (value: Word | Word[] | null): Word[] =>
  value === null ? [] : Array.isArray(value) ? value : [value];
export const bodiesOf = (part: Part): Node[][] =>
  part.is === 'output'
    ? [part.body]
    : part.is === 'strange'
      ? part.bodies
      : part.is === 'sum'
        ? part.sum.bodies
        : [];

export function testWords(test: Test): Word[] {
  if (test.is === 'one') return [test.right];
  if (test.is === 'two') return [test.left, test.right];
  return test.is === 'logic' ? test.tests.flatMap(testWords) : testWords(test.test);
}

/** What a test says the contrary of: `! [[ … ]]` and `[[ ! … ]]`. */
function turned(node: Node): Node | null {
  if (node.is === 'test' && node.test.is === 'not') return { ...node, test: node.test.test };
  return node.is === 'pipeline' && node.negated && node.stages.length === 1 ? (node.stages[0] ?? null) : null;
}

/** The variable that `[[ $x =~ ^[0-9]+$ ]]` proves to be a number, where that is the whole test. */
function digitsOnly(node: Node | null): string | null {
  if (node?.is !== 'test' || node.test.is !== 'two' || node.test.operator !== '=~') return null;
  const [part, more] = node.test.left.parts;
  if (part?.is !== 'value' || more !== undefined || part.otherwise !== null) return null;
  return /^\^(\[0-9\]|\[1-9\]\[0-9\])(\+|\{1,\d\}|\*)\$$/.test(node.test.right.source) &&
    !/^\^\[0-9\]\*/.test(node.test.right.source)
    ? part.name
    : null;
}

/** True if control certainly does not go past these nodes. */
export function leaves(nodes: readonly Node[]): boolean {
  const last = nodes.at(-1);
  if (last?.is === 'group') return !last.apart && leaves(last.body);
  return last?.is === 'command' && /^(exit|return|continue|break)$/.test(plainText(last.words[0]) ?? '');
}
