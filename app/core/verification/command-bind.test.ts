// What a command of a check may do: read, and nothing that the policy does not know to be reading.
import { describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan } from './plan.ts';

const inventory = {
  REDIS_HOST: 'redis.internal',
  DB_HOST: 'db.internal',
  SHOP_URL: 'https://shop.example',
  NS: 'shop',
  UNIT: 'shop.service',
  HOSTILE: '--delete',
};

function said(run: string): string {
  const check = { id: 'it', kind: 'command', run };
  const parsed = parseVerifyPlan({ v: 1, checks: [check], symptom: { checks: ['it'] } });
  if (!parsed.ok) return `no plan: ${parsed.reason}`;
  const bound = bind(parsed.plan, inventory);
  return bound.ok ? 'taken' : bound.reason;
}

test.each([
  'redis-cli -h {REDIS_HOST} llen jobs',
  'redis-cli -h {REDIS_HOST} -p 6380 info replication',
  `psql -h {DB_HOST} -At -c 'select count(*) from pg_stat_activity'`,
  'kubectl -n {NS} get pods -o name | wc -l',
  'kubectl -n {NS} rollout status deployment/web --timeout=5s',
  'systemctl is-active {UNIT}',
  'df --output=pcent /var/log | tail -n 1',
  'curl -fsS {SHOP_URL}/health',
  'find /var/tmp -name core -mtime -1',
  'dig +short shop.example',
])('only reads: %s', (run) => expect(said(run)).toBe('taken'));

describe('refused', () => {
  test.each([
    // Writes by options.
    'find /var/log -name x.log -delete',
    'find /var/log -name x.log -exec rm {} +',
    'sed -i s/a/b/ /etc/app.conf',
    'sort -o /etc/app.conf /etc/app.conf',
    'curl -X POST {SHOP_URL}/orders',
    'curl -d a=b {SHOP_URL}/orders',
    'curl -o /tmp/x {SHOP_URL}/',
    'wget {SHOP_URL}/',
    'dig -f /etc/shadow',
    'date -s 2020-01-01',
    'journalctl --vacuum-time=1d',
    'dmesg -C',
    // Changes by subcommands.
    'kubectl -n {NS} exec web -- sh',
    'kubectl -n {NS} delete pod web',
    'kubectl -n {NS} scale deployment/web --replicas=0',
    'kubectl -n {NS} get secret db -o yaml',
    'systemctl restart {UNIT}',
    'docker exec web ls',
    'kubectl -n {NS} exec web -- ls',
    '/usr/bin/docker cp web:/x /tmp/x',
    'aws s3 rm s3://bucket/key',
    'git push',
    // Databases.
    'redis-cli -h {REDIS_HOST} flushall',
    'redis-cli -h {REDIS_HOST} set a b',
    'redis-cli -h {REDIS_HOST} config set maxmemory 1',
    'redis-cli -h {REDIS_HOST} eval return 0',
    'redis-cli -h {REDIS_HOST} --pass hunter2hunter llen jobs',
    'redis-cli -h {REDIS_HOST} get session',
    `psql -h {DB_HOST} -c 'update jobs set state = 1'`,
    `psql -h {DB_HOST} -c 'select 1; drop table jobs'`,
    `psql -h {DB_HOST} -c 'select pg_terminate_backend(1)'`,
    `mysql -h {DB_HOST} -e 'delete from jobs'`,
    // Files and pipes.
    'echo x | tee /etc/app.conf',
    'cp /etc/hosts /tmp/x',
    'rm -rf /tmp/x',
    'truncate -s 0 /var/log/app.log',
    'cat /etc/shadow',
    'env',
    // Code.
    'bash -c ls',
    'eval ls',
    'echo id | bash',
    'echo x | xargs rm',
    'python3 -c 1',
    `awk 'BEGIN { system("id") }'`,
    'ssh host ls',
    'curl https://elsewhere.example/?x=1',
    // Not known, so not known to read.
    'frobnicate --list',
    './check.sh',
    // A value is an option here, as the command would take it.
    'rsync {HOSTILE} /a /b',
    'redis-cli {HOSTILE}',
    'ls {MISSING}',
  ])('%s', (run) => expect(said(run)).toMatch(/^(it may only read: |no plan: |the inventory has no )/));
});

test('says which check, and why', () => {
  expect(said('systemctl restart {UNIT}')).toBe(
    'it may only read: A verification script may only read. Put the change into the fix.',
  );
  expect(said('frobnicate --list')).toBe('it may only read: frobnicate is not described to the policy.');
  expect(said('sudo ls')).toMatch(/^no plan: [\s\S]*sudo has no place in a look[\s\S]*checks\[0\]\.run/);
});
