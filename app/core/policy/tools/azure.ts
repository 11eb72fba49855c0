// The Azure CLI; https://learn.microsoft.com/cli/azure/reference-index
// It must never describe a command that shows keys or connection strings, changes rights, or runs on a machine.
import type { Rule, Tool } from '../engine/spec.ts';

const read: Rule = {
  flags: '--all --show-details -d',
  values: {
    '--top --max-events --offset --start-time --end-time --interval --aggregation --metric --metrics --resource --resource-type --namespace --status --correlation-id --caller --filter --tag --expand --location -l --workspace -w --analytics-query --timespan -t':
      'any',
  },
};
const act = (effect: NonNullable<Rule['effect']>, more: Rule = {}): Rule => ({
  ...more,
  values: { '-n --name': 'target', '-g --resource-group': 'scope', ...more.values },
  effect,
});

const path = 'like:/[\\w./*-]*';

const az: Rule = {
  flags: '--only-show-errors --no-wait --help -h --version',
  values: {
    '-g --resource-group -n --name --server --cluster-name --vmss-name --account-name --app --slot -s --gateway-name --zone-name --lb-name --nodepool-name --plan --instance-id':
      'scope',
    '-o --output --query': 'any',
  },
  refuse: {
    'other-cluster': '--subscription --ids',
    forced: '--yes -y --force --force-deletion',
    'secret-read': '--debug --verbose',
  },
  subcommands: {
    'vm|vmss|disk|image|snapshot|aks|webapp|functionapp|appservice|group|resource|network|sql|mysql|postgres|redis|cosmosdb|servicebus|eventhubs|monitor|acr|container|containerapp|apim|cdn|deployment|eventgrid|batch|lock|tag list|show':
      read,
    'vm get-instance-view|list-ip-addresses|list-usage|list-sizes': read,
    'vm restart': act('machine.reboot'),
    'vmss list-instances|get-instance-view': read,
    'vmss restart': act('machine.reboot', {
      asks: 'All machines of the set restart at once; --instance-ids with some of them needs nobody.',
      when: [{ has: '--instance-ids', rule: { asks: '' } }],
      values: { '--instance-ids': 'like:\\d{1,6}' },
      operands: ['*like:\\d{1,6}'],
    }),
    'vmss scale': act('scale', { values: { '--new-capacity': 'amount:1..50' }, check: 'scaling' }),
    'aks nodepool list|show': read,
    'aks get-upgrades|check-acr': read,
    'aks nodepool scale': act('scale', {
      values: { '--cluster-name': 'scope', '-c --node-count': 'amount:1..50' },
      check: 'scaling',
    }),
    'webapp restart': act('service.restart'),
    'functionapp restart': act('service.restart'),
    'webapp log show': read,
    'webapp deployment slot list': read,
    'webapp deployment list': read,
    'webapp deployment slot swap': act('traffic.shift', { values: { '-s --slot --target-slot': 'literal' } }),
    'containerapp revision list|show': read,
    'containerapp replica list': read,
    'containerapp logs show': {
      ...read,
      values: { ...read.values, '--tail': 'int', '--type --revision --container --replica': 'word' },
      endless: '--follow',
    },
    'containerapp revision restart': act('service.restart', { values: { '--revision': 'literal' } }),
    'redis force-reboot': { never: 'forced' },
    'network vnet|nsg|nic|public-ip|lb|application-gateway|dns|route-table|private-endpoint|watcher|front-door|traffic-manager list|show':
      read,
    'network application-gateway show-backend-health': read,
    'network lb probe|rule list|show': read,
    'network nsg rule list|show': read,
    'network dns zone|record-set list|show': read,
    'network vnet subnet|peering list|show': read,
    'sql server|db|elastic-pool|mi list|show': read,
    'postgres flexible-server|server list|show': read,
    'mysql flexible-server|server list|show': read,
    'postgres|mysql flexible-server restart': act('machine.reboot', {
      asks: 'Restarting a database interrupts everything that uses it.',
    }),
    'servicebus namespace|queue|topic list|show': {
      ...read,
      values: { ...read.values, '--namespace-name': 'scope' },
    },
    'eventhubs namespace|eventhub list|show': read,
    'monitor metrics list|list-definitions': read,
    'monitor activity-log list': read,
    'monitor log-analytics query': read,
    'monitor alert list|show': read,
    'monitor metrics alert list|show': read,
    'monitor diagnostic-settings list|show': read,
    'acr repository list|show|show-tags': { ...read, values: { '--repository': 'word' } },
    'container logs|show': read,
    'account show|list|list-locations': read,
    'version|find': read,
    'cdn endpoint purge': act('cache.purge', {
      values: { '--profile-name': 'scope', '--content-paths': path },
      operands: [`*${path}`],
      check: 'purge',
    }),
    'afd endpoint purge': {
      values: {
        '-g --resource-group --profile-name': 'scope',
        '--endpoint-name': 'target',
        '--content-paths': path,
        '--domains': 'literal',
      },
      operands: [`*${path}`],
      effect: 'cache.purge',
      check: 'purge',
    },
    'cdn|afd endpoint|profile|origin|route list|show': {
      ...read,
      values: { ...read.values, '--profile-name --endpoint-name --origin-group-name': 'scope' },
    },
    'login|logout|ad|role|keyvault|storage|policy|rest|ssh|identity|bastion|serial-console|extension|configure|cloud|appconfig|sshkey|confcom|devops|bot, account get-access-token, account set, vm run-command, vmss run-command, webapp ssh, webapp config, functionapp config, functionapp keys, aks get-credentials, aks command, acr login, acr credential, redis list-keys, cosmosdb keys, servicebus namespace authorization-rule':
      { never: 'access' },
  },
};

export const azure: readonly Tool[] = [{ names: 'az', rule: az }];
