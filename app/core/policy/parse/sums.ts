// Translates arithmetic. Bash evaluates the text of every variable it reads here, including command substitutions in
// subscripts, so the engine must know each name that is read.
// It must never accept text it cannot split into numbers, names and operators.
import type { ArithmeticExpression, Word as ShellWord, WordPart } from 'unbash';
import type { Sum } from './ir.ts';
import type { Reader } from './reader.ts';

const assigns = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '^=', '|=']);
const numbers = /(?<![\w#])(?:0[xX][0-9a-fA-F]+|\d+#[0-9A-Za-z@_]*|\d+)/g;

/** An expression of `$(( ))`, `(( ))` or a C-style `for`. */
export function readSum(
  expression: ArithmeticExpression | undefined,
  pos: number,
  end: number,
  r: Reader,
): Sum {
  const sum = empty(pos, end, r);
  if (expression) collect(expression, sum, r);
  const text = sum.source.replace(/^\$?\(\(|\)\)$/g, '').trim();
  if (/^-?\d{1,15}$/.test(text)) sum.constant = Number(text);
  return sum;
}

/** A word that bash evaluates as arithmetic: a subscript or a slice bound. */
export function readWordAsSum(word: ShellWord, r: Reader): Sum {
  const sum = empty(word.pos, word.end, r);
  if (word.parts) for (const part of word.parts) collectPart(part, sum, r);
  else collectText(word.value, word.pos, word.end, sum, r);
  if (/^-?\d{1,15}$/.test(word.value)) sum.constant = Number(word.value);
  return sum;
}

function empty(pos: number, end: number, r: Reader): Sum {
  return { at: r.at(pos), source: r.text(pos, end), reads: [], writes: [], outputs: [], constant: null };
}

function collect(e: ArithmeticExpression, sum: Sum, r: Reader): void {
  switch (e.type) {
    case 'ArithmeticBinary':
      if (assigns.has(e.operator)) {
        if (e.left.type === 'ArithmeticWord' && /^[A-Za-z_]\w*$/.test(e.left.value)) {
          sum.writes.push(e.left.value);
          if (e.operator !== '=') sum.reads.push(e.left.value);
        } else refuse(e.pos, e.end, r);
      } else collect(e.left, sum, r);
      collect(e.right, sum, r);
      return;
    case 'ArithmeticUnary':
      if ((e.operator === '++' || e.operator === '--') && e.operand.type === 'ArithmeticWord') {
        sum.writes.push(e.operand.value);
      }
      collect(e.operand, sum, r);
      return;
    case 'ArithmeticTernary':
      for (const part of [e.test, e.consequent, e.alternate]) collect(part, sum, r);
      return;
    case 'ArithmeticGroup':
      collect(e.expression, sum, r);
      return;
    case 'ArithmeticWord':
      if (e.parts) for (const part of e.parts) collectPart(part, sum, r);
      else collectText(e.value, e.pos, e.end, sum, r);
      return;
    case 'ArithmeticCommandExpansion':
      sum.outputs.push(r.nested(e.script, e.pos, e.end));
      return;
  }
}

function collectPart(part: WordPart, sum: Sum, r: Reader): void {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      collectText(part.value, part.pos, part.end, sum, r);
      return;
    case 'DoubleQuoted':
      for (const child of part.parts) collectPart(child, sum, r);
      return;
    case 'SimpleExpansion':
      sum.reads.push(part.text.slice(1));
      return;
    case 'ParameterExpansion':
      if (part.operation || part.index || part.prefix === '!') refuse(part.pos, part.end, r);
      else if (part.prefix !== '#') sum.reads.push(part.parameter);
      return;
    case 'CommandExpansion':
      sum.outputs.push(r.nested(part.script, part.pos, part.end));
      return;
    case 'ArithmeticExpansion':
      if (part.expression) collect(part.expression, sum, r);
      return;
    default:
      refuse(part.pos, part.end, r);
  }
}

function collectText(text: string, pos: number, end: number, sum: Sum, r: Reader): void {
  const rest = text.replace(numbers, ' ');
  // A name followed by a bracket is an array element: its subscript would be evaluated once more.
  if (/[^\w\s+\-*/%<>=!&|^~?:,()#]/.test(rest)) refuse(pos, end, r);
  for (const name of rest.match(/[A-Za-z_]\w*/g) ?? []) sum.reads.push(name);
}

function refuse(pos: number, end: number, r: Reader): void {
  r.problem(
    pos,
    end,
    'arithmetic',
    'Bash evaluates this arithmetic as code, and the policy cannot follow it.',
  );
}
