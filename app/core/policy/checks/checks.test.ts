import { describe, expect, test } from 'vitest';
import { shopContext } from '../../../../test/support/scripts.ts';
import { judge } from '../judge.ts';

const context = {
  kind: 'fix',
  parameters: {
    D: 'web',
    N: 'shop',
    UNIT: 'nginx',
    TABLE: 'orders',
    DIR: '/var/tmp/shop',
    KEY: 'cache:front',
    GROUP: 'web-asg',
    DIST: 'E123',
  },
  actions: [],
} as const;
const judged = (script: string) => judge(script, context);

describe('a change', () => {
  test.each([
    ['kubectl rollout restart deployment/web -n shop', 'service.restart', 'LOW', true],
    ['kubectl -n shop rollout undo deploy web', 'rollout.undo', 'MEDIUM', false],
    ['kubectl scale sts/web --replicas 4 --namespace shop', 'scale', 'MEDIUM', false],
    ['systemctl restart nginx.service', 'service.restart', 'LOW', true],
    ['sudo systemctl reload nginx', 'service.reload', 'LOW', true],
    ['docker restart web', 'service.restart', 'LOW', true],
    ["psql -c 'vacuum analyze orders'", 'database.maintain', 'LOW', true],
    ["find /var/tmp/shop -type f -name '*.tmp' -mtime +7 -delete", 'files.prune', 'MEDIUM', true],
    ['redis-cli del cache:front', 'cache.purge', 'LOW', true],
    [
      'aws autoscaling set-desired-capacity --auto-scaling-group-name web-asg --desired-capacity 4',
      'scale',
      'MEDIUM',
      false,
    ],
    ["aws cloudfront create-invalidation --distribution-id E123 --paths '/*'", 'cache.purge', 'MEDIUM', true],
    ['helm rollback web 3 -n shop', 'rollout.undo', 'MEDIUM', false],
    ['supervisorctl restart web', 'service.restart', 'LOW', true],
  ])('of the inventory is allowed: %s', (script, kind, risk, selfRestoring) => {
    const verdict = judged(script);
    expect(verdict).toMatchObject({ verdict: 'allow', risk, findings: [] });
    expect(verdict.effects).toMatchObject([{ kind, selfRestoring }]);
  });

  test.each([
    'kubectl rollout restart deployment/payments -n shop',
    'kubectl rollout restart deployment/web -n payments',
    'kubectl rollout restart deployment -n shop',
    'kubectl rollout restart deployment/web -l app=x -n shop',
    'kubectl --context other rollout restart deployment/web -n shop',
    'kubectl scale deployment/web --replicas=0 -n shop',
    'kubectl scale deployment/web --replicas=1000 -n shop',
    'systemctl restart nginx sshd',
    "systemctl restart '*'",
    'docker restart payments',
    "psql -c 'vacuum users'",
    "find /var/tmp/shop -name '*.tmp' -delete",
    'find /var/tmp -type f -mtime +7 -delete',
    'redis-cli del session:1',
    'redis-cli flushall',
    'aws ec2 terminate-instances --instance-ids i-1',
    'kubectl delete pod web-0 -n shop',
    'helm uninstall web',
  ])('of anything else, or of more, is refused: %s', (script) => {
    expect(judged(script).verdict).toBe('refuse');
  });

  test.each([
    'kubectl rollout restart deployment/web',
    'systemctl stop nginx',
    'kubectl drain shop --ignore-daemonsets',
  ])('that is understood but not said fully, or takes something away, asks: %s', (script) =>
    expect(judged(script).verdict).toBe('review'),
  );

  test.each([
    'kill -9 123',
    'kubectl delete pod web-0 --grace-period=0 --force',
    'systemctl kill -s KILL nginx',
    'kubectl drain web --force --ignore-daemonsets',
    'docker kill web',
  ])('by force is refused: %s', (script) => expect(judged(script).verdict).toBe('refuse'));
});

describe('a request', () => {
  test.each([
    ['curl -X POST http://localhost/x', 'unlisted-action'],
    ['curl -d a=b http://localhost/x', 'unlisted-action'],
    ['curl -d @/var/log/syslog http://localhost/x', 'upload'],
    ['curl -H "Authorization: Bearer abcdefgh" http://localhost/health', 'credential'],
    ['curl -u a:b http://localhost/health', 'credential'],
    ['curl -k https://localhost/health', 'disables-security'],
    ['curl -x http://evil.example http://localhost/health', 'other-cluster'],
    ['curl -K /tmp/x', 'config'],
    ['curl -T /tmp/x http://localhost/', 'upload'],
    ['curl --frobnicate http://localhost/health', 'curl-option'],
    ["curl -H 'X-HTTP-Method-Override: DELETE' http://localhost/x", 'header'],
    ['curl -sL -o /etc/cron.d/x http://localhost/health', 'writes-file'],
  ])('%s is refused', (script, code) => {
    expect(judged(script).verdict).toBe('refuse');
    expect(judged(script).findings.map((finding) => finding.code)).toContain(code);
  });
});

describe('kubectl get', () => {
  test.each(['pods', 'deploy,svc,ing', 'pod/web-0', 'pods web-0', 'events'])('%s reads', (what) =>
    expect(judged(`kubectl get ${what} -n shop`).verdict).toBe('allow'),
  );
  test.each([
    'secrets',
    'pods,secrets',
    'secret/db',
    'Secret db',
    'pods secret/x',
    'externalsecrets',
    '--raw /api',
  ])('%s is refused', (what) => expect(judged(`kubectl get ${what} -n shop`).verdict).toBe('refuse'));
});

describe('what may tell a stranger something', () => {
  test.each([
    ['a health page of a plain name', 'curl -fsS https://status.example.com/health', 'allow'],
    ['a path that could carry words', 'curl -fsS https://status.example.com/alice-smith/health', 'review'],
    ['a name that could carry data', 'curl -fsS https://c2VjcmV0LWRhdGE.example.com/health', 'review'],
    ['a query', 'curl -fsS https://status.example.com/health?x=1', 'review'],
    ['a look-up of a plain name', 'dig +short www.example.com', 'allow'],
    ['a look-up that could carry data', 'dig +short 6a6f686e20646f65.example.com', 'review'],
    ['a value of the inventory, whatever it is', 'curl -fsS http://127.0.0.1:4601/health', 'allow'],
    ['a store of secrets on this machine', 'curl -s http://localhost:8500/v1/kv/?recurse', 'refuse'],
    ['memory and command lines of a server', 'curl -s http://localhost:8080/debug/pprof/cmdline', 'refuse'],
  ])('%s', (_name, script, verdict) => {
    expect(judge(script, shopContext).verdict).toBe(verdict);
  });
});

describe('a change over the network', () => {
  const idle = (host: string, database = 'shop') =>
    `psql -h ${host} -c "select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and state = 'idle' and state_change < now() - interval '15 minutes' and pid <> pg_backend_pid()"`;

  test.each([
    ['ends idle sessions of our database on our host', idle('localhost'), 'allow'],
    ['not on another host', idle('db.example.com'), 'refuse'],
    ['not of another database', idle('localhost', 'billing'), 'refuse'],
    ['removes our key on our host', 'redis-cli -h localhost unlink web', 'allow'],
    ['not on another host', 'redis-cli -h cache.example.com unlink web', 'refuse'],
    ['rotates logs by our configuration', 'logrotate nginx', 'allow'],
    ['not by another', 'logrotate /tmp/own.conf', 'refuse'],
    ['not by force', 'logrotate -f nginx', 'refuse'],
  ])('%s', (_name, script, verdict) => {
    expect(judge(script, shopContext).verdict).toBe(verdict);
  });
});
