// kubectl: its global options, and what it reads; https://kubernetes.io/docs/reference/kubectl/
// It must never describe a change, nor a way into a container or past the API; changes are in kubernetes-changes.ts.
import type { Rule, Tool } from '../engine/spec.ts';
import { kubernetesChanges } from './kubernetes-changes.ts';

const output = {
  '-o --output': 'literal',
  '--sort-by --field-selector -L --label-columns --template': 'any',
} as const;
const kubectl: Rule = {
  flags:
    '--no-headers --help --version --match-server-version --warnings-as-errors --disable-compression --allow-missing-template-keys',
  values: {
    '-n --namespace --context --cluster': 'scope',
    '--request-timeout --timeout': 'duration:900',
    '-v --v': 'int:0..6',
    '-l --selector': 'any',
  },
  refuse: {
    config:
      '--kubeconfig --cache-dir --profile-output --profile --log-file -f --filename -k --kustomize --patch-file',
    'other-cluster': '-s --server --as --as-group --as-uid --user --tls-server-name',
    credential: '--token --username --password --client-key --client-certificate',
    'disables-security': '--insecure-skip-tls-verify --certificate-authority --validate',
    forced: '--force --grace-period --now',
    bulk: '--all --prune --cascade --recursive -R',
  },
  subcommands: {
    get: {
      flags:
        '-A --all-namespaces --show-labels --show-kind --output-watch-events --use-openapi-print-columns',
      values: {
        ...output,
        '--chunk-size': 'int',
        '--subresource': 'one:status|scale',
        '--raw': 'any',
      },
      optional: '--ignore-not-found --show-managed-fields --server-print',
      endless: '-w --watch --watch-only',
      operands: ['any', '*any'],
      when: [{ has: '--raw', rule: { operands: [] } }],
      check: 'resources',
    },
    describe: {
      flags: '-A --all-namespaces',
      values: { '--chunk-size': 'literal' },
      optional: '--show-events',
      operands: ['any', '*any'],
      check: 'resources',
    },
    logs: {
      flags: '-p --previous --ignore-errors --all-pods',
      optional: '--timestamps --all-containers --prefix',
      values: {
        '-c --container': 'word',
        '--tail --limit-bytes --max-log-requests': 'int',
        '--since': 'duration',
        '--since-time --pod-running-timeout': 'literal',
      },
      endless: '-f --follow',
      operands: ['?word', '?word'],
    },
    top: {
      subcommands: {
        'pod|pods|po|node|nodes|no': {
          flags:
            '-A --all-namespaces --containers --no-headers --sum --show-swap --show-capacity --use-protocol-buffers',
          values: { '--sort-by': 'one:cpu|memory' },
          operands: ['?word'],
        },
      },
    },
    'rollout status': {
      flags: '-w --watch',
      values: { '--revision': 'int' },
      optional: '--watch',
      operands: ['word', '?word'],
    },
    'rollout history': { values: { '--revision': 'int', ...output }, operands: ['word', '?word'] },
    ...kubernetesChanges,
    wait: {
      flags: '-A --all-namespaces --all',
      values: { '--for': 'literal', ...output },
      operands: ['any', '*any'],
      check: 'resources',
    },
    exec: {
      flags: '-i -t -q --stdin --tty --quiet',
      values: { '-c --container': 'word', '--pod-running-timeout': 'duration:300' },
      operands: ['word', '*any'],
      check: 'elsewhere',
    },
    'auth can-i': { flags: '-A --all-namespaces -q --list --quiet', operands: ['*word'] },
    'auth whoami': {},
    explain: {
      flags: '--recursive',
      values: { '--api-version --output': 'literal' },
      operands: ['word'],
    },
    'version|cluster-info|api-resources|api-versions': {
      flags: '--client --short --cached',
      values: { '-o --output --api-group --verbs --sort-by --categories': 'literal' },
      optional: '--namespaced',
    },
    'config current-context|get-contexts|get-clusters': {
      values: { '-o --output': 'one:name' },
      operands: ['?word'],
    },
    'config view': {
      flags: '--minify',
      values: { '-o --output': 'literal' },
      asks: 'The configuration names users and clusters.',
      refuse: { 'secret-read': '--raw --flatten' },
    },
    'apply|create|replace|edit|run|expose|set|label|annotate|taint|cp|port-forward|proxy|attach|debug|autoscale|certificate|plugin|kustomize|alpha':
      { never: 'destructive', check: 'instead' },
    'diff|events': {
      flags: '-A --all-namespaces',
      values: { ...output, '--types --for': 'literal' },
      endless: '-w --watch',
      operands: [],
    },
  },
  operands: [],
};

export const kubernetes: readonly Tool[] = [
  { names: 'kubectl oc', rule: kubectl },
  {
    names:
      'kubectx kubens stern k9s kustomize kubeadm kubelet argocd flux istioctl linkerd velero eksctl kops',
    rule: {
      flags: '--version --help',
      needs: '--version --help',
      strict: 'access',
      subcommands: { version: { flags: '--short --client --remote' } },
    },
  },
];
