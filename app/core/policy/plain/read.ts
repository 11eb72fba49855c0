// Translates the parser's tree into the plain form, statement by statement. What has no place there is told of, and what is in it is
// read all the same. Must never pass over a node it does not know, nor over an error the parser recovered from, at any depth.
import {
  type CompoundList,
  type ParsedScript,
  parse,
  type Statement,
  type SyntaxNode,
  type TestExpression,
} from 'unbash';
import { readCommand, readRedirect } from './commands.ts';
import { type Place, type Reader, readerOf } from './reader.ts';
import { readSum } from './sums.ts';
import type { Node, Range, Script, Test } from './tree.ts';
import { readWord } from './words.ts';

export function readScript(source: string): Script {
  const r = readerOf(source, top);
  const body = top(parse(source), r);
  return { body, problems: r.problems, commands: r.size.commands, words: r.size.words };
}

function top(script: ParsedScript, r: Reader): Node[] {
  for (const error of script.errors ?? [])
    r.bad({ pos: error.pos, end: error.pos }, 'syntax', `Bash would not accept this: ${error.message}.`);
  return script.commands.flatMap((statement) => readStatement(statement, r));
}

function readStatement(statement: Statement, r: Reader): Node[] {
  if (statement.background)
    r.bad(statement, 'background', 'A command in the background outlives what was judged. Leave out the &.');
  return readNode(statement.command, r);
}

const list = (body: CompoundList, r: Reader): Node[] =>
  body.commands.flatMap((statement) => readStatement(statement, r));
const one = (nodes: Node[], place: Place, r: Reader): Node =>
  nodes.length === 1 && nodes[0]
    ? nodes[0]
    : { ...r.span(place), is: 'group', body: nodes, apart: false, redirects: [] };

function readNode(node: SyntaxNode, r: Reader): Node[] {
  const span = r.span(node);
  switch (node.type) {
    case 'Command':
      return readCommand(node, r);
    case 'Pipeline': {
      const stages = node.commands.map((stage) => one(readNode(stage, r), stage, r));
      if (node.operators.includes('|&')) r.odd(node, '|&', '2>&1 |');
      if (node.prefixes.some((p) => p.type === 'Time')) r.odd(node, 'time', 'the command alone');
      if (node.prefixes.length > 1) r.odd(node, 'More than one !', 'one or none');
      return [{ ...span, is: 'pipeline', stages, negated: node.prefixes.some((p) => p.type === 'Negation') }];
    }
    case 'AndOr': {
      const [first, ...others] = node.commands.map((part) => one(readNode(part, r), part, r));
      const rest = others.map((next, i) => ({ operator: node.operators[i] ?? '&&', node: next }));
      return first ? [{ ...span, is: 'chain', first, rest }] : [];
    }
    case 'BraceGroup':
    case 'Subshell':
      return [
        { ...span, is: 'group', body: list(node.body, r), apart: node.type === 'Subshell', redirects: [] },
      ];
    case 'Redirected': {
      const redirects = node.redirects.flatMap((redirect) => readRedirect(redirect, r));
      return [{ ...span, is: 'group', body: readNode(node.command, r), apart: false, redirects }];
    }
    case 'If': {
      const branches = [node, ...node.elif];
      const otherwise = node.else ? list(node.else, r) : [];
      const read = branches.map((b) => ({ test: list(b.clause, r), body: list(b.then, r) }));
      return [{ ...span, is: 'if', branches: read, otherwise }];
    }
    case 'For':
      return [readFor(node, r)];
    case 'While': {
      const [test, body] = [list(node.clause, r), list(node.body, r)];
      return [{ ...span, is: 'while', until: node.kind === 'until', test, body }];
    }
    case 'Case': {
      const arms = node.items.map((item) => {
        if (item.terminator !== undefined && item.terminator !== ';;')
          r.odd(item, 'An arm of a case that runs on', ';; at its end');
        return {
          patterns: item.pattern.map((word) => readWord(word, 'pattern', r)),
          body: list(item.body, r),
        };
      });
      for (const pattern of arms.flatMap((arm) => arm.patterns))
        if (pattern.parts.some((part) => part.is !== 'text' && part.is !== 'pattern'))
          r.odd(pattern, 'A pattern with a value in it', 'the pattern itself');
      return [{ ...span, is: 'case', word: readWord(node.word, 'value', r), arms }];
    }
    case 'Function': {
      if (!/^[A-Za-z_][\w-]*$/.test(node.name.text))
        r.bad(node, 'function-name', 'The name of this function is not a plain name.');
      if (span.source.startsWith('function')) r.odd(node, 'The word function', `${node.name.text}() { …; }`);
      if (node.body.type !== 'BraceGroup')
        r.odd(node, 'A function without braces', 'its body between { and }');
      const body = one(readNode(node.body, r), node.body, r);
      return [{ ...span, is: 'function', name: node.name.text, body }];
    }
    case 'CompoundList':
      return list(node, r);
    case 'TestCommand':
      return [{ ...span, is: 'test', test: readTest(node.expression, r) }];
    case 'ArithmeticCommand':
      return [{ ...span, is: 'sum', sum: readSum(node.expression, node, r) }];
    case 'ArithmeticFor': {
      r.odd(node, 'A loop over ((…))', 'for i in $(seq 1 30)');
      const sums = [node.initialize, node.test, node.update].flatMap((e) => (e ? [readSum(e, e, r)] : []));
      const heads = sums.map((sum): Node => ({ ...sum, is: 'sum', sum }));
      return [...heads, { ...span, is: 'while', until: false, test: [], body: list(node.body, r) }];
    }
    default: {
      if (node.type === 'Coproc')
        r.bad(node, 'background', 'A command in the background outlives what was judged. Leave out coproc.');
      r.odd(node, 'This construct', 'if, case, for, while or until');
      return 'body' in node && node.body.type === 'CompoundList'
        ? list(node.body, r)
        : 'body' in node
          ? readNode(node.body, r)
          : [];
    }
  }
}

function readFor(node: Extract<SyntaxNode, { type: 'For' }>, r: Reader): Node {
  const base = { ...r.span(node), is: 'for', name: node.name.text } as const;
  if (!/^[A-Za-z_]\w*$/.test(node.name.text))
    r.bad(node, 'construct', 'The variable of this loop is not a plain name.');
  const [only, ...more] = node.wordlist ?? [];
  const range = only && more.length === 0 ? rangeOf(only.text) : null;
  const words = range ? [] : (node.wordlist?.map((word) => readWord(word, 'argument', r)) ?? null);
  if (words === null) r.odd(node, 'A loop without a list', 'for x in "$@"');
  return { ...base, words, range, body: list(node.body, r) };
}

/** Numbers of which nobody can take one for anything else: from 0, and at most a thousand of them. */
function rangeOf(text: string): Range | null {
  const m = /^(?:\{(\d{1,6})\.\.(\d{1,6})\}|\$\(seq (?:(\d{1,6}) )?(\d{1,6})\))$/.exec(text);
  if (!m) return null;
  const [first, last] = [Number(m[1] ?? m[3] ?? 1), Number(m[2] ?? m[4])];
  const padded = [m[1], m[2]].some((digits) => digits !== undefined && /^0\d/.test(digits));
  return !padded && first <= last && last - first < 1000 ? { first, last, raw: text } : null;
}

function readTest(e: TestExpression, r: Reader): Test {
  const span = r.span(e);
  switch (e.type) {
    case 'TestUnary':
      return { ...span, is: 'one', operator: e.operator, right: readWord(e.operand, 'value', r) };
    case 'TestBinary': {
      const matches = /^(==?|!=|=~)$/.test(e.operator);
      const right = readWord(e.right, matches ? 'pattern' : 'value', r);
      if (matches && right.parts.some((part) => part.is === 'value' && part.quote === ''))
        r.odd(e.right, 'A value as a pattern', `"${e.right.text}"`);
      return { ...span, is: 'two', operator: e.operator, left: readWord(e.left, 'value', r), right };
    }
    case 'TestLogical':
      return {
        ...span,
        is: 'logic',
        operator: e.operator,
        tests: e.operands.map((part) => readTest(part, r)),
      };
    case 'TestNot':
      return { ...span, is: 'not', test: readTest(e.operand, r) };
    case 'TestGroup':
      return { ...span, is: 'group', test: readTest(e.expression, r) };
  }
}
