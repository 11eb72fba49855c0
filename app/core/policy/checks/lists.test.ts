// Tools whose words mean one thing or another by the words around them: the whole list is read, or none of it.
import { describe, expect, test } from 'vitest';
import { judge } from '../judge.ts';

const context = {
  kind: 'fix',
  parameters: { DIR: '/var/tmp/shop', HOST: 'db.internal', KEY: 'cache:front', DATABASE: 'shop' },
  actions: [],
} as const;
const verdict = (script: string) => judge(script, context).verdict;

describe('ps', () => {
  test.each([
    'ps aux',
    'ps -ef --forest',
    'ps -auxww',
    'ps -eLf',
    'ps -e -o pid,args --sort=-rss',
    'ps -T -p 1234',
    'ps axo pid,ppid,args --sort=-rss',
    'ps -eo pid,stat,wchan:32,comm',
    'ps -p 1234 -o pid,etime',
    'ps -C nginx -o pid=',
  ])('%s lists processes', (script) => expect(verdict(script)).toBe('allow'));

  test.each([
    'ps ax e',
    'ps auxe',
    'ps eww',
    'ps -axe',
    'ps e',
    'ps -e -x',
    'ps -ef -aux',
    'ps -e -o args -x',
    'ps --forest -ef -T',
    'ps -eLf --forest',
    'ps -o pid,environ',
    'ps -p 1 e',
    'ps E',
  ])('%s would show environments', (script) => expect(verdict(script)).not.toBe('allow'));
});

describe('find', () => {
  test.each([
    "find /var/tmp/shop '(' -name a -o -name b ')' -print",
    'find /var/log -newer /var/log/syslog -name "*.log"',
    "find /var/log -type f -newermt '2 hours ago' -printf '%p\\n'",
    'find /var/log ! -name "*.gz" -exec ls -l {} +',
    'find -L /var/log -maxdepth 1',
    'find /var/tmp/shop -type f -mtime +7 -print -delete',
    "find /var/tmp/shop -type f -mtime +7 ! -name keep -exec rm -f {} ';'",
  ])('%s is read', (script) => expect(verdict(script)).toBe('allow'));

  test.each([
    [
      'an action in front of another alternative',
      'find /var/tmp/shop -type f -mtime +7 -delete -o -exec touch {} +',
    ],
    ['a removal in front of its tests', 'find /var/tmp/shop -delete -type f -mtime +7'],
    ['a removal in an alternative', 'find /var/tmp/shop -type f -mtime +7 -o -delete'],
    ['a removal of all others', 'find /var/tmp/shop -type f ! -mtime +7 -delete'],
    ['a removal that pruning does not hold up', 'find /var/tmp/shop -type f -mtime +7 -prune -delete'],
    ['a removal through links', 'find -L /var/tmp/shop -type f -mtime +7 -delete'],
    ['a removal by a command of files that are not named', 'find /tmp -type f -mtime +7 -exec rm {} +'],
    ['a removal behind a wrapper', 'find /tmp -type f -exec timeout 5 rm {} +'],
    ['a removal where the script has gone before', 'cd /srv/shop\nfind . -type f -exec rm {} +'],
    ['a change of every file that is found', 'find /var/tmp/shop -type f -mtime +7 -exec touch {} +'],
    ['a question at the keyboard', "find /var/tmp/shop -ok rm {} ';'"],
    ['a file that is written', 'find /var/tmp/shop -fprintf /tmp/x %p'],
    ['places read from a file', 'find -files0-from /tmp/x -print'],
    ['a command without an end', 'find /var/log -exec cat {}'],
    ['a word of the run that may be an action', 'x=$(cat /tmp/x)\nfind /tmp -name a "$x"'],
  ])('%s is refused: %s', (_name, script) => expect(verdict(script)).toBe('refuse'));
});

describe('a client of a database', () => {
  test.each([
    "psql -h db.internal -c 'select 1'",
    "psql -h localhost,db.internal -c 'select 1'",
    "psql 'host=db.internal port=5432 dbname=shop user=app sslmode=require' -c 'select 1'",
    "psql -d 'postgresql://app@db.internal:5432/shop?sslmode=require' -c 'select 1'",
    "psql -h /var/run/postgresql -c 'select 1'",
    "mysql -h db.internal -e 'show processlist'",
    'redis-cli -h 127.0.0.1 ping',
  ])('connects to this machine or to the inventory: %s', (script) => expect(verdict(script)).toBe('allow'));

  test.each([
    "psql -h db.example.com -c 'select 1'",
    "psql -hdb.example.com -c 'select 1'",
    "psql --host=db.internal,db.example.com -c 'select 1'",
    "psql host=db.example.com -c 'select 1'",
    "psql 'dbname=shop hostaddr=203.0.113.5' -c 'select 1'",
    "psql -d postgres://db.example.com/shop -c 'select 1'",
    "psql 'service=other' -c 'select 1'",
    "psql 'host = db.internal' -c 'select 1'",
    "psql -d 'postgresql:///shop?host=db.example.com' -c 'select 1'",
    "mysql --host=db.example.com -e 'select 1'",
    "mysql --login-path=x -e 'select 1'",
    "mysql --default-character-set=gbk -e 'select 1'",
    "mysql mysql -e 'select * from user'",
    'redis-cli -h cache.example.com ping',
    'redis-cli -u redis://cache.example.com ping',
    "mongosh --host db.example.com --eval 'rs.status()'",
    'mysqladmin -h db.example.com ping',
    'etcdctl --endpoints=https://db.example.com:2379 endpoint health',
    "psql -v PROMPT1=x -P pager='sh -c id' -c 'select 1'",
  ])('brings no credentials anywhere else: %s', (script) => expect(verdict(script)).not.toBe('allow'));
});

describe('redis-cli', () => {
  test.each([
    'INFO memory',
    'object freq k',
    'slowlog get 5',
    'scan 0 match "a*" count 10',
    'lrange jobs 0 5',
    'memory usage "a key"',
  ])('%s reads', (command) => expect(verdict(`redis-cli ${command}`)).toBe('allow'));
  test.each([
    'info memory\\ x',
    'constructor',
    'object help',
    'scan',
    'config get requirepass',
    'config get "*"',
    'set a b',
    'ping; flushall x',
  ])('%s is not read', (command) => expect(verdict(`redis-cli ${command}`)).not.toBe('allow'));
});

describe('what a command prints', () => {
  test.each([
    ['a format of date that begins with a dash', 'sort "$(date +-o)" /tmp/x'],
    ['a zone that begins with a sign', 'sort "$(date +%z)" /tmp/x'],
    ['a day that is padded with a blank', 'x=$(date +%e)\nkubectl get pods -n $x'],
    ['an operand of awk that is an assignment', "awk '{print $1}' FS=: /tmp/x"],
  ])('%s is no name of anything: %s', (_name, script) => expect(verdict(script)).not.toBe('allow'));
});
