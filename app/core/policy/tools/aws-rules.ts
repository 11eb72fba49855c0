// The forms that most operations of the AWS CLI share: reading with filters, waiting, changing one target.
// It must never hold an operation of its own: those are in aws.ts, by service.
import type { Rule } from '../engine/spec.ts';

/** Behind an option that takes a list stand further words. */
const read: Rule = { operands: ['*word'], flags: '' };
const reads = (names: string): Readonly<Record<string, Rule>> => ({
  [names.trim().replace(/\s+/g, '|')]: read,
});
export const target = (
  values: Readonly<Record<string, string>>,
  effect: NonNullable<Rule['effect']>,
  more: Rule = {},
): Rule => ({
  ...more,
  values: { ...more.values, ...values },
  effect,
  operands: [],
});

/** Options of every reading operation: filters whose text stays with AWS. */
const filters =
  '--filters --filter --max-items --page-size --starting-token --next-token --max-results --query --names --ids --id --name --start-time --end-time --period --statistics --metric-name --namespace --dimensions --unit --metric-data-queries --log-group-name --log-stream-name --log-stream-names --log-group-name-prefix --log-stream-name-prefix --filter-pattern --limit --query-id --query-string --stack-name --instance-ids --instance-id --cluster --clusters --cluster-name --services --service --service-name --tasks --task-definition --container-instances --desired-status --family-prefix --nodegroup-name --addon-name --db-instance-identifier --db-cluster-identifier --load-balancer-arns --load-balancer-arn --target-group-arn --target-group-arns --listener-arns --auto-scaling-group-names --auto-scaling-group-name --alarm-names --alarm-name-prefix --state-value --queue-name-prefix --attribute-names --topic-arn --function-name --qualifier --table-name --hosted-zone-id --cache-cluster-id --replication-group-id --distribution-id --domain-name --resource-ids --resource-arn --vpc-ids --subnet-ids --group-ids --volume-ids --snapshot-ids --image-ids --owner-ids --owners --region-names --bucket --prefix --delimiter --max-keys --include --launch-configuration-names --activity-ids --event-source-mapping-uuid --execution-arn --state-machine-arn --status-filter --stack-status-filter --source-identifier --source-type --duration --event-categories --history-item-type --scan-by --alarm-types --stream-name --certificate-arn --certificate-statuses --pipeline-name --deployment-id --application-name --environment-name --repository-name --image-tag --job-queue --job-status --jobs --broker-id --dashboard-name --nextToken --order-by --time-range --lookup-attributes --service-code --resource-type --max-records --source-arn --instance-refresh-ids';

export const values = {
  [filters]: 'any',
  // The CLI sends its signed request to this address.
  '--queue-url': 'like:https://(sqs\\.)?[a-z0-9.-]+\\.amazonaws\\.com/[\\w./-]+',
} as const;
const withFilters = (rules: Readonly<Record<string, Rule>>): Readonly<Record<string, Rule>> =>
  Object.fromEntries(
    Object.entries(rules).map(([key, rule]) => [key, { ...rule, values: { ...values, ...rule.values } }]),
  );

/** What `aws SERVICE wait` looks for, in every service that has it. */
const waiters = `wait ${[
  'services-stable|services-inactive|tasks-running|tasks-stopped',
  'instance-running|instance-stopped|instance-status-ok|system-status-ok|volume-available|image-available|snapshot-completed',
  'db-instance-available|db-cluster-available|db-snapshot-available|cluster-active|nodegroup-active|addon-active',
  'cache-cluster-available|replication-group-available|invalidation-completed|distribution-deployed|stream-exists|table-exists',
  'stack-create-complete|stack-update-complete|stack-rollback-complete|function-active|function-active-v2|function-updated|function-updated-v2|published-version-active',
  'target-in-service|any-instance-in-service|instance-in-service|load-balancer-available|environment-exists|environment-updated|certificate-validated|bucket-exists|deployment-successful',
].join('|')}`;

export const service = (names: string, more: Readonly<Record<string, Rule>> = {}): Rule => ({
  subcommands: { ...withFilters({ ...reads(names), [waiters]: read }), ...more },
});
