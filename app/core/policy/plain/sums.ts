// Arithmetic: numbers, names and operators. Bash evaluates the text of every variable that it reads here, so each name must be known.
// Must never accept text that it cannot split into these.
import type { ArithmeticExpression, WordPart } from 'unbash';
import type { Place, Reader } from './reader.ts';
import type { Sum } from './tree.ts';

const assigns = new Set(['=', '+=', '-=', '*=', '/=', '%=']);
const operators = new Set('+ - * / % < > <= >= == != && || ! ~ & | ^ << >> ,'.split(' '));
const number = /^\d{1,15}$/;
const name = /^[A-Za-z_]\w*$/;

/** The expression of `$(( ))` or `(( ))`. */
export function readSum(expression: ArithmeticExpression | undefined, place: Place, r: Reader): Sum {
  const sum: Sum = { ...r.span(place), reads: [], writes: [], bodies: [], constant: null };
  if (expression) collect(expression, sum, r);
  else r.odd(place, 'Arithmetic over nothing', 'a number, as in $(( n + 1 ))');
  const text = sum.source.replace(/^\$?\(\(|\)\)$/g, '').trim();
  // A leading zero makes it octal.
  if (/^(0|[1-9]\d{0,14})$/.test(text)) sum.constant = Number(text);
  return sum;
}

function collect(e: ArithmeticExpression, sum: Sum, r: Reader): void {
  switch (e.type) {
    case 'ArithmeticBinary':
      if (assigns.has(e.operator) ? !sets(e.left, sum, e.operator !== '=') : !operators.has(e.operator))
        code(e, r);
      else {
        if (!assigns.has(e.operator)) collect(e.left, sum, r);
        collect(e.right, sum, r);
      }
      return;
    case 'ArithmeticUnary':
      if (e.operator !== '++' && e.operator !== '--') collect(e.operand, sum, r);
      else if (!sets(e.operand, sum, true)) code(e, r);
      return;
    case 'ArithmeticTernary':
      for (const part of [e.test, e.consequent, e.alternate]) collect(part, sum, r);
      return;
    case 'ArithmeticGroup':
      collect(e.expression, sum, r);
      return;
    case 'ArithmeticWord':
      if (e.parts) for (const part of e.parts) collectPart(part, sum, r);
      else if (name.test(e.value)) sum.reads.push(e.value);
      else if (!number.test(e.value)) code(e, r);
      return;
    default:
      sum.bodies.push(r.nested(e.script, e));
      code(e, r);
  }
}

/** False where what is set is no plain variable. */
function sets(e: ArithmeticExpression, sum: Sum, reads: boolean): boolean {
  if (e.type !== 'ArithmeticWord' || e.parts || !name.test(e.value)) return false;
  sum.writes.push(e.value);
  if (reads) sum.reads.push(e.value);
  return true;
}

function collectPart(part: WordPart, sum: Sum, r: Reader): void {
  if (part.type === 'SimpleExpansion') sum.reads.push(part.text.slice(1));
  else if (part.type === 'ParameterExpansion' && !part.operation && !part.index && !part.prefix)
    sum.reads.push(part.parameter);
  else if (part.type === 'ArithmeticExpansion' && part.expression) collect(part.expression, sum, r);
  else if (part.type === 'CommandExpansion') {
    sum.bodies.push(r.nested(part.script, part));
    code(part, r);
  } else code(part, r);
}

function code(place: Place, r: Reader): void {
  r.bad(
    place,
    'arithmetic',
    'Bash evaluates this arithmetic as code. Use numbers and names of numbers only, as in $((n + 1)).',
  );
}
