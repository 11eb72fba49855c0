// The Google Cloud CLI; https://cloud.google.com/sdk/gcloud/reference
// It must never describe a command that prints tokens, changes rights, or connects to a machine.
import type { Rule, Tool } from '../engine/spec.ts';

const list: Rule = {
  flags: '--uri',
  values: { '--filter --sort-by --limit --page-size --regions --zones': 'any' },
  operands: ['*word'],
};
const count = 'like:\\d{1,3}%?';
const rolling = { '--max-unavailable': count, '--min-ready': 'literal' } as const;
const one: Rule = { operands: ['word', '?word'], values: {} };

const gcloud: Rule = {
  flags: '--quiet -q --no-user-output-enabled --help --version',
  values: {
    '--project --region --zone --location --cluster --service --instance --revision --job --database':
      'scope',
    '--format --verbosity --filter --limit': 'any',
    '--platform': 'one:managed',
    '--node-pool --backend': 'word',
  },
  refuse: {
    'other-cluster':
      '--impersonate-service-account --account --configuration --billing-project --access-token-file --credential-file-override',
    config: '--flags-file',
    'writes-file': '--log-http',
  },
  subcommands: {
    'compute instances|disks|images|snapshots|networks|subnets|firewall-rules|addresses|zones|regions|machine-types|target-pools|forwarding-rules|backend-services|health-checks|url-maps|routes|operations|instance-groups|instance-templates|ssl-certificates list':
      list,
    'compute instances|disks|images|networks|subnets|firewall-rules|addresses|zones|regions|forwarding-rules|backend-services|health-checks|url-maps|routes|operations|ssl-certificates describe':
      one,
    'compute instances get-serial-port-output': { ...one, values: { '--port --start': 'int' } },
    'compute backend-services get-health': { flags: '--global', operands: ['word'] },
    'compute instance-groups managed list|list-instances|describe': list,
    'compute instance-groups managed wait-until': {
      flags: '--stable --version-target-reached',
      values: { '--timeout': 'int:1..900' },
      operands: ['word'],
    },
    'compute instance-groups managed rolling-action restart': {
      operands: ['target'],
      values: rolling,
      effect: 'workers.restart',
    },
    'compute instance-groups managed rolling-action replace': {
      operands: ['target'],
      values: { ...rolling, '--max-surge': count, '--replacement-method': 'one:substitute|recreate' },
      effect: 'instances.replace',
      asks: 'Every machine of the group is replaced, with all that lies on it; rolling-action restart keeps them, and needs nobody.',
    },
    'compute instance-groups managed resize': {
      operands: ['target'],
      values: { '--size': 'amount:1..50' },
      effect: 'scale',
      check: 'scaling',
    },
    'container clusters resize': {
      operands: ['target'],
      values: { '--num-nodes': 'amount:1..50' },
      needs: '--num-nodes',
      effect: 'scale',
      check: 'scaling',
    },
    'compute instances reset': {
      operands: ['target'],
      effect: 'machine.reboot',
      asks: 'A reset is a power cycle without a shutdown.',
    },
    'compute url-maps invalidate-cdn-cache': {
      operands: ['target'],
      flags: '--async',
      values: { '--path --host': 'literal' },
      effect: 'cache.purge',
      check: 'purge',
    },
    'container clusters|node-pools|operations|images list': list,
    'container clusters|node-pools|operations describe': one,
    'run services|revisions|jobs|executions list': list,
    'run services|revisions|jobs|executions describe': {
      ...one,
      asks: 'The description shows environment variables.',
    },
    'run services update-traffic': {
      operands: ['target'],
      values: { '--to-revisions': 'like:[\\w-]+=\\d{1,3}(,[\\w-]+=\\d{1,3})*' },
      flags: '--to-latest',
      effect: 'traffic.shift',
    },
    'run services logs read': list,
    'functions list': list,
    'functions describe': { ...one, asks: 'The description shows environment variables.' },
    'functions logs read': list,
    'sql instances|databases|operations|backups|flags list': list,
    'sql instances|operations describe': one,
    'sql instances restart': {
      operands: ['target'],
      effect: 'machine.reboot',
      asks: 'Restarting a database interrupts everything that uses it.',
    },
    'redis instances list': list,
    'redis instances describe': one,
    'logging read': {
      operands: ['literal'],
      values: { '--limit --freshness --order --bucket --view': 'word' },
    },
    'logging logs|sinks|metrics|buckets list': list,
    'monitoring dashboards|policies|channels list': list,
    'pubsub topics|subscriptions|snapshots list': list,
    'pubsub topics|subscriptions describe': one,
    'app services|versions|instances list': list,
    'app logs read': list,
    'builds|projects list': list,
    'builds|projects describe': one,
    'builds log': one,
    'deploy releases|rollouts|targets list': list,
    'dns managed-zones|record-sets list': { ...list, values: { '--zone --name --type': 'word' } },
    'certificate-manager certificates list': list,
    'artifacts repositories|docker images list': list,
    'services list': { ...list, flags: '--enabled --available' },
    'config list|get-value|get': {
      operands: ['?one:project|compute/region|compute/zone|core/project|account'],
    },
    'config configurations list': list,
    'auth list': list,
    'info|version': { flags: '' },
    'auth|iam|secrets|kms|source|ssh|scp|organizations|resource-manager|alpha|beta|components|init|access-context-manager|identity':
      { never: 'access' },
  },
};

export const google: readonly Tool[] = [
  { names: 'gcloud', rule: gcloud },
  {
    names: 'gsutil',
    rule: {
      flags: '-q',
      subcommands: {
        ls: { flags: '-l -h -L -b', operands: ['?like:gs://[\\w./*-]+'] },
        du: { flags: '-s -h', operands: ['like:gs://[\\w./-]+'] },
        version: {},
      },
      strict: 'exfiltration',
    },
  },
];
