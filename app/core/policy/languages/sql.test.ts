import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSql } from './sql.ts';

const level = (sql: string, dialect: 'pg' | 'mysql') => checkSql(sql, dialect).issue?.level ?? 'allow';

describe('SQL', () => {
  test.each([
    'select count(*) from orders',
    "select state, count(*) from pg_stat_activity where state <> 'drop table x' group by state",
    'show max_connections',
    '\\dt',
    'explain select 1',
    'with a as (select 1) select * from a',
    'select 1; select 2;',
  ])('%s only reads', (sql) =>
    expect(checkSql(sql, 'pg')).toMatchObject({ issue: null, effect: null, targets: [] }),
  );

  test.each([
    'drop table users',
    'select 1; delete from users',
    'select 1 /* x */; /**/ truncate users',
    'with d as (delete from users returning *) select * from d',
    'explain analyze update users set a = 1',
    "copy users to program 'sh'",
    '\\! id',
    'select 1 \\g |id',
    "select pg_read_file('/etc/passwd')",
    'select * from pg_shadow',
    'select password_hash from users',
    'do $$ begin end $$',
    'select * into copy from users',
    "select 'a\\'; drop table x; --'",
    'vacuum full orders',
    'select 1/*!; drop table x*/',
  ])('%s is refused', (sql) => expect(level(sql, 'pg')).toBe('refuse'));

  test.each(['select frobnicate(1)', 'select * from orders for share', 'wibble'])(
    '%s needs a person',
    (sql) => expect(level(sql, 'pg')).toBe('review'),
  );

  test('maintenance names its table', () => {
    expect(checkSql('vacuum analyze orders', 'pg')).toMatchObject({
      issue: null,
      effect: 'database.maintain',
      targets: ['orders'],
    });
  });
});

describe('a text that servers or clients read in different ways is not plain', () => {
  test.each([
    ['a comment that MySQL takes for two minus signs', 'SELECT 5--1; DROP TABLE t'],
    ['a comment to the end of the line', 'SELECT 1 -- x\n, 2'],
    ['a comment of MySQL', 'SELECT 1 # x'],
    ['a comment in brackets', 'SELECT 1 /* x */'],
    ['a comment that MySQL executes', 'SELECT 1 /*!50000 , 2 */'],
    ['a backslash before a quote', "SELECT 'a\\' OR 1; DROP TABLE t; SELECT '"],
    ['quotes of the dollar kind', 'SELECT $$;$$; DROP TABLE t'],
    ['a text with escapes', "SELECT E'a' FROM t"],
    ['a quoted name with a quote', 'SELECT "a""; DROP TABLE t"'],
    ['a variable of psql', 'SELECT :x'],
    ['a command of psql behind a statement', 'SELECT 1 \\gexec'],
    ['a command of psql on a line of its own', 'SELECT 1;\n\\! id'],
  ])('%s: %s', (_name, sql) => {
    expect(level(sql, 'pg')).toBe('refuse');
    expect(level(sql, 'mysql')).toBe('refuse');
  });

  test('a command of the mysql client at the beginning of a line', () => {
    expect(level('SELECT id,\nstatus\nFROM t', 'mysql')).toBe('review');
    expect(level('SELECT id, status FROM t', 'mysql')).toBe('allow');
    expect(level('SELECT id,\nstatus\nFROM t', 'pg')).toBe('allow');
  });

  test('a statement that is longer than anybody would read', () => {
    expect(level(`SELECT 1${', 1'.repeat(4000)}`, 'pg')).toBe('review');
  });
});

describe('everyday statements are read', () => {
  test.each([
    [
      'pg',
      'SELECT DISTINCT a.id, b.name AS n FROM a LEFT JOIN b ON b.id = a.b_id WHERE a.x IN (1, 2) AND NOT b.y IS NULL ORDER BY 1 DESC NULLS LAST LIMIT 5 OFFSET 2',
    ],
    [
      'pg',
      "SELECT date_trunc('hour', at) h, count(*) FILTER (WHERE state = 'failed') FROM jobs WHERE at > now() - interval '1 day' GROUP BY 1 HAVING count(*) > 3",
    ],
    [
      'pg',
      "SELECT l.pid, a.query FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = 'shop'",
    ],
    [
      'pg',
      'SELECT relname, pg_size_pretty(pg_total_relation_size(relid)) FROM pg_catalog.pg_statio_user_tables ORDER BY pg_total_relation_size(relid) DESC LIMIT 10',
    ],
    [
      'pg',
      "SELECT pid, extract(epoch FROM now() - query_start)::int FROM pg_stat_activity WHERE state = ANY (ARRAY['active'])",
    ],
    [
      'pg',
      "WITH x AS (SELECT 1 AS n) SELECT CASE WHEN n > 0 THEN 'yes' ELSE 'no' END FROM x UNION ALL SELECT 'z'",
    ],
    ['pg', 'EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM orders WHERE id = 1'],
    ['pg', 'SHOW server_version'],
    ['pg', "SET statement_timeout = '5s'; SELECT count(*) FROM jobs"],
    ['pg', 'BEGIN READ ONLY;\nSELECT 1;\nCOMMIT;'],
    ['pg', 'SELECT rank() OVER (PARTITION BY a ORDER BY b DESC) FROM t'],
    ['pg', '\\d+ public.orders'],
    [
      'mysql',
      'SELECT `id`, IFNULL(note, "none") FROM `orders` WHERE created_at > NOW() - INTERVAL 15 MINUTE',
    ],
    ['mysql', 'SELECT @@global.read_only, @@max_connections'],
    ['mysql', 'SHOW FULL PROCESSLIST'],
    ['mysql', "SHOW GLOBAL STATUS LIKE 'Threads%'"],
    ['mysql', 'SHOW REPLICA STATUS\\G'],
    ['mysql', 'EXPLAIN FORMAT=TREE SELECT 1'],
    ['mysql', 'DESCRIBE shop.orders'],
  ] as const)('%s: %s', (dialect, sql) => expect(checkSql(sql, dialect).issue).toBeNull());
});

describe('what reads or changes more than tables is not allowed', () => {
  test.each([
    ['pg', 'SELECT * FROM orders FOR UPDATE', 'review'],
    ['pg', 'SELECT * INTO backup FROM orders', 'refuse'],
    ['pg', 'SELECT pg_sleep(100)', 'refuse'],
    ['pg', 'SELECT public.harmless(1)', 'review'],
    ['pg', 'SELECT x::mine FROM t', 'review'],
    ['pg', 'WITH RECURSIVE x AS (SELECT 1 UNION ALL SELECT n FROM x) SELECT * FROM x', 'review'],
    ['pg', 'SELECT * FROM generate_series(1, 100000000000)', 'review'],
    ['pg', 'EXPLAIN ANALYZE DELETE FROM orders', 'refuse'],
    ['pg', 'SHOW primary_conninfo', 'refuse'],
    ['pg', 'SELECT subconninfo FROM pg_subscription', 'refuse'],
    ['pg', 'SET search_path = mine', 'refuse'],
    ['pg', "SELECT * FROM pg_ls_dir('/')", 'refuse'],
    ['mysql', "SELECT * FROM orders INTO OUTFILE '/tmp/x'", 'refuse'],
    ['mysql', 'SELECT @x := 1', 'review'],
    ['mysql', 'USE mysql; SELECT * FROM user', 'refuse'],
    ['mysql', 'SELECT * FROM `MYSQL`.`user`', 'refuse'],
    ['mysql', 'SELECT "password_hash" FROM users', 'refuse'],
    ['mysql', 'SHOW GRANTS', 'review'],
    ['mysql', 'DELIMITER //', 'refuse'],
    ['mysql', 'SELECT 1; source /tmp/x.sql', 'refuse'],
  ] as const)('%s: %s is %s', (dialect, sql, wanted) => expect(level(sql, dialect)).toBe(wanted));
});

const idle = [
  "datname = 'shop'",
  "state = 'idle'",
  "state_change < now() - interval '15 minutes'",
  'pid <> pg_backend_pid()',
];
const ending = (conditions: readonly string[], call = 'pg_terminate_backend') =>
  `SELECT ${call}(pid) FROM pg_stat_activity WHERE ${conditions.join(' AND ')}`;

describe('ending sessions', () => {
  test('is read with its conditions in any order and case, and any that leave out more', () => {
    const more = ["usename = 'app'", "query LIKE 'SELECT%'", '(wait_event IS NULL OR pid > 5)'];
    const words = fc.shuffledSubarray([...idle, ...more], { minLength: 4 });
    const call = fc.constantFrom('pg_terminate_backend', 'pg_cancel_backend');
    fc.assert(
      fc.property(words, call, fc.boolean(), (some, name, upper) => {
        const all = [...some, ...idle.filter((condition) => !some.includes(condition))];
        const sql = ending(all, name);
        const text = upper
          ? sql.replace(/'[^']*'|[^']+/g, (part) => (part.startsWith("'") ? part : part.toUpperCase()))
          : sql;
        expect(checkSql(text, 'pg')).toMatchObject({ issue: null, effect: 'session.end', targets: ['shop'] });
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    [
      'sessions at work for minutes, in other words',
      [
        "datname = 'shop'",
        "state = 'active'",
        "now() - query_start > interval '10 minutes'",
        'pid != pg_backend_pid()',
      ],
      'allow',
    ],
    [
      'sessions whose age nobody asks',
      ["datname = 'shop'", "state = 'idle'", 'pid <> pg_backend_pid()'],
      'review',
    ],
    [
      'sessions idle only now, in a transaction that is old',
      [
        "datname = 'shop'",
        "state = 'idle'",
        "state_change < now() - interval '1 minute'",
        'pid <> pg_backend_pid()',
      ],
      'review',
    ],
    ['its own session too', idle.slice(0, 3), 'review'],
    ['sessions of every database', idle.slice(1), 'refuse'],
    ['sessions of another database than one', ["datname <> 'shop'", ...idle.slice(1)], 'refuse'],
    ['sessions by a condition that takes the others back', ["datname = 'shop' OR true"], 'refuse'],
    ['sessions of a database whose name is negated', ["NOT datname = 'shop'", ...idle.slice(1)], 'refuse'],
  ] as const)('%s', (_name, conditions, wanted) => expect(level(ending(conditions), 'pg')).toBe(wanted));

  test.each([
    ['pg', 'SELECT pg_cancel_backend(4711)'],
    ['mysql', 'KILL QUERY 4711'],
    ['mysql', 'kill 4711;'],
  ] as const)('by its number needs a person, and says what it does: %s %s', (dialect, sql) => {
    const found = checkSql(sql, dialect);
    expect(found).toMatchObject({ effect: 'session.end', targets: ['session 4711'], named: false });
    expect(found.issue?.level).toBe('review');
  });
});

test('maintenance names its table as the server reads it', () => {
  expect(checkSql('VACUUM (VERBOSE, ANALYZE) Public.Orders', 'pg').targets).toEqual(['public.orders']);
  expect(checkSql('REINDEX INDEX CONCURRENTLY "Mixed"', 'pg').targets).toEqual(['Mixed']);
  expect(checkSql('OPTIMIZE TABLE Orders', 'mysql').targets).toEqual(['Orders']);
  expect(level('VACUUM FULL orders', 'pg')).toBe('refuse');
  expect(level('REINDEX TABLE orders', 'pg')).toBe('refuse');
});
