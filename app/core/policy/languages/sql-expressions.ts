// The expressions of a SELECT: columns, literals, comparisons, arithmetic, and calls of known functions.
// It must never read an operator, a keyword or a variable that the grammar does not hold.
import { question } from '../engine/run.ts';
import { notPlain } from './reading.ts';
import { sqlConstants, sqlReserved, sqlTypes } from './sql-functions.ts';
import { functionName, identifier, order, qualified, query, subquery } from './sql-select.ts';
import { need, peek, type Tokens, take, takeOne, unread } from './sql-words.ts';

const compares = ['=', '<>', '!=', '<=', '>=', '<', '>', 'is not distinct from', 'is distinct from'];
const matches = [
  'not like',
  'like',
  'not ilike',
  'ilike',
  'not in',
  'in',
  'not between',
  'between',
  'regexp',
  'rlike',
  'not regexp',
  '~',
  '~*',
  '!~',
  '!~*',
];
const arithmetic = ['+', '-', '*', '/', '%', '||', '->', '->>', 'div'];

export function expression(t: Tokens): void {
  if (++t.depth > 24) unread(t);
  do condition(t);
  while (takeOne(t, ['and', 'or']) !== null);
  t.depth--;
}

export function condition(t: Tokens): void {
  while (take(t, 'not'));
  sum(t);
  for (;;) {
    if (takeOne(t, ['is not null', 'is null', 'is not true', 'is true', 'is not false', 'is false']) !== null)
      continue;
    if (takeOne(t, compares) !== null) {
      if (takeOne(t, ['any', 'all', 'some']) !== null) bracket(t);
      else sum(t);
      continue;
    }
    const match = takeOne(t, matches);
    if (match === null) return;
    if (match.endsWith('in')) bracket(t);
    else {
      sum(t);
      if (match.endsWith('between')) {
        need(t, 'and');
        sum(t);
      }
    }
  }
}

/** `(SELECT …)` or `(a, b)`. */
function bracket(t: Tokens): void {
  need(t, '(');
  if (subquery(t)) query(t);
  else list(t);
  need(t, ')');
}

export function list(t: Tokens): void {
  do expression(t);
  while (take(t, ','));
}

function sum(t: Tokens): void {
  do value(t);
  while (takeOne(t, arithmetic) !== null);
}

function value(t: Tokens): void {
  while (takeOne(t, ['-', '+']) !== null);
  atom(t);
  while (take(t, '::')) type(t);
}

function type(t: Tokens): void {
  if (!sqlTypes.has(peek(t).text)) unread(t);
  t.at++;
  take(t, 'precision');
  if (take(t, '(')) {
    list(t);
    need(t, ')');
  }
  take(t, '[ ]');
}

function atom(t: Tokens): void {
  const { is, text } = peek(t);
  if (is === 'number' || is === 'text') t.at++;
  else if (is === 'sign' && text === '(') bracket(t);
  else if (is === 'sign' && text === '@@') setting(t);
  else if (is === 'name') qualified(t);
  else if (is !== 'word') unread(t);
  else if (take(t, 'case')) cases(t);
  else if (take(t, 'exists')) bracket(t);
  else if (take(t, 'interval')) interval(t);
  else if (take(t, 'cast')) {
    need(t, '(');
    expression(t);
    need(t, 'as');
    type(t);
    need(t, ')');
  } else if (take(t, 'extract')) {
    need(t, '(');
    identifier(t);
    need(t, 'from');
    expression(t);
    need(t, ')');
  } else if (take(t, 'array [')) {
    list(t);
    need(t, ']');
  } else if (/^(date|timestamp|timestamptz|time)$/.test(text) && peek(t, 1).is === 'text') t.at += 2;
  else if (peek(t, 1).text === '(' || (text === 'pg_catalog' && peek(t, 3).text === '(')) call(t);
  else if (sqlConstants.has(text)) t.at++;
  else if (sqlReserved.has(text)) unread(t);
  else qualified(t);
}

/** A server's setting, `@@global.max_connections`; not one that is assigned to, which has a single @. */
function setting(t: Tokens): void {
  if (t.dialect !== 'mysql') unread(t);
  t.at++;
  qualified(t);
}

function cases(t: Tokens): void {
  if (peek(t).text !== 'when') expression(t);
  while (take(t, 'when')) {
    expression(t);
    need(t, 'then');
    expression(t);
  }
  if (take(t, 'else')) expression(t);
  need(t, 'end');
}

/** `'15 minutes'` in PostgreSQL, `15 minute` in MySQL. */
function interval(t: Tokens): void {
  if (peek(t).is !== 'text' && peek(t).is !== 'number') unread(t);
  t.at++;
  if (t.dialect === 'mysql' && !/^(second|minute|hour|day|week|month|year)$/.test(peek(t).text)) unread(t);
  if (t.dialect === 'mysql') t.at++;
}

/** A known function with its arguments and, for those that gather rows, what stands behind them. */
function call(t: Tokens): void {
  const name = functionName(t);
  need(t, '(');
  if (name === 'generate_series') limits(t);
  if (!take(t, '*') && peek(t).text !== ')') {
    take(t, 'distinct');
    list(t);
    if (take(t, 'order by')) order(t);
    if (t.dialect === 'mysql' && take(t, 'separator')) t.at++;
  }
  need(t, ')');
  if (take(t, 'within group (')) {
    need(t, 'order by');
    order(t);
    need(t, ')');
  }
  if (take(t, 'filter (')) {
    need(t, 'where');
    expression(t);
    need(t, ')');
  }
  if (!take(t, 'over')) return;
  need(t, '(');
  if (take(t, 'partition by')) list(t);
  if (take(t, 'order by')) order(t);
  need(t, ')');
}

/** How many rows it makes must be seen. */
function limits(t: Tokens): void {
  for (let ahead = 0; peek(t, ahead).text !== ')'; ahead++) {
    const { is, text } = peek(t, ahead);
    if (!((is === 'number' && text.length <= 6) || text === ','))
      notPlain(question('over-cap', 'generate_series is read with written numbers up to 999999.'));
  }
}
