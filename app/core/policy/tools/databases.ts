// Clients of databases, caches and queues: reading, and the maintenance that the SQL reader knows.
// It must never describe a way to run a file of statements, to dump, or to hand over a password.
import type { Tool } from '../engine/spec.ts';

export const databases: readonly Tool[] = [
  {
    names: 'psql',
    rule: {
      flags:
        '-A -t -x -q -X -w -l -1 -S -E -e -n -b -a --no-align --tuples-only --expanded --quiet --no-psqlrc --no-password --list --csv --no-readline --single-transaction -H -0 -z --version --help -At',
      values: {
        '-c --command': 'sql:pg',
        '-h --host': 'client',
        '-p --port': 'int:1..65535',
        '-U --username': 'name',
        '-d --dbname': 'connection',
        '-F --field-separator -R --record-separator': 'literal',
        // A setting may name a program (pager) or be put into statements.
        '-P --pset':
          'like:(pager=off|format=[a-z]+|border=\\d|null=\\w*|footer=off|tuples_only(=on)?|expanded(=on)?|linestyle=[a-z-]+)',
        '-v --set --variable': 'like:(ON_ERROR_STOP|ON_ERROR_ROLLBACK|VERBOSITY|QUIET|AUTOCOMMIT)=\\w+',
      },
      refuse: {
        'runs-code': '-f --file',
        'writes-file': '-o --output -L --log-file',
        credential: '-W --password',
      },
      operands: ['?connection', '?name'],
      check: 'sql',
      strict: 'sql',
    },
  },
  {
    names: 'mysql mariadb',
    rule: {
      flags:
        '-N -B -s -t -E -r -v -w -A --skip-column-names --batch --silent --table --vertical --raw --no-auto-rehash --ssl --safe-updates --version --help --skip-pager',
      values: {
        '-e --execute': 'sql:mysql',
        '-h --host': 'client',
        '-P --port': 'int:1..65535',
        '-u --user -D --database': 'name',
        '--connect-timeout': 'int',
        // In other character sets a byte may hide a quote.
        '--default-character-set': 'one:utf8mb4|utf8mb3|utf8|latin1|ascii',
        '--ssl-mode': 'one:PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY',
        '--protocol': 'one:TCP|tcp|SOCKET|socket',
      },
      refuse: {
        credential: '-p --password',
        'runs-code': '--init-command --plugin-dir --default-auth',
        config: '--defaults-file --defaults-extra-file --login-path --defaults-group-suffix',
        'writes-file': '--tee --pager',
        'disables-security': '--skip-ssl --local-infile --enable-cleartext-plugin',
      },
      operands: ['?name'],
      check: 'sql',
      strict: 'sql',
    },
  },
  {
    names: 'redis-cli valkey-cli keydb-cli',
    style: 'first',
    rule: {
      flags:
        '--raw --no-raw --csv --json -c --no-auth-warning --tls --version --help -3 -2 --bigkeys --memkeys --hotkeys --scan',
      values: {
        '-h': 'client',
        '-p -n': 'int:0..65535',
        '-i': 'duration:10',
        '-t': 'duration:60',
        '--pattern': 'literal',
        '--count': 'int:1..10000',
        '--type': 'one:string|list|set|zset|hash|stream',
      },
      refuse: {
        credential: '-a --pass --askpass --user',
        'runs-code': '--eval --ldb --ldb-sync-mode --function-load',
        'runs-input': '--pipe -x -X',
        'writes-file': '--rdb --functions-rdb',
        destructive: '--cluster --replica --lru-test',
        'other-cluster': '-u --uri -s',
        'disables-security': '--insecure --cacert',
      },
      endless: '--stat --latency --latency-history --latency-dist --intrinsic-latency -r',
      operands: ['*any'],
      check: 'redis',
      strict: 'destructive',
    },
  },
  {
    names: 'pg_isready',
    rule: {
      flags: '-q --quiet',
      values: { '-h --host': 'host', '-p -t --port --timeout': 'int', '-U -d --username --dbname': 'word' },
      strict: 'sql',
    },
  },
  {
    names: 'mysqladmin mariadb-admin',
    rule: {
      flags: '-s --silent --version',
      values: { '-h --host': 'client', '-P --port': 'int', '-u --user': 'word', '--connect-timeout': 'int' },
      refuse: { credential: '-p --password' },
      operands: ['one:ping|status|version|extended-status|processlist'],
      strict: 'destructive',
    },
  },
  {
    names:
      'pg_dump pg_dumpall pg_restore pg_basebackup mysqldump mysqlimport mongodump mongorestore mongoexport redis-dump influx cqlsh sqlplus sqlcmd sqlite3 bq vtctl pgbench pg_ctl pg_resetwal initdb createdb createuser reindexdb clusterdb',
    rule: { flags: '--version --help', needs: '--version --help', strict: 'access' },
  },
  {
    names: 'vacuumdb',
    rule: {
      flags: '-z -Z -v -q --analyze --analyze-only --verbose --quiet',
      values: {
        '-t --table': 'target',
        '-d --dbname': 'connection',
        '-h --host': 'host',
        '-p --port -j --jobs': 'int:1..65535',
      },
      operands: ['?connection'],
      effect: 'database.maintain',
      refuse: { forced: '-f --full -a --all -F --freeze' },
    },
  },
  {
    names: 'kafka-topics kafka-topics.sh kafka-configs kafka-configs.sh',
    rule: {
      flags:
        '--list --describe --all-groups --all-topics --members --verbose --offsets --state --under-replicated-partitions --unavailable-partitions --under-min-isr-partitions --at-min-isr-partitions --topics-with-overrides',
      values: {
        '--bootstrap-server --topic --group --entity-type --entity-name': 'name',
        '--timeout': 'int',
      },
      refuse: {
        destructive: '--delete --create --alter --reset-offsets --execute --delete-offsets',
        config: '--command-config',
      },
      needs: '--list --describe',
      strict: 'destructive',
    },
  },
  {
    names: 'nodetool',
    rule: {
      values: { '-h': 'client', '-p': 'int' },
      subcommands: {
        'status|info|tpstats|compactionstats|netstats|ring|describecluster|cfstats|tablestats|gossipinfo|version|statusgossip|statusbinary|proxyhistograms|gcstats':
          { operands: ['*word'] },
      },
      strict: 'destructive',
    },
  },
  {
    names: 'mongosh mongo',
    rule: {
      flags: '--quiet --norc',
      values: {
        '--eval':
          'like:(rs\\.(status|conf|printReplicationInfo|printSecondaryReplicationInfo)|db\\.(serverStatus|stats|currentOp|version|hello|getReplicationInfo))\\(\\)[\\w.]*',
        '--host': 'client',
        '--port': 'int:1..65535',
      },
      needs: '--eval',
      runsInput: true,
      operands: ['?like:[\\w-]+'],
      strict: 'runs-code',
    },
  },
  {
    names: 'clickhouse-client',
    rule: {
      flags: '--vertical',
      values: {
        '-q --query': 'sql:pg',
        '-h --host': 'client',
        '--port': 'int:1..65535',
        '-u --user -d --database --format -f': 'word',
      },
      needs: '-q --query',
      refuse: { credential: '--password' },
      runsInput: true,
      strict: 'sql',
    },
  },
  {
    names: 'etcdctl',
    rule: {
      flags: '--cluster -w',
      values: { '--endpoints': 'client', '-w --write-out --command-timeout --dial-timeout': 'literal' },
      subcommands: {
        'endpoint health|status|hashkv': { flags: '--cluster' },
        'member list': {},
        'alarm list': {},
        version: {},
      },
      strict: 'destructive',
    },
  },
  {
    names: 'consul',
    style: 'single',
    rule: {
      subcommands: {
        members: { flags: '-detailed' },
        'operator raft': { operands: ['one:list-peers'] },
        'catalog services|nodes|datacenters': {},
        info: {},
        version: {},
      },
      strict: 'secret-read',
    },
  },
  {
    names: 'nomad',
    rule: {
      subcommands: {
        status: { operands: ['?word'] },
        'node status': { operands: ['?word'] },
        'job status|history': { operands: ['?word'] },
        'alloc status': { operands: ['word'] },
        'alloc logs': { flags: '-stderr', operands: ['word', '?word'] },
        version: {},
      },
      strict: 'destructive',
    },
  },
  { names: 'vault', rule: { subcommands: { status: {}, version: {} }, strict: 'secret-read' } },
  {
    names: 'memcached-tool',
    rule: { operands: ['hostport', 'one:stats|display|settings'], strict: 'destructive' },
  },
];
