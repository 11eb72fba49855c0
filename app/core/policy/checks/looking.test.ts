// Reading as people write it: long and rare options, kinds of the cluster's own, and what only looks like reading.
import { describe, expect, test } from 'vitest';
import { repairContext } from '../../../../test/support/scripts.ts';
import { judge } from '../judge.ts';

const judged = (script: string) => judge(script, repairContext);

describe('looking', () => {
  test.each([
    'top --batch-mode --iterations=1',
    'vmstat --wide --timestamp 1 3',
    'pidstat -u -p ALL 1 2',
    'ss --tcp --listening --numeric --oneline',
    'podman ps --all --pod --noheading',
    'crictl pods --namespace shop --no-trunc',
    'helm list --superseded -n shop',
    'logrotate --debug /etc/logrotate.d/shop',
    'timedatectl show --property=NTPSynchronized --value',
    'consul members -detailed',
    'journalctl --unit nginx --truncate-newline --no-pager',
    'kubectl get hpa.autoscaling -n shop',
    'kubectl describe pods -n shop --show-events=false',
    'kubectl logs -n shop deploy/web --all-pods --prefix=true --tail=5',
    'kubectl wait pods --all --for=condition=Ready -n shop --timeout=60s',
    'aws ec2 describe-instances --instance-ids i-1 i-2 --output text',
    'aws ecs wait services-stable --cluster shop-prod --services checkout api',
    'kafka-consumer-groups --bootstrap-server kafka.shop.internal:9092 --list --state',
    'rabbitmq-diagnostics -q check_alarms',
    'celery -A shop inspect stats --json',
    "redis-cli --scan --pattern 'catalog:*' --count 100 | wc -l",
  ])('by long and rare options is reading: %s', (script) =>
    expect(judged(script)).toMatchObject({ verdict: 'allow', risk: 'LOW', effects: [] }),
  );
});

describe('kubectl get', () => {
  test.each([
    'virtualservices.networking.istio.io',
    'destinationrules.networking.istio.io web -o yaml',
    'rollouts.argoproj.io --ignore-not-found=true',
    'kustomizations.kustomize.toolkit.fluxcd.io -A --show-labels',
    'pods --show-managed-fields=false --server-print=false --use-openapi-print-columns',
    "--raw '/readyz?verbose'",
  ])('%s reads', (what) => expect(judged(`kubectl get ${what}`).verdict).toBe('allow'));

  test.each([
    'externalsecrets.external-secrets.io',
    'vaultstaticsecrets.secrets.hashicorp.com',
    'clustersecretstores.external-secrets.io',
    'databasecredentials.example.com',
    'serviceaccounts',
    'pods,secrets.v1.',
  ])('%s is refused', (what) => expect(judged(`kubectl get ${what}`).verdict).toBe('refuse'));

  test('a short name that nobody knows asks for the whole one', () => {
    expect(judged('kubectl get xyz').verdict).toBe('review');
    expect(
      judged('kubectl get xyz')
        .findings.map(({ sentence }) => sentence)
        .join(),
    ).toContain('virtualservices.networking.istio.io');
  });
});
