// Daily work as a reviewer meets it: what may run unseen, what asks and why, what stays refused and what to write instead.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { repairContext } from '../../../../test/support/scripts.ts';
import { judge } from '../judge.ts';

const judged = (script: string) => judge(script, repairContext);
const verdictOf = (script: string): string => {
  const { verdict, risk, effects } = judged(script);
  return [verdict, risk, ...effects.map(({ kind, target }) => `${kind} ${target}`)].join(' ');
};
const said = (script: string): string[] => judged(script).findings.map(({ sentence }) => sentence);

describe('a change that is told by its harm', () => {
  test.each([
    ['kubectl scale deployment/web --replicas=6 -n shop', 'allow MEDIUM scale deployment/web in shop'],
    ['kubectl scale deployment/web --replicas=4 -n shop', 'allow MEDIUM scale deployment/web in shop'],
    ['kubectl scale deployment/web --replicas=3 -n shop', 'allow MEDIUM scale.down deployment/web in shop'],
    ['kubectl scale deployment/web --replicas=1 -n shop', 'review HIGH scale.one deployment/web in shop'],
    [
      'kubectl scale deployment/checkout-api --current-replicas=6 --replicas=4 -n shop',
      'allow MEDIUM scale.down deployment/checkout-api in shop',
    ],
    ['kubectl rollout restart deployment/web -n shop', 'allow LOW service.restart deployment/web in shop'],
    [
      'aws autoscaling start-instance-refresh --auto-scaling-group-name shop-web-asg',
      'review HIGH instances.replace shop-web-asg',
    ],
    [
      'aws ec2 reboot-instances --instance-ids i-0abc12345def67890',
      'allow MEDIUM machine.reboot i-0abc12345def67890',
    ],
    [
      "aws cloudfront create-invalidation --distribution-id E2QWRUHAPOMQZL --paths '/a/*' '/b.css'",
      'allow LOW cache.purge E2QWRUHAPOMQZL',
    ],
    [
      "aws cloudfront create-invalidation --distribution-id E2QWRUHAPOMQZL --paths '/a' '/*'",
      'allow MEDIUM cache.clear E2QWRUHAPOMQZL',
    ],
    ['sudo journalctl --vacuum-time=2weeks', 'allow MEDIUM log.prune the journal'],
    ['docker image prune -f', 'allow MEDIUM images.prune images of this machine'],
    ['docker image prune -af', 'review MEDIUM images.prune images of this machine'],
    ['az vmss restart -g rg-shop -n vmss-web --instance-ids 1 2', 'allow MEDIUM machine.reboot vmss-web'],
    ['nginx -s reload', 'allow LOW service.reload nginx'],
    ['apachectl -k graceful', 'allow LOW service.reload apache2'],
    ['apachectl restart', 'allow LOW service.restart apache2'],
    ['logrotate -f /etc/logrotate.d/shop', 'allow LOW log.rotate /etc/logrotate.d/shop'],
    ['logrotate -f /etc/logrotate.d/nginx', 'review MEDIUM log.rotate /etc/logrotate.d/nginx'],
    ['service nginx reload', 'allow LOW service.reload nginx'],
    ['service redis-server stop', 'review HIGH service.stop redis-server'],
    ['sv restart shop-api', 'allow LOW service.restart shop-api'],
    ['rc-service nginx restart', 'allow LOW service.restart nginx'],
    ['docker service rollback web', 'allow MEDIUM rollout.undo web'],
    ["supervisorctl restart 'order-consumer:*'", 'allow LOW service.restart order-consumer'],
    [
      'aws ecs stop-task --cluster shop-prod --task 0a1b2c3d4e --reason hangs',
      'review MEDIUM pod.restart shop-prod',
    ],
    ['helm rollback web -n shop', 'allow MEDIUM rollout.undo web'],
    [
      'kubectl patch hpa/web --type merge -p \'{"spec": {"minReplicas": 2}}\' -n shop',
      'allow MEDIUM autoscaler.set hpa/web minReplicas in shop',
    ],
  ])('%s: %s', (script, expected) => expect(verdictOf(script)).toBe(expected));
});

describe('a change that a person decides', () => {
  test.each([
    ['kubectl delete pod web-7d9f8c6b5-x2x4q -n shop', 'does not wait until another one is ready'],
    [
      'kubectl delete pods redis-cache-0 -n shop --grace-period=60',
      'does not wait until another one is ready',
    ],
    ['kubectl delete pod/web-7d9f8c6b5-x2x4q -n shop', 'does not wait until another one is ready'],
    [
      'kubectl delete pod -l app.kubernetes.io/name=web,tier=front -n shop',
      'kubectl rollout restart replaces',
    ],
    ['kubectl delete pod web-0', 'add --namespace'],
    [
      'kubectl get pods -n shop -l app=web -o name | xargs -r kubectl delete -n shop',
      'is known only at run time',
    ],
    ['kubectl rollout restart deployment/web deployment/checkout-api -n shop', 'one command for each'],
    ['kubectl set env deployment/web JAVA_OPTS=-Xmx512m -n shop', 'can load code'],
    [
      'pod=$(kubectl get pods -n shop -l app=web -o name | head -n 1)\nkubectl delete "$pod" -n shop',
      'is known only at run time',
    ],
    ['kubectl set image deploy web web=registry.shop.example/web:1.4.2 -n shop', 'has to know it'],
    ['kubectl set env deployment/web LOG_LEVEL=warn CACHE- -n shop', 'has to know it'],
    ['kubectl set resources deployment/web --limits=memory=1Gi -n shop', 'restart the pods'],
    ['n=3; kubectl scale deployment/web --replicas="$((n + 2))" -n shop', ''],
    ['celery -A shop control pool_restart', 'Tasks that run now'],
    ['n=3; aws ecs update-service --cluster shop-prod --service checkout --desired-count "$((n + 1))"', ''],
    [
      'docker compose -f /opt/shop/compose.yml restart worker',
      'What /opt/shop/compose.yml says is not judged',
    ],
    [
      'aws ecs update-service --cluster shop-prod --service checkout --task-definition checkout:4 --desired-count 3',
      'another task definition',
    ],
    [
      'aws ecs update-service --cluster shop-prod --service checkout --task-definition checkout:41',
      'not judged',
    ],
    [
      "redis-cli -h cache.shop.internal --scan --pattern 'session:*' | xargs -r redis-cli -h cache.shop.internal unlink",
      'session: is in no parameter of the inventory',
    ],
  ])('%s: …%s…', (script, part) => {
    const { verdict, effects } = judged(script);
    expect(verdict).not.toBe('refuse');
    expect(effects.map(({ kind }) => kind)).not.toContain('unknown');
    expect(said(script).join(' ')).toContain(part);
  });

  test('a number that the script counts together is shown, and asked about', () => {
    const script =
      'n=$(kubectl get deploy web -n shop -o jsonpath=\'{.spec.replicas}\')\nkubectl scale deployment/web --replicas="$((n + 2))" -n shop';
    expect(judged(script)).toMatchObject({ verdict: 'review', effects: [{ kind: 'scale' }] });
    expect(said(script)).toEqual([
      expect.stringContaining('The number $((n + 2)) is known only at run time'),
      expect.stringContaining('[[ "$n" =~ ^[0-9]+$ ]] || exit 1'),
    ]);
    const guarded = script.replace('\n', '\n[[ "$n" =~ ^[0-9]+$ ]] || exit 1\n');
    expect(said(guarded)).toEqual([
      expect.stringContaining('The number $((n + 2)) is known only at run time'),
    ]);
  });
});

describe('what stays refused says what to write instead', () => {
  test.each([
    ['rm -rf /var/tmp/shop', 'tmp="$(mktemp -d)"'],
    ['tmp="$(mktemp -d)"; rm -rf "$tmp"', 'rm -r -- "$tmp"'],
    ['rm -r -- /tmp/shop', 'rm -r -- "$tmp"'],
    ['tmp="$(mktemp -d)"; d="$(find /tmp -name x)"; rm -r -- "$d"', 'rm -r -- "$tmp"'],
    ['tmp="$(mktemp -d)"; rm -r -- "$tmp/.."', 'rm -r -- "$tmp"'],
    ['kubectl delete deployment web -n shop', 'kubectl delete pod NAME'],
    ['kubectl delete pod web-0 secret/db -n shop', 'is no pod of a workload'],
    ['p=$(kubectl get deploy -n shop -o name); kubectl delete "$p" -n shop', 'kubectl delete pod NAME'],
    ['kubectl delete pod payments-0 -n shop', 'no pod of a workload in the incident'],
    ['kubectl delete pod -l app=payments -n shop', '--selector app=web'],
    ['kubectl delete pod -l app!=web -n shop', '--selector app=web'],
    ['kubectl delete pod -n shop', 'Write which pod'],
    ['kubectl delete pod web-0 --grace-period=0 -n shop', 'not between 10 and'],
    ['kubectl patch deployment web -n shop -p \'{"spec":{"replicas":3}}\'', 'kubectl scale, set image'],
    ['kubectl patch hpa web -n shop -p \'{"spec":{"maxReplicas":99}}\'', 'from 1 to 12'],
    ['kubectl patch hpa web -n shop -p \'{"spec":{"scaleTargetRef":{"name":"x"}}}\'', 'maxReplicas'],
    ['kubectl scale deployment/web --replicas=13 -n shop', 'WEB_REPLICAS_MAX is 12'],
    ['kubectl scale deployment/web --replicas=0 -n shop', 'not between 1 and 50'],
    ['kubectl create job x --image=evil -n shop', '--from=cronjob/NAME'],
    ['kubectl create job x --from=cronjob/other -n shop', 'other is not in the incident'],
    ['kubectl set image deployment/web web=evil -n shop', 'name and tag or digest'],
    ['kubectl set env deployment/web LD_PRELOAD=/tmp/x.so -n shop', 'decides which code'],
    ['kubectl rollout restart deployment/web deployment/payments -n shop', 'payments is not in the incident'],
    ['kubectl rollout restart deployment/web secret/db -n shop', 'Each of them is'],
    ['kubectl set env deployment/web DB_PASSWORD=x -n shop', 'a Secret of the cluster'],
    ['kubectl get --raw /api/v1/namespaces/shop/secrets', '--raw /readyz'],
    ['journalctl --vacuum-time=1s', '--vacuum-time=1d or more'],
    ['journalctl --vacuum-size=1K', '--vacuum-size=50M or more'],
    ['service ../../bin/sh restart', 'no plain name'],
    ['service sshd restart', 'sshd is not in the incident'],
    ['service nginx frobnicate', 'one of status, restart'],
    ['nginx -s stop', 'not one of reload'],
    ['docker system prune -f', 'docker image prune -f'],
    ['kubectl apply -n shop', 'kubectl rollout undo'],
    ['kubectl autoscale deployment web -n shop', 'kubectl patch hpa'],
    ['helm upgrade web ./chart -n shop', 'helm rollback RELEASE'],
    ['systemctl enable nginx', 'systemctl restart UNIT'],
    ['celery -A shop inspect conf', 'not for a remediation'],
    ['tmp="$(mktemp -u -d)"; rm -r -- "$tmp"', 'rm -r -- "$tmp"'],
    [
      "redis-cli -h other.example --scan --pattern 'catalog:*' | xargs redis-cli unlink",
      'known only at run time',
    ],
    ['apachectl', 'apachectl configtest or graceful'],
    [
      `kubectl patch hpa web -n shop -p '{"spec":{"scaleTargetRef":{}},"spec":{"maxReplicas":2}}'`,
      '--type merge',
    ],
    ['rabbitmqctl -n rabbit@other restart_vhost -p shop', 'rabbit@other is not in the incident'],
    ['celery -A other control pool_restart', 'other is not in the incident'],
    ['supervisorctl restart other:order-consumer', 'other is not in the incident'],
    ['kubectl get oauthclients.oauth.openshift.io', 'not read by a script'],
    ['redis-cli flushall', "redis-cli --scan --pattern 'prefix:*'"],
    [
      'kafka-consumer-groups --bootstrap-server kafka.shop.internal:9092 --group order-consumers --all-topics --reset-offsets --to-latest --execute',
      '--topic NAME',
    ],
  ])('%s: …%s…', (script, part) => {
    expect(judged(script).verdict).toBe('refuse');
    expect(said(script).join(' ')).toContain(part);
  });
});

test('no patch but an autoscaler’s limits between one and the inventory’s most is accepted, however it is written', () => {
  const patch = fc.oneof(
    fc.jsonValue(),
    fc.record({
      spec: fc.dictionary(fc.constantFrom('minReplicas', 'maxReplicas', 'replicas'), fc.integer()),
    }),
    fc.record({
      spec: fc.record({ maxReplicas: fc.integer({ min: -5, max: 60 }) }),
      metadata: fc.jsonValue(),
    }),
    fc.record({ spec: fc.record({ maxReplicas: fc.integer({ min: -5, max: 60 }) }) }),
  );
  fc.assert(
    fc.property(patch, (value) => {
      const text = JSON.stringify(value).replaceAll("'", '');
      const { verdict } = judged(`kubectl patch hpa web -n shop --type merge -p '${text}'`);
      const exact = /^\{"spec":\{("(min|max)Replicas":([2-9]|1[0-2]),?){1,2}\}\}$/.test(text);
      if (verdict === 'allow')
        expect(text).toMatch(/^\{"spec":\{"(min|max)Replicas":\d+(,"(min|max)Replicas":\d+)?\}\}$/);
      else if (exact && !text.includes(',')) expect(verdict).toBe('allow');
    }),
    { numRuns: 300 },
  );
});

test('a pod is never deleted without a person, and one of nobody in the inventory is never deleted', () => {
  const tail = fc.stringMatching(/^[a-z0-9-]{0,30}$/);
  fc.assert(
    fc.property(tail, fc.constantFrom('web', 'order-worker', '4', 'z', ''), (end, begin) => {
      const { verdict } = judged(`kubectl delete pod ${begin}${end} -n shop`);
      expect(verdict).not.toBe('allow');
      if (begin === 'z' || /^\d/.test(begin)) expect(verdict).toBe('refuse');
    }),
    { numRuns: 300 },
  );
});
