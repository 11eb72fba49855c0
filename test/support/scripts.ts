// The corpora of scripts the policy is measured on: read from test/corpora, one JSON line a script, or one block of a list.
// It must never repair or skip a line; a broken corpus fails the test that reads it.
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PolicyContext } from '#core/policy/types';

const line = z.strictObject({ id: z.string(), class: z.string(), script: z.string() });
export type CorpusScript = z.infer<typeof line>;

/** All scripts of one kind, in the order of their files. */
export function corpus(kind: 'dangerous' | 'safe'): CorpusScript[] {
  const folder = new URL(`../corpora/${kind}/`, import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n'))
    .map((text) => line.parse(JSON.parse(text)));
}

/** The inventory both corpora are written for: one deployment, one unit, one container, one address, and its servers. */
export const shopContext: PolicyContext = {
  kind: 'fix',
  parameters: {
    DEPLOYMENT: 'web',
    NAMESPACE: 'shop',
    UNIT: 'nginx',
    SHOP_URL: 'http://127.0.0.1:4601/health',
    DATABASE_HOST: 'db.internal',
    REPLICA_HOST: 'db',
    CACHE_HOST: 'cache.internal',
    QUEUE_HOST: 'redis.internal',
    LOCAL_CACHE: 'cache',
  },
  actions: [],
};

/** A script of a list of repairs, with the verdict that it deserves. */
export type Repair = { id: string; deserves: 'allow' | 'review'; script: string };

/** Ordinary repairs: `unseen` may run unseen, `yes` deserve a person's yes. The lists are in the order of their files. */
export function repairs(list: 'unseen' | 'yes'): Repair[] {
  const text = readFileSync(new URL(`../corpora/repairs/${list}.txt`, import.meta.url), 'utf8');
  const [, ...blocks] = text.split(/^=== /m);
  return blocks.map((block) => {
    const [, id, deserves, script] = /^([a-z]+-\d\d) (allow|review): [^\n]+\n([\s\S]+)$/.exec(block) ?? [];
    if (!id || !script)
      throw new Error(`a block of ${list}.txt has no name, verdict and script: ${block.slice(0, 80)}`);
    return { id, deserves: deserves === 'allow' ? 'allow' : 'review', script: `${script.trimEnd()}\n` };
  });
}

/** The inventory that the repairs are written for: a shop with its workloads, machines, stores and cloud. */
export const repairContext: PolicyContext = {
  kind: 'fix',
  parameters: {
    NAMESPACE: 'shop',
    WEB_DEPLOYMENT: 'web',
    WEB_REPLICAS_USUAL: '4',
    WEB_REPLICAS_MAX: '12',
    API_DEPLOYMENT: 'checkout-api',
    WORKER_DEPLOYMENT: 'order-worker',
    CACHE_STATEFULSET: 'redis-cache',
    AGENT_DAEMONSET: 'log-agent',
    REINDEX_CRONJOB: 'catalog-reindex',
    NODE: 'ip-10-0-12-34.eu-west-1.compute.internal',
    NGINX_UNIT: 'nginx',
    APACHE_UNIT: 'apache2',
    PHP_UNIT: 'php8.2-fpm',
    API_UNIT: 'shop-api',
    IMPORT_UNIT: 'shop-import',
    HAPROXY_UNIT: 'haproxy',
    REDIS_UNIT: 'redis-server',
    MEMCACHED_UNIT: 'memcached',
    POOLER_UNIT: 'pgbouncer',
    TIME_UNIT: 'chrony',
    CELERY_UNIT: 'celery-shop',
    CELERY_APP: 'shop',
    PROGRAM: 'order-consumer',
    WEB_CONTAINER: 'shop-web',
    WORKER_CONTAINER: 'shop-worker',
    COMPOSE_SERVICE: 'worker',
    COMPOSE_DIRECTORY: '/opt/shop',
    LOGROTATE: '/etc/logrotate.d/shop',
    LOGS: '/var/log/shop',
    EXPORTS: '/var/tmp/shop',
    CACHE_HOST: 'cache.shop.internal',
    CACHE_PREFIX: 'catalog:',
    FRONT_KEY: 'catalog:front',
    ORDERS_LIST: 'queue:orders',
    DATABASE_HOST: 'db.shop.internal',
    DATABASE: 'shop',
    ORDERS_TABLE: 'orders',
    BROKER: 'kafka.shop.internal:9092',
    CONSUMER_GROUP: 'order-consumers',
    ORDERS_TOPIC: 'orders',
    RABBIT_NODE: 'rabbit@mq-1',
    DEAD_LETTERS_ARN: 'arn:aws:sqs:eu-west-1:123456789012:orders-dlq',
    DEAD_LETTERS_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-dlq',
    AWS_REGION_USED: 'eu-west-1',
    ECS_CLUSTER: 'shop-prod',
    ECS_SERVICE: 'checkout',
    AUTO_SCALING_GROUP: 'shop-web-asg',
    INSTANCE: 'i-0abc12345def67890',
    DISTRIBUTION: 'E2QWRUHAPOMQZL',
    FUNCTION: 'order-notifier',
    RDS_INSTANCE: 'shop-db',
    ELASTICACHE: 'shop-cache-001',
    BEANSTALK: 'shop-prod-env',
    GOOGLE_PROJECT: 'shop-prod',
    GOOGLE_ZONE: 'europe-west1-b',
    GOOGLE_REGION: 'europe-west1',
    INSTANCE_GROUP: 'web-mig',
    URL_MAP: 'shop-map',
    GOOGLE_DATABASE: 'shop-pg',
    RESOURCE_GROUP: 'rg-shop',
    WEB_APP: 'shop-checkout',
    SCALE_SET: 'vmss-web',
    MACHINE: 'vm-shop-1',
    AKS_CLUSTER: 'aks-shop',
    AKS_POOL: 'workers',
    CDN_PROFILE: 'shop-cdn',
    CDN_ENDPOINT: 'shop-edge',
    SHOP_URL: 'https://shop.example/health',
  },
  actions: [
    { id: 'purge', method: 'POST', url: 'https://admin.shop.example/cache/purge', effect: 'cache.purge' },
    {
      id: 'requeue',
      method: 'POST',
      url: 'https://admin.shop.example/queues/orders-dlq/requeue',
      effect: 'queue.retry',
    },
  ],
};
