// One SELECT by its grammar: what a person reads a database's state with.
// It must never generate INTO, a lock on rows, or a call that its lists do not hold.
import { question, refusal } from '../engine/run.ts';
import { notPlain } from './reading.ts';
import { expression, list } from './sql-expressions.ts';
import { sqlFunctions, sqlReserved, sqlSecrets } from './sql-functions.ts';
import { need, peek, standing, type Tokens, take, takeOne, unread } from './sql-words.ts';

/** A query: `[WITH …] SELECT … [UNION SELECT …] [ORDER BY …] [LIMIT …]`. */
export function query(t: Tokens): void {
  if (++t.depth > 12) unread(t);
  if (take(t, 'with')) {
    do {
      identifier(t);
      need(t, 'as');
      need(t, '(');
      query(t);
      need(t, ')');
    } while (take(t, ','));
  }
  do select(t);
  while (takeOne(t, ['union all', 'union', 'intersect', 'except']));
  if (take(t, 'order by')) order(t);
  for (let part = takeOne(t, ['limit', 'offset']); part !== null; part = takeOne(t, ['limit', 'offset']))
    number(t);
  t.depth--;
}

export function order(t: Tokens): void {
  do {
    expression(t);
    takeOne(t, ['asc', 'desc']);
    if (take(t, 'nulls')) if (takeOne(t, ['first', 'last']) === null) unread(t);
  } while (take(t, ','));
}

function number(t: Tokens): void {
  if (peek(t).is !== 'number') unread(t);
  t.at++;
}

function select(t: Tokens): void {
  need(t, 'select');
  take(t, 'distinct');
  do item(t);
  while (take(t, ','));
  if (take(t, 'from')) tables(t);
  if (take(t, 'where')) expression(t);
  if (take(t, 'group by')) list(t);
  if (take(t, 'having')) expression(t);
}

function item(t: Tokens): void {
  if (take(t, '*')) return;
  const [, dot, star] = [peek(t), peek(t, 1), peek(t, 2)];
  if (dot.text === '.' && star.text === '*' && star.is === 'sign') {
    identifier(t);
    t.at += 2;
    return;
  }
  expression(t);
  alias(t, true);
}

/** `AS name`, or a name alone. */
function alias(t: Tokens, column = false): void {
  const { is, text } = peek(t);
  if (take(t, 'as')) {
    if (column && peek(t).is === 'text') t.at++;
    else identifier(t);
  } else if (is === 'name' || (is === 'word' && !sqlReserved.has(text))) identifier(t);
}

const joins = [
  'join',
  'inner join',
  'cross join',
  ...['left', 'right', 'full'].flatMap((side) => [`${side} join`, `${side} outer join`]),
];

function tables(t: Tokens): void {
  do {
    source(t);
    while (takeOne(t, joins) !== null) {
      source(t);
      if (take(t, 'on')) expression(t);
      else if (take(t, 'using')) {
        need(t, '(');
        list(t);
        need(t, ')');
      }
    }
  } while (take(t, ','));
}

function source(t: Tokens): void {
  take(t, 'lateral');
  if (take(t, '(')) {
    query(t);
    need(t, ')');
  } else if (peek(t, 1).text === '(' && peek(t).is === 'word') {
    // A call in the place of a table: the functions that make rows.
    if (!/^(generate_series|unnest)$/.test(peek(t).text)) unread(t);
    expression(t);
  } else qualified(t);
  alias(t);
}

/** A name, with its schema if there is one. */
export function qualified(t: Tokens): string {
  const parts = [identifier(t)];
  while (take(t, '.')) parts.push(identifier(t));
  if (
    parts.length > 3 ||
    (parts[0]?.toLowerCase() === 'mysql' &&
      parts.length > 1 &&
      !/^(general_log|slow_log|innodb_\w+)$/.test(parts[1] ?? ''))
  )
    notPlain(refusal('secret-read', `${parts.join('.')} holds accounts and rights.`));
  return parts.join('.');
}

/** One name; those of credentials are not read. */
export function identifier(t: Tokens): string {
  const { is, text } = peek(t);
  if (!(is === 'name' || is === 'word') || (is === 'word' && sqlReserved.has(text))) unread(t);
  if (sqlSecrets.test(text))
    notPlain(refusal('secret-read', `By its name, ${text} holds credentials or sessions.`));
  t.at++;
  return text;
}

/** A function's name; unknown ones may do anything. */
export function functionName(t: Tokens): string {
  if (take(t, 'pg_catalog .') && t.dialect !== 'pg') unread(t);
  const { text } = peek(t);
  if (!sqlFunctions[t.dialect].has(text))
    notPlain(question('sql', `The policy does not know the SQL function ${text}.`));
  t.at++;
  return text;
}

export const subquery = (t: Tokens): boolean => standing(t, 'select') || standing(t, 'with');
