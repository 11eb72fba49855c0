import { describe, expect, test } from 'vitest';
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
    ["aws cloudfront create-invalidation --distribution-id E123 --paths '/*'", 'cache.purge', 'LOW', true],
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
