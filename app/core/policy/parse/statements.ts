// Translates statements, and with them the whole script, from the parser's tree into the policy's own picture.
// It must never pass over a node it does not know, nor over an error the parser recovered from, at any depth.
import {
  type Assignment,
  type CompoundList,
  type ParsedScript,
  parse,
  type Redirection,
  type Command as ShellCommand,
  type Statement,
  type SyntaxNode,
  type TestExpression,
} from 'unbash';
import type { Assign, Check, Node, Redirect, Script } from './ir.ts';
import { locator, type Reader } from './reader.ts';
import { readSum, readWordAsSum } from './sums.ts';
import { readParts, readWord, readWords } from './words.ts';

/** Reads a script into the policy's own picture. */
export function readScript(source: string): Script {
  const at = locator(source);
  const r: Reader = {
    at,
    text: (pos, end) => source.slice(pos, end),
    problem(pos, end, code, sentence) {
      r.problems.push({ at: r.at(pos), source: r.text(pos, Math.max(end, pos + 1)), code, sentence });
    },
    problems: [],
    commands: 0,
    posix: true,
    nested: (script, pos, end) => nested(script, pos, end, r),
  };
  const body = readTop(parse(source), r);
  return { body, problems: r.problems, commands: r.commands, posix: r.posix };
}

function readTop(script: ParsedScript, r: Reader): Node[] {
  for (const error of script.errors ?? []) {
    r.problem(error.pos, error.pos, 'syntax', `Bash would not accept this: ${error.message}.`);
  }
  return script.commands.flatMap((statement) => readStatement(statement, r));
}

function nested(script: ParsedScript | undefined, pos: number, end: number, r: Reader): Node[] {
  if (!script) {
    r.problem(pos, end, 'syntax', 'This substitution cannot be read.');
    return [];
  }
  if (script.source === undefined) return readTop(script, r);
  // Offsets inside escaped backticks count in a text of their own; everything in there is reported at the backtick.
  const own = script.source;
  const inner: Reader = { ...r, at: () => r.at(pos), text: (from, to) => own.slice(from, to) };
  inner.problem = (from, to, code, sentence) =>
    r.problems.push({ at: r.at(pos), source: own.slice(from, to), code, sentence });
  inner.nested = (s, from, to) => nested(s, from, to, inner);
  const body = readTop(script, inner);
  r.commands = inner.commands;
  r.posix = r.posix && inner.posix;
  return body;
}

function readStatement(statement: Statement, r: Reader): Node[] {
  if (statement.background) {
    r.problem(
      statement.pos,
      statement.end,
      'background',
      'A command in the background outlives what was judged.',
    );
  }
  return readNode(statement.command, r);
}

const list = (body: CompoundList, r: Reader) =>
  body.commands.flatMap((statement) => readStatement(statement, r));
const one = (nodes: Node[], at: Node extends infer _ ? { line: number; column: number } : never): Node =>
  nodes.length === 1 && nodes[0] ? nodes[0] : { is: 'group', at, body: nodes, apart: false, redirects: [] };

function readNode(node: SyntaxNode, r: Reader): Node[] {
  const at = r.at(node.pos);
  const source = r.text(node.pos, node.end);
  switch (node.type) {
    case 'Command':
      return [readCommand(node, r)];
    case 'Pipeline': {
      const stages = node.commands.map((stage) => one(readNode(stage, r), at));
      if (node.operators.includes('|&')) r.posix = false;
      return [{ is: 'pipeline', at, stages, negated: node.prefixes.some((p) => p.type === 'Negation') }];
    }
    case 'AndOr': {
      const [first, ...others] = node.commands.map((part) => one(readNode(part, r), at));
      const rest = others.map((next, i) => ({ operator: node.operators[i] ?? '&&', node: next }));
      return first ? [{ is: 'chain', first, rest }] : [];
    }
    case 'BraceGroup':
    case 'Subshell':
      return [{ is: 'group', at, body: list(node.body, r), apart: node.type === 'Subshell', redirects: [] }];
    case 'Redirected': {
      const body = readNode(node.command, r);
      return [
        { is: 'group', at, body, apart: false, redirects: node.redirects.flatMap((x) => readRedirect(x, r)) },
      ];
    }
    case 'If': {
      const branches = [node, ...node.elif].map((b) => ({ test: list(b.clause, r), body: list(b.then, r) }));
      return [{ is: 'if', branches, otherwise: node.else ? list(node.else, r) : [] }];
    }
    case 'For': {
      const words = node.wordlist ? node.wordlist.flatMap((word) => readWords(word, r)) : null;
      return [{ is: 'for', at, source, name: node.name.value, words, body: list(node.body, r) }];
    }
    case 'ArithmeticFor': {
      r.posix = false;
      const sum = (e: typeof node.test) => (e ? readSum(e, e.pos, e.end, r) : null);
      const [start, test, step] = [sum(node.initialize), sum(node.test), sum(node.update)];
      return [{ is: 'count', at, source, start, test, step, body: list(node.body, r) }];
    }
    case 'While': {
      const [test, body] = [list(node.clause, r), list(node.body, r)];
      return [{ is: 'while', at, source, until: node.kind === 'until', test, body }];
    }
    case 'Case': {
      const arms = node.items.map((item) => {
        if (item.terminator !== undefined && item.terminator !== ';;') {
          r.problem(item.pos, item.end, 'construct', 'An arm of this case runs on into the next one.');
        }
        return { patterns: item.pattern.map((word) => readWord(word, r)), body: list(item.body, r) };
      });
      return [{ is: 'case', word: readWord(node.word, r), arms }];
    }
    case 'Function': {
      if (!/^[A-Za-z_][\w-]*$/.test(node.name.text)) {
        r.problem(node.pos, node.end, 'function-name', 'The name of this function is not a plain name.');
      }
      if (source.startsWith('function')) r.posix = false;
      return [{ is: 'function', at, source, name: node.name.value, body: one(readNode(node.body, r), at) }];
    }
    case 'CompoundList':
      return list(node, r);
    case 'TestCommand': {
      r.posix = false;
      const checks: Check[] = [];
      const joined = readTest(node.expression, checks, r);
      return [{ is: 'test', at, source, checks, joined }];
    }
    case 'ArithmeticCommand':
      r.posix = false;
      return [{ is: 'sum', at, sum: readSum(node.expression, node.pos, node.end, r) }];
    default:
      r.problem(node.pos, node.end, 'construct', 'The policy does not accept this construct of the shell.');
      return [];
  }
}

/** Collects the comparisons of a test; true if they are joined or negated, so that no single one decides. */
function readTest(e: TestExpression, checks: Check[], r: Reader): boolean {
  const base = { at: r.at(e.pos), source: r.text(e.pos, e.end) };
  switch (e.type) {
    case 'TestUnary':
      checks.push({ ...base, operator: e.operator, left: null, right: readWord(e.operand, r) });
      return false;
    case 'TestBinary':
      checks.push({ ...base, operator: e.operator, left: readWord(e.left, r), right: readWord(e.right, r) });
      return false;
    case 'TestLogical':
      for (const operand of e.operands) readTest(operand, checks, r);
      return true;
    case 'TestNot':
      readTest(e.operand, checks, r);
      return true;
    case 'TestGroup':
      return readTest(e.expression, checks, r);
  }
}

function readCommand(node: ShellCommand, r: Reader): Node {
  r.commands++;
  const assigns: Assign[] = [];
  const redirects: Redirect[] = [];
  for (const part of node.prefix) {
    if (part.type === 'Assignment') assigns.push(readAssign(part, r));
    else redirects.push(...readRedirect(part, r));
  }
  const words: (Assign | ReturnType<typeof readWord>)[] = node.name ? readWords(node.name, r) : [];
  for (const part of node.suffix) {
    if (part.type === 'Word') words.push(...readWords(part, r));
    else if (part.type === 'Assignment') words.push(readAssign(part, r));
    else redirects.push(...readRedirect(part, r));
  }
  return { is: 'command', at: r.at(node.pos), source: r.text(node.pos, node.end), assigns, words, redirects };
}

function readAssign(a: Assignment, r: Reader): Assign {
  const array = a.value.type === 'ArrayValue' ? a.value : null;
  if (array || a.index || a.append) r.posix = false;
  for (const element of array?.elements ?? []) {
    if (!/^\[.*\]\+?=/s.test(element.text)) continue;
    r.problem(
      element.pos,
      element.end,
      'subscript',
      'List elements with a subscript of their own are not accepted.',
    );
  }
  return {
    at: r.at(a.pos),
    source: a.text,
    name: a.name,
    append: a.append === true,
    index: a.index ? readWordAsSum(a.index, r) : null,
    value:
      a.value.type === 'Word' ? readWord(a.value, r) : a.value.elements.flatMap((word) => readWords(word, r)),
  };
}

function readRedirect(redirect: Redirection, r: Reader): Redirect[] {
  const at = r.at(redirect.pos);
  const source = r.text(redirect.pos, redirect.end);
  if (redirect.descriptor && redirect.descriptor.type !== 'FileDescriptor') {
    r.problem(redirect.pos, redirect.end, 'redirect', 'A file descriptor is chosen at run time.');
  }
  const descriptor = redirect.descriptor?.type === 'FileDescriptor' ? redirect.descriptor.value : null;
  if (redirect.type === 'HereDoc') {
    const { body, delimiter } = redirect;
    const parts = body.parts
      ? readParts(body.parts, r)
      : [{ is: 'text', text: body.text, quoted: true } as const];
    if (!delimiter || !redirect.closing)
      r.problem(redirect.pos, redirect.end, 'syntax', 'A here-document has no end.');
    return [{ at, source, operator: '<<', descriptor, target: { at, source: '<<', parts } }];
  }
  if (redirect.operator === '<<<' || redirect.operator.startsWith('&')) r.posix = false;
  if (!redirect.target) {
    r.problem(redirect.pos, redirect.end, 'redirect', 'A redirection has no target.');
    return [];
  }
  return [{ at, source, operator: redirect.operator, descriptor, target: readWord(redirect.target, r) }];
}
