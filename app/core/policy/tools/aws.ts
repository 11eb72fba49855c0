// The AWS CLI: `aws SERVICE OPERATION`. Reading operations begin with describe, list or get, but some of these hand
// out secrets; https://docs.aws.amazon.com/cli/latest/reference/
// It must never describe an operation that creates, deletes or changes rights.
import type { Rule, Tool } from '../engine/spec.ts';
import { service, target, values } from './aws-rules.ts';

const path = 'like:/[\\w./*-]*';

const aws: Rule = {
  flags:
    '--no-cli-pager --no-paginate --help --version --include-all-instances --no-include-all-instances --descending --no-descending --with-details --show-details --show-cache-node-info --no-show-cache-node-info',
  values: {
    '--output --color --cli-read-timeout --cli-connect-timeout': 'word',
    '--region': 'name',
    '--query': 'any',
  },
  refuse: {
    config: '--profile --cli-input-json --cli-input-yaml --ca-bundle --cli-binary-format',
    'other-cluster': '--endpoint-url',
    'disables-security': '--no-verify-ssl --no-sign-request',
    'secret-read': '--with-decryption --debug',
    forced: '--force --skip-final-snapshot --force-delete --apply-immediately --ignore-metrics-time-range',
  },
  subcommands: {
    sts: service('get-caller-identity'),
    ec2: service(
      'describe-instances describe-instance-status describe-volumes describe-volume-status describe-snapshots describe-images describe-subnets describe-vpcs describe-security-groups describe-network-interfaces describe-addresses describe-route-tables describe-nat-gateways describe-internet-gateways describe-availability-zones describe-regions describe-tags describe-instance-types describe-spot-instance-requests describe-network-acls describe-vpc-endpoints describe-transit-gateways describe-placement-groups describe-reserved-instances describe-key-pairs',
      {
        'reboot-instances': {
          ...target({ '--instance-ids': 'target' }, 'machine.reboot'),
          operands: ['*target'],
        },
      },
    ),
    ecs: service(
      'list-clusters list-services list-tasks list-container-instances list-task-definitions describe-clusters describe-services describe-tasks describe-container-instances describe-capacity-providers',
      {
        'describe-task-definition': {
          values,
          asks: 'Task definitions may hold secrets in their environment.',
        },
        'stop-task': target({ '--cluster': 'target', '--task': 'like:[\\w:/-]{1,200}' }, 'pod.restart', {
          values: { '--reason': 'literal' },
          asks: 'A task ends at once, before another one runs; update-service --force-new-deployment waits, and needs nobody.',
        }),
        'update-service': target(
          { '--cluster': 'scope', '--service': 'target', '--desired-count': 'amount:1..50' },
          'service.restart',
          {
            flags: '--force-new-deployment',
            values: { '--task-definition': 'like:[\\w-]+:\\d+' },
            needs: '--force-new-deployment --desired-count --task-definition',
            when: [
              { has: '--desired-count', rule: { effect: 'scale', check: 'scaling' } },
              {
                has: '--task-definition',
                rule: {
                  effect: 'deploy',
                  check: '',
                  asks: 'What another task definition does is not judged; a person has to know it. --force-new-deployment, of the same one, needs nobody.',
                },
              },
            ],
          },
        ),
      },
    ),
    eks: service(
      'list-clusters describe-cluster list-nodegroups describe-nodegroup list-addons describe-addon list-fargate-profiles list-updates describe-update',
    ),
    rds: service(
      'describe-db-instances describe-db-clusters describe-events describe-db-log-files describe-pending-maintenance-actions describe-db-snapshots describe-db-parameters describe-db-subnet-groups describe-db-cluster-endpoints describe-orderable-db-instance-options',
      {
        'reboot-db-instance': target({ '--db-instance-identifier': 'target' }, 'machine.reboot', {
          flags: '--force-failover --no-force-failover',
          asks: 'Restarting a database interrupts everything that uses it.',
        }),
      },
    ),
    elbv2: service(
      'describe-load-balancers describe-target-groups describe-target-health describe-listeners describe-rules describe-tags describe-load-balancer-attributes describe-target-group-attributes describe-listener-attributes describe-listener-certificates describe-account-limits describe-ssl-policies describe-capacity-reservation',
    ),
    elb: service('describe-load-balancers describe-instance-health'),
    autoscaling: service(
      'describe-auto-scaling-groups describe-auto-scaling-instances describe-scaling-activities describe-policies describe-instance-refreshes describe-lifecycle-hooks describe-scheduled-actions describe-load-balancer-target-groups',
      {
        'set-desired-capacity': target(
          { '--auto-scaling-group-name': 'target', '--desired-capacity': 'amount:1..50' },
          'scale',
          { flags: '--honor-cooldown --no-honor-cooldown', check: 'scaling' },
        ),
        'start-instance-refresh': target(
          {
            '--auto-scaling-group-name': 'target',
            '--strategy': 'one:Rolling',
            '--preferences':
              'like:(\\{("(MinHealthyPercentage|MaxHealthyPercentage|InstanceWarmup|CheckpointDelay)": ?\\d{1,4},? ?)+\\}|((MinHealthyPercentage|MaxHealthyPercentage|InstanceWarmup|CheckpointDelay)=\\d{1,4},?)+)',
          },
          'instances.replace',
          {
            asks: 'Every machine of the group is replaced, with all that lies on it; set-desired-capacity, to more machines, needs nobody.',
          },
        ),
      },
    ),
    'application-autoscaling': service(
      'describe-scalable-targets describe-scaling-policies describe-scaling-activities',
    ),
    cloudwatch: service(
      'describe-alarms describe-alarm-history describe-alarms-for-metric get-metric-statistics get-metric-data list-metrics list-dashboards get-dashboard describe-anomaly-detectors',
    ),
    logs: service(
      'describe-log-groups describe-log-streams filter-log-events get-log-events start-query get-query-results describe-queries describe-metric-filters describe-subscription-filters',
      {
        tail: {
          values: { ...values, '--since --format': 'literal' },
          operands: ['word'],
          endless: '--follow',
        },
      },
    ),
    sqs: service(
      'list-queues get-queue-attributes get-queue-url list-dead-letter-source-queues list-message-move-tasks',
      {
        'start-message-move-task': target(
          {
            '--source-arn': 'target',
            '--destination-arn': 'target',
            '--max-number-of-messages-per-second': 'int:1..500',
          },
          'queue.retry',
        ),
      },
    ),
    sns: service('list-topics list-subscriptions get-topic-attributes list-subscriptions-by-topic'),
    lambda: service(
      'list-event-source-mappings list-aliases get-function-concurrency get-account-settings get-alias list-layers',
      {
        // Without a choice of fields these print every function's environment.
        'list-functions|list-versions-by-function': {
          values: { ...values, '--query': 'like:(?!.*(Env|Var)).+' },
          needs: '--query',
          strict: 'secret-read',
        },
        'update-alias': target(
          {
            '--function-name': 'target',
            '--name': 'literal',
            '--function-version': 'like:\\d{1,9}',
            '--description': 'literal',
          },
          'traffic.shift',
        ),
      },
    ),
    dynamodb: service(
      'list-tables describe-table describe-continuous-backups describe-time-to-live describe-limits',
    ),
    s3: {
      subcommands: {
        ls: { flags: '--recursive --human-readable --summarize', operands: ['?like:s3://[\\w./-]+'] },
      },
    },
    s3api: service(
      'list-buckets list-objects-v2 head-bucket get-bucket-location get-bucket-versioning list-object-versions get-bucket-lifecycle-configuration get-bucket-encryption',
    ),
    route53: service(
      'list-hosted-zones list-resource-record-sets get-hosted-zone get-health-check-status list-health-checks',
    ),
    cloudformation: service(
      'describe-stacks describe-stack-events describe-stack-resources list-stacks list-stack-resources describe-stack-drift-detection-status',
    ),
    elasticache: service(
      'describe-cache-clusters describe-replication-groups describe-events describe-cache-parameters',
      {
        'reboot-cache-cluster': {
          ...target(
            { '--cache-cluster-id': 'target', '--cache-node-ids-to-reboot': 'like:\\d{4}' },
            'machine.reboot',
            { asks: 'A cache that restarts is empty, and what stands behind it has all of the load.' },
          ),
          operands: ['*like:\\d{4}'],
        },
      },
    ),
    cloudfront: service('list-distributions get-distribution list-invalidations get-invalidation', {
      'create-invalidation': {
        ...target({ '--distribution-id': 'target', '--paths': path }, 'cache.purge', { check: 'purge' }),
        operands: [`*${path}`],
      },
    }),
    acm: service('list-certificates describe-certificate'),
    kinesis: service('list-streams describe-stream-summary describe-stream list-shards'),
    stepfunctions: service('list-state-machines list-executions describe-state-machine'),
    efs: service('describe-file-systems describe-mount-targets'),
    kafka: service('list-clusters describe-cluster list-nodes'),
    opensearch: service('list-domain-names describe-domain describe-domain-health'),
    events: service('list-rules describe-rule list-targets-by-rule'),
    health: service('describe-events describe-event-details describe-affected-entities'),
    ecr: service('describe-repositories describe-images list-images describe-image-scan-findings'),
    ssm: service(
      'describe-instance-information describe-parameters list-commands list-command-invocations describe-instance-patches',
    ),
    cloudtrail: service('lookup-events describe-trails get-trail-status'),
    batch: service('describe-job-queues list-jobs describe-jobs describe-compute-environments'),
    codepipeline: service('list-pipelines get-pipeline-state list-pipeline-executions'),
    codedeploy: service('list-deployments get-deployment list-applications'),
    elasticbeanstalk: service(
      'describe-environments describe-environment-health describe-events describe-instances-health',
      {
        'restart-app-server': target({ '--environment-name': 'target' }, 'service.restart'),
      },
    ),
    apigateway: service('get-rest-apis get-stages get-deployments'),
    wafv2: service('list-web-acls get-sampled-requests'),
    ce: service('get-cost-and-usage'),
    'service-quotas': service('list-service-quotas get-service-quota'),
    resourcegroupstaggingapi: service('get-resources'),
    'secretsmanager|iam|kms|cognito-idp|cognito-identity|sso|sso-admin|organizations|configure|identitystore|ssm-incidents|guardduty|securityhub|account|ram|artifact|login|codeartifact|rolesanywhere':
      { never: 'access' },
  },
};

export const amazon: readonly Tool[] = [{ names: 'aws awslocal', rule: aws }];
