// Brokers and workers: Kafka's groups, RabbitMQ, Celery. Reading, and the few changes that throw no message away.
// It must never describe a purge, a deletion, or a way to read what a message holds.
import type { Tool } from '../engine/spec.ts';

export const queues: readonly Tool[] = [
  {
    names: 'kafka-consumer-groups kafka-consumer-groups.sh',
    rule: {
      flags:
        '--list --describe --all-groups --all-topics --members --verbose --offsets --state --reset-offsets --execute --dry-run --to-earliest --to-latest --to-current',
      values: {
        '--bootstrap-server --group --topic': 'name',
        '--timeout': 'int',
        '--to-datetime': 'like:\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?(Z|[+-]\\d\\d:?\\d\\d)?',
        '--to-offset': 'like:\\d{1,18}',
        '--shift-by': 'like:-?\\d{1,9}',
        '--by-duration': 'like:P[0-9DTHMS]+',
      },
      refuse: { destructive: '--delete --delete-offsets', config: '--command-config --from-file' },
      needs: '--list --describe --reset-offsets',
      check: 'offsets',
      strict: 'destructive',
    },
  },
  {
    names: 'kafka-leader-election kafka-leader-election.sh',
    rule: {
      flags: '--all-topic-partitions',
      values: {
        '--bootstrap-server': 'target',
        '--election-type': 'one:preferred|PREFERRED',
        '--topic': 'target',
        '--partition': 'int:0..100000',
      },
      refuse: { config: '--admin.config --path-to-json-file' },
      needs: '--all-topic-partitions --topic',
      effect: 'service.reload',
      asks: 'Leaders move between brokers, so that clients reconnect.',
      strict: 'destructive',
    },
  },
  {
    names: 'rabbitmqctl rabbitmq-diagnostics rabbitmq-queues',
    rule: {
      flags: '-q -s --quiet --silent --online --offline --local --no-table-headers',
      values: { '-n --node -p --vhost -t --timeout --formatter': 'literal' },
      subcommands: {
        'status|cluster_status|list_queues|list_connections|list_channels|list_consumers|list_exchanges|list_bindings|list_vhosts|list_policies|list_operator_policies|list_feature_flags|list_stream_consumers|list_stream_connections|ping|check_running|check_alarms|check_local_alarms|check_port_connectivity|check_port_listener|check_virtual_hosts|check_if_node_is_quorum_critical|check_if_cluster_has_classic_queue_mirroring_policy|check_if_any_deprecated_features_are_used|memory_breakdown|list_unresponsive_queues|alarms|node_health_check|quorum_status|listeners|is_running|is_booting|server_version|erlang_version|runtime_thread_stats|maybe_stuck|schema_info|disk_space_low':
          { operands: ['*word'] },
        restart_vhost: {
          effect: 'service.restart',
          check: 'broker',
          asks: 'Everything that is connected to this vhost is cut off while it restarts.',
          output: 'none',
        },
        rebalance: {
          values: { '--vhost-pattern --queue-pattern': 'literal' },
          operands: ['one:all|quorum|classic|stream'],
          effect: 'service.reload',
          check: 'broker',
          asks: 'Leaders of queues move between nodes, so that clients reconnect.',
          output: 'none',
        },
      },
      strict: 'destructive',
    },
  },
  {
    names: 'celery',
    guard: 'repository',
    rule: {
      flags: '-q --quiet --no-color -C --version',
      values: { '-A --app': 'like:[A-Za-z_]\\w*(\\.\\w+)*(:\\w+)?' },
      refuse: { config: '--workdir --config -b --broker --result-backend --loader' },
      check: 'celery',
      subcommands: {
        status: {
          flags: '-j --json',
          values: { '-t --timeout': 'duration:60', '-d --destination': 'literal' },
          check: 'celery',
        },
        'inspect ping|active|reserved|scheduled|stats|registered|revoked|active_queues|clock|memsample': {
          flags: '-j --json',
          values: { '-t --timeout': 'duration:60', '-d --destination': 'literal' },
          check: 'celery',
        },
        'inspect conf|report': { never: 'secret-read' },
        'control pool_restart': {
          flags: '-j --json',
          values: { '-t --timeout': 'duration:60', '-d --destination': 'literal' },
          effect: 'workers.restart',
          check: 'celery',
          asks: 'Tasks that run now are begun again or lost, as each of them is written.',
        },
        'control pool_grow|pool_shrink': {
          flags: '-j --json',
          values: { '-t --timeout': 'duration:60', '-d --destination': 'literal' },
          operands: ['int:1..20'],
          // The next restart gives the pool its usual size.
          effect: 'workers.restart',
          check: 'celery',
          asks: 'How many workers there are then depends on how many there were.',
        },
      },
      strict: 'destructive',
    },
  },
];
