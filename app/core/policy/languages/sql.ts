// Reads SQL statements far enough to know that they only read, or are the maintenance that the table below names.
// It must never accept a function it does not know: many of them read files, call out or change things.
import { type Issue, question, refusal } from '../engine/run.ts';

export type SqlFound = {
  issue: Issue | null;
  /** The effect of what is changed; null when the statements only read. */
  effect: 'database.maintain' | 'session.end' | null;
  targets: string[];
};

const functions = new Set(
  `count sum avg min max round floor ceil ceiling abs mod coalesce nullif ifnull if greatest least length char_length lower upper trim ltrim rtrim left right substr substring
  replace concat concat_ws format to_char to_date to_timestamp date date_trunc date_part date_format date_add date_sub datediff timediff timestampdiff extract now current_timestamp current_date
  age interval unix_timestamp from_unixtime str_to_date year month day hour minute second week utc_timestamp clock_timestamp statement_timestamp cast convert array_agg string_agg group_concat json_agg row_number rank
  dense_rank lag lead first_value last_value ntile over percentile_cont percentile_disc within exists in any all values distinct filter on using and or not as from where select join
  pg_size_pretty pg_database_size pg_relation_size pg_total_relation_size pg_table_size pg_indexes_size pg_tablespace_size pg_backend_pid pg_is_in_recovery pg_postmaster_start_time pg_last_wal_receive_lsn
  pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_current_wal_lsn pg_wal_lsn_diff pg_blocking_pids pg_stat_get_live_tuples pg_stat_get_dead_tuples pg_get_indexdef pg_get_viewdef obj_description
  current_database current_schema current_user version database schema user inet_server_addr txid_current_if_assigned regexp_replace regexp_matches split_part array_length unnest cardinality jsonb_array_length
  width_bucket random generate_series row to_json json_extract json_object found_rows last_insert_id connection_id uuid time numeric decimal varchar char int integer bigint timestamp text`.split(
    /\s+/,
  ),
);

const reads =
  /^(select|with|show|explain|describe|desc|values|table|help|use|begin|commit|rollback|end|set\s+(local\s+)?(statement_timeout|lock_timeout|transaction\s+read\s+only|transaction_read_only|max_execution_time|search_path)|start\s+transaction)/i;
const writes =
  /\b(insert|update|delete|drop|truncate|alter|create|grant|revoke|copy|merge|replace\s+into|load\s+data|lock\s+table|rename|call|do|execute|prepare|into\s+(out|dump)file|comment\s+on|security\s+label|reassign|import|handler|install|uninstall|purge|reset|flush|shutdown|kill|change\s+(master|replication)|stop\s+(slave|replica)|start\s+(slave|replica)|listen|notify|cluster|refresh|discard|set\s+global|set\s+persist|set\s+password|set\s+role|set\s+session\s+authorization)\b/i;
const secretNames =
  /\b(pg_authid|pg_shadow|pg_user_mapping|mysql\s*\.\s*(user|global_priv|db)|authentication_string|pg_read\w*|pg_ls\w*|lo_\w+|dblink\w*|passw(or)?d\w*|\w*_password|password_hash|\w*secret\w*|\w*api_?key\w*|\w*private_key\w*|credit_?card\w*|card_number|ssn|\w*_token\w*|tokens?|credentials?|sessions)\b/i;
const outside =
  /\b(pg_read_\w+|pg_ls_\w+|pg_stat_file|pg_execute\w*|pg_file\w*|lo_(import|export|get|put|from_bytea)|dblink\w*|load_file|sys_exec|sys_eval|xp_\w+|sp_oacreate|query_to_xml\w*|database_to_xml\w*|program|copy_from|set_config|pg_reload_conf|pg_rotate_logfile|pg_promote|pg_switch_wal|pg_create_\w+|pg_drop_\w+|pg_terminate_backend|pg_cancel_backend|setval|nextval|benchmark|sleep|pg_sleep\w*|get_lock|pg_advisory\w*|pg_notify)\s*\(/i;

/** The one way to end sessions: those of a named database that have been idle for minutes, and not this one. */
const endsIdle =
  /^\s*select pg_terminate_backend\(pid\) from pg_stat_activity where datname = '([A-Za-z_][\w-]{0,62})' and state = 'idle(?: in transaction)?' and state_change < now\(\) - interval '(?:[5-9]|[1-9]\d{1,3}) minutes' and pid <> pg_backend_pid\(\)\s*;?\s*$/;

/** Judges all statements of one text. `dialect`: pg or mysql. */
export function checkSql(sql: string, dialect: string): SqlFound {
  const found: SqlFound = { issue: null, effect: null, targets: [] };
  const idle = dialect === 'pg' ? endsIdle.exec(sql) : null;
  if (idle) return { issue: null, effect: 'session.end', targets: [idle[1] ?? ''] };
  const bare = strip(sql, dialect);
  if (bare === null)
    return { ...found, issue: refusal('sql', 'This SQL hides statements in comments or unclosed quotes.') };
  // Commands of psql itself end with their line, all others with a semicolon.
  const statements = bare.split('\n').some((line) => /^\s*\\/.test(line))
    ? bare.split('\n').flatMap((line) => (/^\s*\\/.test(line) ? [line] : line.split(';')))
    : bare.split(';');
  for (const statement of statements) {
    const text = statement.trim();
    if (text === '') continue;
    const issue = judgeStatement(text, found);
    if (issue) return { ...found, issue };
  }
  return found;
}

function judgeStatement(text: string, found: SqlFound): Issue | null {
  if (/^\\/.test(text)) {
    return /^\\(conninfo|timing( on| off)?|x( on| off)?|l\+?|d[tivmnxuf]?\+?( [\w.*]+)?|q|pset pager off)$/.test(
      text,
    )
      ? null
      : refusal('runs-code', 'This client command runs programs, files or statements that were not judged.');
  }
  if (/^(source|system|edit|pager|tee|connect|delimiter|charset|rehash)\b|\\(?![gG]$)/i.test(text)) {
    return refusal(
      'runs-code',
      'This client command runs programs, files or statements that were not judged.',
    );
  }
  const maintain =
    /^(analyze|vacuum|vacuum\s+analyze|vacuum\s*\(\s*(analyze|verbose|,|\s)+\)|analyze\s+(local\s+)?table|optimize\s+table|check\s+table|reindex\s+(table|index)\s+concurrently|refresh\s+materialized\s+view\s+concurrently)\s+([\w."]+)$/i.exec(
      text,
    );
  if (maintain) {
    found.effect = 'database.maintain';
    found.targets.push((maintain.at(-1) ?? '').replaceAll('"', ''));
    return null;
  }
  if (secretNames.test(text))
    return refusal('secret-read', 'This statement reads credentials, sessions or other secrets.');
  if (outside.test(text))
    return refusal(
      'sql',
      'This statement calls a function that reaches outside the tables, waits or ends other sessions.',
    );
  if (/^explain\b/i.test(text) && /\banaly[sz]e\b/i.test(text) && writes.test(text))
    return refusal('sql', 'EXPLAIN ANALYZE runs the statement it explains.');
  if (!reads.test(text)) {
    return /^(drop|truncate|delete|alter|grant|revoke|copy|create|update|insert|flush|reset|shutdown|kill|purge|do|call|load|set|lock|vacuum|reindex|cluster|refresh|discard|rename|optimize|repair)\b/i.test(
      text,
    )
      ? refusal('destructive', 'This statement changes or removes data, rights or settings.')
      : question('sql', 'The policy does not know this statement.');
  }
  if (!/^(show|describe|desc)\b/i.test(text) && writes.test(text))
    return refusal('destructive', 'This statement changes or removes data, rights or settings.');
  if (/\bfor\s+(no\s+key\s+)?(update|share|key)\b|\block\s+in\s+share\b/i.test(text))
    return question('sql', 'This statement locks rows.');
  if (/\binto\s+(temp|temporary|unlogged|table|@|\w)/i.test(text) && !/^(show|explain)\b/i.test(text))
    return refusal('destructive', 'This statement writes a table or variable.');
  if (/\d{8,}/.test(text) && /generate_series/i.test(text))
    return question('over-cap', 'This statement makes very many rows.');
  for (const [, name = ''] of text.matchAll(/\b([a-z_][\w.]*)\s*\(/gi)) {
    const plain = name.toLowerCase().replace(/^pg_catalog\./, '');
    if (!functions.has(plain)) return question('sql', `The policy does not know the SQL function ${name}.`);
  }
  return null;
}

/** The text without strings and comments; null where these could hide a statement. */
function strip(sql: string, dialect: string): string | null {
  let out = '';
  for (let i = 0; i < sql.length; i++) {
    const char = sql[i] ?? '';
    if (sql.startsWith('--', i) || (char === '#' && dialect === 'mysql')) {
      const end = sql.indexOf('\n', i);
      i = end < 0 ? sql.length : end;
      out += ' ';
    } else if (sql.startsWith('/*', i)) {
      if (sql[i + 2] === '!' || sql[i + 2] === 'M') return null;
      const end = sql.indexOf('*/', i);
      if (end < 0) return null;
      i = end + 1;
      out += ' ';
    } else if (char === "'" || char === '"' || char === '`') {
      const end = closing(sql, i, dialect);
      if (end < 0) return null;
      // Quoted names still count as names.
      out += char === "'" || (char === '"' && dialect === 'mysql') ? " '' " : ` ${sql.slice(i + 1, end)} `;
      i = end;
    } else if (char === '$' && /^\$\w*\$/.test(sql.slice(i))) return null;
    else out += char;
  }
  return out;
}

function closing(sql: string, from: number, dialect: string): number {
  const quote = sql[from];
  const escapes = dialect === 'mysql' || /[eE]$/.test(sql.slice(Math.max(0, from - 1), from));
  for (let i = from + 1; i < sql.length; i++) {
    // Whether a backslash escapes the quote depends on the server's settings.
    if (sql[i] === '\\' && (sql[i + 1] === quote || sql[i + 1] === '\\')) return -1;
    if (sql[i] === '\\' && escapes) i++;
    else if (sql[i] === quote) {
      if (sql[i + 1] === quote) i++;
      else return i;
    }
  }
  return -1;
}

/** What the policy's version is computed over. */
export const sqlData = [[...functions], ...[reads, writes, secretNames, outside, endsIdle].map(String)];
