// Judges the SQL of a client's command line: SELECT, SHOW, EXPLAIN, and the maintenance and ending of sessions below.
// It must never accept a statement that its grammar does not generate: what it cannot read may write.
import { type Issue, question, refusal } from '../engine/run.ts';
import { NotPlain, notPlain, understood } from './reading.ts';
import { sqlSecrets } from './sql-functions.ts';
import { identifier, qualified, query, subquery } from './sql-select.ts';
import { type Ended, endSessions, endsSessions, kill } from './sql-sessions.ts';
import {
  type Dialect,
  need,
  peek,
  standing,
  type Tokens,
  take,
  takeOne,
  tokens,
  unread,
} from './sql-words.ts';

export type SqlFound = {
  issue: Issue | null;
  /** The effect of what is changed; null when the statements only read. */
  effect: 'database.maintain' | 'session.end' | null;
  /** What is changed. */
  targets: string[];
  /** False for a session by its number, which no inventory names. */
  named: boolean;
};

/** Words that say of an unread statement that it changes something, or reaches beyond the tables. */
const changes =
  /\b(insert|update|delete|drop|truncate|alter|create|grant|revoke|copy|merge|load|lock|rename|call|do|execute|prepare|outfile|dumpfile|into|comment|security|reassign|import|handler|install|uninstall|purge|reset|flush|shutdown|kill|change|stop|start|listen|notify|cluster|refresh|discard|set|vacuum|reindex|optimize|repair|program)\b/;
const outside =
  /\b(pg_read_\w+|pg_ls_\w+|pg_stat_file|pg_execute\w*|pg_file\w*|lo_\w+|dblink\w*|load_file|sys_exec|sys_eval|xp_\w+|sp_oacreate|\w+_to_xml\w*|copy_from|set_config|pg_reload_conf|pg_rotate_logfile|pg_promote|pg_switch_wal|pg_create_\w+|pg_drop_\w+|pg_terminate_backend|pg_cancel_backend|setval|nextval|benchmark|sleep|pg_sleep\w*|get_lock|pg_advisory\w*|pg_notify)\b/;
/** Commands of the mysql client, which takes some of them at the beginning of any line. */
const client =
  /^(charset|clear|connect|delimiter|edit|ego|exit|go|help|nopager|notee|nowarning|pager|print|prompt|query_attributes|quit|rehash|resetconnection|source|status|system|tee|use|warnings)$/;

/** Judges all statements of one text. */
export function checkSql(sql: string, dialect: Dialect): SqlFound {
  const found: SqlFound = { issue: null, effect: null, targets: [], named: true };
  let words = '';
  const read = understood(sql, () => {
    const list = tokens(withoutClient(sql, dialect), dialect);
    words = list.flatMap(({ is, text }) => (is === 'word' ? [text] : [])).join(' ');
    statements({ list, at: 0, dialect, depth: 0 }, found);
    return null;
  });
  if (!(read instanceof NotPlain)) return found;
  const { issue } = read;
  const unsaid = issue.level === 'review' && issue.code !== 'locks-rows' ? words || sql.toLowerCase() : '';
  if (outside.test(unsaid))
    return {
      ...found,
      issue: refusal(
        'sql',
        'This statement calls a function that reaches outside the tables, waits or ends other sessions.',
      ),
    };
  if (changes.test(unsaid))
    return {
      ...found,
      issue: refusal('destructive', 'This statement changes or removes data, rights or settings.'),
    };
  return { ...found, issue };
}

/** Commands of psql stand on lines of their own; those of mysql that end a statement stand at the end. */
function withoutClient(sql: string, dialect: Dialect): string {
  if (dialect === 'mysql') return sql.replace(/\\[gG]\s*$/, ';');
  const harmless =
    /^[ \t]*\\(conninfo|timing( on| off)?|x( on| off)?|l\+?|d[tivmnxuf]?\+?( [\w.*]+)?|q|pset pager off)[ \t]*$/gm;
  return sql.replace(harmless, '');
}

function statements(t: Tokens, found: SqlFound): void {
  while (peek(t).is !== 'end') {
    if (take(t, ';')) continue;
    const from = t.at;
    statement(t, found);
    if (peek(t).is !== 'end' && !take(t, ';')) beyond(t);
    if (t.dialect !== 'mysql') continue;
    const odd = t.list
      .slice(from + 1, t.at)
      .find(({ is, text, line }) => line && is === 'word' && client.test(text));
    if (odd)
      notPlain(
        question(
          'sql',
          `At the beginning of a line, ${odd.raw} may be a command of the client; write the statement on one line.`,
        ),
      );
  }
}

/** Where a statement goes on after its grammar has ended. */
function beyond(t: Tokens): never {
  if (take(t, 'for') || take(t, 'lock'))
    notPlain(question('locks-rows', 'This statement locks rows; leave the lock out.'));
  if (take(t, 'into')) notPlain(refusal('destructive', 'This statement writes a table, file or variable.'));
  return unread(t);
}

function statement(t: Tokens, found: SqlFound): void {
  if (endsSessions(t)) ending(endSessions(t), found);
  else if (standing(t, 'kill') && t.dialect === 'mysql') ending(kill(t), found);
  else if (subquery(t)) query(t);
  else if (takeOne(t, maintenance[t.dialect]) !== null) {
    const from = t.at;
    qualified(t);
    found.effect = 'database.maintain';
    // PostgreSQL reads names without quotes in lower case; whether MySQL does depends on its machine.
    found.targets.push(
      t.list
        .slice(from, t.at)
        .map((token) => (token.is === 'name' || t.dialect === 'pg' ? token.text : token.raw))
        .join(''),
    );
  } else if (take(t, 'explain')) explain(t);
  else if (t.dialect === 'mysql' && takeOne(t, ['describe', 'desc']) !== null) qualified(t);
  else if (t.dialect === 'mysql' && take(t, 'use')) {
    if (identifier(t).toLowerCase() === 'mysql')
      notPlain(refusal('secret-read', 'The database mysql holds accounts and rights.'));
  } else fixed(t);
}

function ending(ended: Ended, found: SqlFound): void {
  found.effect = 'session.end';
  found.targets.push(ended.target);
  found.named = ended.named;
  found.issue = ended.issue;
}

const maintenance: Readonly<Record<Dialect, readonly string[]>> = {
  pg: [
    'vacuum ( analyze )',
    'vacuum ( verbose )',
    'vacuum ( analyze , verbose )',
    'vacuum ( verbose , analyze )',
    'vacuum verbose analyze',
    'vacuum analyze',
    'vacuum verbose',
    'vacuum',
    'analyze verbose',
    'analyze',
    'reindex table concurrently',
    'reindex index concurrently',
    'refresh materialized view concurrently',
  ],
  mysql: ['analyze table', 'analyze local table', 'optimize table', 'optimize local table', 'check table'],
};

const options =
  'analyze verbose costs buffers timing summary settings wal format on off true false json text yaml tree traditional'.split(
    ' ',
  );

/** EXPLAIN runs a SELECT at most, so its options may be any of the list. */
function explain(t: Tokens): void {
  const brackets = take(t, '(');
  while (takeOne(t, options) !== null || take(t, '=') || (brackets && take(t, ',')));
  if (brackets) need(t, ')');
  if (subquery(t)) query(t);
  else if (t.dialect === 'mysql' && !brackets) qualified(t);
  else unread(t);
}

const name = String.raw`[a-z_][\w]*( \. [a-z_]\w*)?`;
/** Statements that are whole forms: https://dev.mysql.com/doc/refman/8.4/en/show.html without accounts and rights. */
const forms: Readonly<Record<Dialect, RegExp>> = {
  pg: new RegExp(
    `^(show (time zone|transaction isolation level|${name})|begin|begin read only|start transaction read only|commit|end|rollback|set transaction read only|set (local |session )?(statement_timeout|lock_timeout|idle_in_transaction_session_timeout) (=|to) (text|number))$`,
  ),
  mysql: new RegExp(
    `^(show ((global |session )?(status|variables)( like text)?|(full )?processlist|databases( like text)?|schemas|(full )?tables( (from|in) ${name})?( like text)?|table status( (from|in) ${name})?( like text)?|(full )?(columns|fields) (from|in) ${name}|(index|indexes|keys) (from|in) ${name}|engine innodb (status|mutex)|(storage )?engines|(replica|slave|master|binary log) status|(all )?slaves status|replicas|slave hosts|(binary|master) logs|warnings|errors|open tables|plugins|events|triggers|create (table|view) ${name})|begin|start transaction read only|commit|rollback|set (session )?(max_execution_time|lock_wait_timeout|innodb_lock_wait_timeout) = number)$`,
  ),
};

function fixed(t: Tokens): void {
  const from = t.at;
  const shown: string[] = [];
  for (; peek(t).is !== 'end' && peek(t).text !== ';'; t.at++) {
    const { is, text } = peek(t);
    if (is !== 'text' && sqlSecrets.test(text))
      notPlain(refusal('secret-read', `By its name, ${text} holds credentials or sessions.`));
    shown.push(is === 'text' || is === 'number' ? is : is === 'name' ? 'quoted' : text);
  }
  if (forms[t.dialect].test(shown.join(' '))) return;
  t.at = from;
  if (client.test(shown[0] ?? ''))
    notPlain(
      refusal('runs-code', 'This client command runs programs, files or statements that were not judged.'),
    );
  unread(t);
}
