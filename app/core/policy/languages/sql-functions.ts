// The functions that a SELECT may call, and the words that can never be a name in it.
// It must never list a function that waits, writes, takes a lock, reads a file or setting, or reaches another machine.
import type { Dialect } from './sql-words.ts';

const list = (text: string) => text.trim().split(/\s+/);

/** https://www.postgresql.org/docs/current/functions.html and https://dev.mysql.com/doc/refman/8.4/en/functions.html */
const common = `count sum avg min max round floor ceil ceiling abs mod sign coalesce nullif greatest least length char_length
  lower upper trim ltrim rtrim left right substr substring replace concat concat_ws position reverse ascii
  now date year month day hour minute second row_number rank dense_rank percent_rank lag lead first_value last_value nth_value ntile
  bool_and bool_or stddev variance json_array_length json_extract`;

const own: Readonly<Record<Dialect, string>> = {
  pg: `to_char to_date to_timestamp date_trunc date_part age clock_timestamp statement_timestamp transaction_timestamp array_agg string_agg json_agg jsonb_agg
    percentile_cont percentile_disc mode split_part regexp_replace regexp_matches array_length cardinality unnest array_to_string jsonb_array_length
    to_json row_to_json json_build_object format starts_with strpos trunc generate_series
    pg_size_pretty pg_database_size pg_relation_size pg_total_relation_size pg_table_size pg_indexes_size pg_tablespace_size
    pg_backend_pid pg_is_in_recovery pg_is_wal_replay_paused pg_postmaster_start_time pg_conf_load_time pg_last_wal_receive_lsn pg_last_wal_replay_lsn
    pg_last_xact_replay_timestamp pg_current_wal_lsn pg_wal_lsn_diff pg_blocking_pids pg_stat_get_live_tuples pg_stat_get_dead_tuples
    pg_get_indexdef obj_description format_type mxid_age
    current_database current_schema current_user version txid_current_if_assigned inet_server_addr inet_server_port inet_client_addr`,
  mysql: `if ifnull date_format date_add date_sub datediff timediff timestampdiff time_to_sec sec_to_time unix_timestamp from_unixtime str_to_date
    group_concat any_value format bit_count week utc_timestamp curdate curtime database schema user version connection_id found_rows
    truncate char_length json_length json_unquote json_arrayagg format_bytes format_pico_time`,
};

export const sqlFunctions: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  pg: new Set([...list(common), ...list(own.pg)]),
  mysql: new Set([...list(common), ...list(own.mysql)]),
};

/** Types that a value may be turned into; a cast to any other may run what its owner has defined. */
export const sqlTypes = new Set(
  list(
    'int integer bigint smallint numeric decimal real float text varchar char date timestamp timestamptz time interval boolean bool uuid json jsonb regclass oid inet name unsigned signed datetime xid',
  ),
);

/** Words without brackets that give a value. */
export const sqlConstants = new Set(
  list(
    'null true false current_timestamp current_date current_time localtimestamp current_user session_user default_transaction',
  ),
);

/** Words that begin or join a part of a statement: none of them is the name of a column, a table or an alias. */
export const sqlReserved = new Set(
  list(`select from where group having order limit offset union intersect except into for lock procedure window fetch on using
    join inner left right full cross outer natural lateral as and or not is in between like ilike rlike regexp similar case when then else end
    distinct all any some exists cast extract interval array with recursive values table tablesample only partition over filter within
    insert update delete drop truncate alter create grant revoke copy merge replace call do execute prepare set reset load handler
    returning outfile dumpfile share nowait skip force use ignore straight_join sql_calc_found_rows high_priority binary collate escape
    asc desc nulls rollup div xor sounds match against analyze explain show kill begin commit rollback`),
);

/** Names of what holds credentials or other secrets; columns, tables and views alike. */
export const sqlSecrets =
  /^(pg_authid|pg_shadow|pg_user_mappings?|pg_subscription|subconninfo|primary_conninfo|umoptions|srvoptions|pg_largeobject\w*|pg_hba_file_rules|pg_file_settings|global_priv|authentication_string|passw(or)?d\w*|\w*_password|password_hash|\w*secret\w*|\w*api_?key\w*|\w*private_key\w*|credit_?card\w*|card_number|ssn|\w*_token\w*|tokens?|credentials?|sessions)$/i;

/** What the policy's version is computed over. */
export const sqlData = [common, own, [...sqlTypes], [...sqlConstants], [...sqlReserved], String(sqlSecrets)];
