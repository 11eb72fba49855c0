// Prints the tree that was judged. What is printed says all that was understood of the script and nothing else, so that another reader of
// bash can be asked whether it reads the same. Must never copy a piece of the script that is not in the tree.
import type { Assign, Node, Redirect, Sum, Test, Word } from './tree.ts';
import { written } from './words.ts';

/** Between statements. A line break inside a word is a character like any other, and no here-document begins behind it. */
const BREAK = '\u0000';
/** Around the text of a here-document, until the line is known behind which it stands. No script that is judged holds one of these. */
const [OPEN, CLOSE] = ['\u0001', '\u0002'];

/** Ends with a line break. Here-documents follow the line that they belong to. */
export const print = (body: readonly Node[]): string => laidOut(`${lines(body, 0)}${BREAK}`);

/** Puts each here-document behind the next line break, where bash looks for it. */
function laidOut(text: string): string {
  const pieces = text.split(new RegExp(`(${BREAK}|${OPEN}[^${CLOSE}]*${CLOSE})`));
  let waiting = '';
  const out = pieces.map((piece) => {
    if (piece.startsWith(OPEN)) {
      waiting += piece.slice(1, -1);
      return '';
    }
    if (piece !== BREAK) return piece;
    const documents = waiting;
    waiting = '';
    return `\n${documents}`;
  });
  return out.join('') + (waiting === '' ? '' : `\n${waiting}`);
}

/** Bash's own print keeps what stands on one line there, too. */
function lines(body: readonly Node[], depth: number): string {
  const ends = body.map(({ at, source }) => at.line + source.split('\n').length - 1);
  const between = (at: number): string =>
    body[at + 1]?.at.line === ends[at] ? '; ' : `${BREAK}${pad(depth)}`;
  return body.map((node, at) => statement(node, depth) + (at < body.length - 1 ? between(at) : '')).join('');
}

const pad = (depth: number): string => '  '.repeat(depth);

/** One statement with all its lines, its here-documents behind its last one. */
function line(node: Node, depth: number): string {
  const text = statement(node, depth);
  return pad(depth) + text;
}

const block = (nodes: readonly Node[], depth: number): string =>
  nodes.map((node) => `${line(node, depth)}${BREAK}`).join('');

function statement(node: Node, depth: number): string {
  const inner = depth + 1;
  switch (node.is) {
    case 'command':
      return withRedirects(
        [...node.sets.map((set) => assign(set, depth)), ...node.words.map((one) => word(one, depth))].join(
          ' ',
        ),
        node.redirects,
        depth,
      );
    case 'assign':
      return [...(node.how === '' ? [] : [node.how]), ...node.sets.map((set) => assign(set, depth))].join(
        ' ',
      );
    case 'pipeline':
      return (
        (node.negated ? '! ' : '') +
        joined(
          node.stages,
          node.stages.slice(1).map(() => ' | '),
          depth,
        )
      );
    case 'chain':
      return joined(
        [node.first, ...node.rest.map((part) => part.node)],
        node.rest.map((part) => ` ${part.operator} `),
        depth,
      );
    case 'group': {
      const [only] = node.body;
      // A redirection of a whole loop or branch stands behind it.
      const alone =
        node.body.length === 1 &&
        only &&
        node.redirects.length > 0 &&
        /^(if|for|while|case|group|test|sum)$/.test(only.is) &&
        only.source === node.source.slice(0, only.source.length);
      const body = alone
        ? statement(only, depth)
        : node.apart
          ? `(${BREAK}${block(node.body, inner)}${pad(depth)})`
          : `{${BREAK}${block(node.body, inner)}${pad(depth)}}`;
      return withRedirects(body, node.redirects, depth);
    }
    case 'if': {
      const branches = node.branches.map(
        ({ test, body }, at) =>
          `${at === 0 ? 'if' : 'elif'} ${tests(test, depth)}; then${BREAK}${block(body, inner)}${pad(depth)}`,
      );
      const otherwise =
        node.otherwise.length > 0 ? `else${BREAK}${block(node.otherwise, inner)}${pad(depth)}` : '';
      return `${branches.join('')}${otherwise}fi`;
    }
    case 'for': {
      const words = node.range ? [node.range.raw] : (node.words ?? []).map((one) => word(one, depth));
      return `for ${node.name} in ${words.join(' ')}; do${BREAK}${block(node.body, inner)}${pad(depth)}done`;
    }
    case 'while':
      return `${node.until ? 'until' : 'while'} ${tests(node.test, depth)}; do${BREAK}${block(node.body, inner)}${pad(depth)}done`;
    case 'case': {
      const arms = node.arms.map(
        ({ patterns, body }) =>
          `${pad(inner)}${patterns.map((one) => word(one, depth)).join(' | ')})${BREAK}${block(body, inner + 1)}${pad(inner + 1)};;${BREAK}`,
      );
      return `case ${word(node.word, depth)} in${BREAK}${arms.join('')}${pad(depth)}esac`;
    }
    case 'function':
      return `${node.name}() ${statement(node.body, depth)}`;
    case 'test':
      return `[[ ${test(node.test, depth)} ]]`;
    case 'sum':
      return `((${inside(node.sum)}))`;
  }
}

const tests = (nodes: readonly Node[], depth: number): string =>
  nodes.map((node) => statement(node, depth)).join('; ');
const inside = ({ source }: Sum): string => source.replace(/^\(\(|\)\)$/g, '');

function joined(nodes: readonly Node[], between: readonly string[], depth: number): string {
  return nodes.map((node, at) => statement(node, depth) + (between[at] ?? '')).join('');
}

const word = (one: Word, depth: number): string => written(one, (body) => substituted(body, depth));
/** What bash keeps of a substitution is its own print of it. */
const substituted = (body: readonly Node[], depth: number): string => `$(${laidOut(lines(body, depth))})`;

function assign({ name, value }: Assign, depth: number): string {
  if (value === null) return name;
  return `${name}=${Array.isArray(value) ? `(${value.map((one) => word(one, depth)).join(' ')})` : word(value, depth)}`;
}

function test(one: Test, depth: number): string {
  if (one.is === 'one') return `${one.operator} ${word(one.right, depth)}`;
  if (one.is === 'two') return `${word(one.left, depth)} ${one.operator} ${word(one.right, depth)}`;
  if (one.is === 'logic') return one.tests.map((part) => test(part, depth)).join(` ${one.operator} `);
  return one.is === 'not' ? `! ${test(one.test, depth)}` : `( ${test(one.test, depth)} )`;
}

function withRedirects(text: string, redirects: readonly Redirect[], depth: number): string {
  const heads = redirects.map(({ operator, descriptor, target, ends }) => {
    const before = descriptor ?? '';
    if (operator === '<<') return `${before}<<'${ends}'`;
    return operator === '>&'
      ? `${before}>&${word(target, depth)}`
      : `${before}${operator} ${word(target, depth)}`;
  });
  const documents = redirects.flatMap(({ operator, target, ends }) =>
    operator === '<<' ? [`${OPEN}${target.parts[0]?.raw ?? ''}${ends}\n${CLOSE}`] : [],
  );
  return [...(text === '' ? [] : [text]), ...heads].join(' ') + documents.join('');
}
