// Ending sessions in PostgreSQL and MySQL: the closed forms of it, their conditions in any order and case.
// It must never end a session of another database than the statement names.
import { type Issue, question, refusal } from '../engine/run.ts';
import { notPlain } from './reading.ts';
import { condition } from './sql-expressions.ts';
import { identifier } from './sql-select.ts';
import { need, peek, standing, type Tokens, take, takeOne, unread } from './sql-words.ts';

/** The sessions that end: those of a database, or one by its number. */
export type Ended = { target: string; named: boolean; issue: Issue | null };

const cure =
  "add state = 'idle' and state_change < now() - interval '15 minutes', or query_start < now() - interval '15 minutes'";
const ends = ['pg_terminate_backend (', 'pg_cancel_backend ('];

/** A session by its number: only a person can say whose it is. */
const single = (number: string): Ended => ({
  target: `session ${number}`,
  named: false,
  issue: question('session', `Whose session ${number} is, only the server knows; a person must look.`),
});

/** True if the statement that begins here calls a function that ends sessions. */
export function endsSessions(t: Tokens): boolean {
  const end = t.list.findIndex(({ is, text }, at) => at >= t.at && is === 'sign' && text === ';');
  return t.list
    .slice(t.at, end < 0 ? undefined : end)
    .some(({ is, text }) => is === 'word' && /^pg_(terminate|cancel)_backend$/.test(text));
}

/** `KILL [QUERY|CONNECTION] n`. */
export function kill(t: Tokens): Ended {
  need(t, 'kill');
  takeOne(t, ['query', 'connection']);
  const { is, text } = peek(t);
  if (is !== 'number') unread(t);
  t.at++;
  return single(text);
}

/** `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE …`, and the same with pg_cancel_backend. */
export function endSessions(t: Tokens): Ended {
  need(t, 'select');
  let number: string | null = null;
  do {
    if (takeOne(t, ends) === null) identifier(t);
    else if (peek(t).is === 'number') {
      number = peek(t).text;
      t.at++;
      need(t, ')');
    } else need(t, 'pid )');
    if (take(t, 'as')) identifier(t);
  } while (take(t, ','));
  if (number !== null) return single(number);
  need(t, 'from');
  take(t, 'pg_catalog .');
  need(t, 'pg_stat_activity');
  if (!standing(t, 'where')) nowhere();
  need(t, 'where');
  const found = conditions(t);
  const { database } = found;
  if (database === undefined) return nowhere();
  const resting = found.idle ? found.waited >= 5 : found.since >= 5;
  const issue = !found.others
    ? question('session', 'This ends its own session too; add pid <> pg_backend_pid().')
    : resting
      ? null
      : question('session', `This cuts off sessions that have only begun their work; ${cure}.`);
  return { target: database, named: true, issue };
}

const nowhere = (): never =>
  notPlain(
    refusal(
      'foreign-target',
      `This ends sessions of every database; add datname = '…' with the inventory's database, and ${cure}.`,
    ),
  );

/** `waited`: minutes without a change of state; `since`: minutes since the query or transaction began, or `waited`. */
type Conditions = {
  database: string | undefined;
  idle: boolean;
  others: boolean;
  waited: number;
  since: number;
};

/** Conditions joined by AND: each can only leave sessions out, so that the known ones hold whatever the others say. */
function conditions(t: Tokens): Conditions {
  const found: Conditions = { database: undefined, idle: false, others: false, waited: 0, since: 0 };
  do {
    const from = t.at;
    condition(t);
    const text = t.list
      .slice(from, t.at)
      .map((token) => (token.is === 'text' ? `'${token.text}'` : token.text))
      .join(' ')
      .replace(/^\( ([^()]*(?:\( \)[^()]*)*) \)$/, '$1');
    found.database ??= /^datname = '([A-Za-z_][\w-]{0,62})'$/.exec(text)?.[1];
    found.idle ||=
      /^state (= 'idle[a-z ]*(\(aborted\))?'|like 'idle%'|in \( 'idle[a-z ]*'( , 'idle[a-z ]*(\(aborted\))?')* \))$/.test(
        text,
      );
    found.others ||= /^(pid (<>|!=) pg_backend_pid \( \)|pg_backend_pid \( \) (<>|!=) pid)$/.test(text);
    const [, column = '', minutes] = age(text);
    if (column === 'state_change') found.waited = Math.max(found.waited, minutes);
    if (column !== '') found.since = Math.max(found.since, minutes);
  } while (take(t, 'and'));
  return found;
}

/** What has lasted for how many minutes, if the condition says so. */
function age(text: string): [null, string, number] {
  const clock = String.raw`(?:now \( \)|current_timestamp|clock_timestamp \( \))`;
  const column = '(state_change|query_start|xact_start)';
  const span = String.raw`interval '(\d{1,4}) (minute|hour|day)s?'`;
  const found =
    new RegExp(`^${column} <=? ${clock} - ${span}$`).exec(text) ??
    new RegExp(String.raw`^\(? ?${clock} - ${column} ?\)? >=? ${span}$`).exec(text);
  const units: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
  return [null, found?.[1] ?? '', Number(found?.[2] ?? 0) * (units[found?.[3] ?? ''] ?? 0)];
}
