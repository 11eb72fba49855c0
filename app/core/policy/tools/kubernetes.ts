// kubectl and helm; https://kubernetes.io/docs/reference/kubectl/ and https://helm.sh/docs/helm/
// It must never describe a verb that creates, deletes or forwards; those stay with the pull request that owns the manifest.
import type { Rule, Tool } from '../engine/spec.ts';

const output = {
  '-o --output': 'literal',
  '--sort-by --field-selector -L --label-columns --template': 'any',
} as const;
const workload = (effect: NonNullable<Rule['effect']>): Rule => ({
  operands: ['literal', '?literal'],
  effect,
  check: 'workload',
  output: 'none',
});

const kubectl: Rule = {
  flags: '--no-headers --help --version --match-server-version --warnings-as-errors',
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
        '-A --all-namespaces --show-labels --show-kind --ignore-not-found --show-managed-fields --server-print --output-watch-events',
      values: { ...output, '--chunk-size': 'int', '--subresource': 'one:status|scale' },
      optional: '',
      endless: '-w --watch --watch-only',
      refuse: { 'secret-read': '--raw' },
      operands: ['any', '*any'],
      check: 'resources',
    },
    describe: {
      flags: '-A --all-namespaces',
      values: { '--show-events --chunk-size': 'literal' },
      operands: ['any', '*any'],
      check: 'resources',
    },
    logs: {
      flags: '-p --previous --timestamps --all-containers --prefix --ignore-errors',
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
          flags: '-A --all-namespaces --containers --no-headers --sum',
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
    'rollout restart': workload('service.restart'),
    'rollout undo': { ...workload('rollout.undo'), values: { '--to-revision': 'int:1..1000000' } },
    'rollout pause': workload('rollout.pause'),
    'rollout resume': workload('rollout.resume'),
    scale: {
      ...workload('scale'),
      values: { '--replicas': 'int:1..50', '--current-replicas': 'int:0..50' },
      needs: '--replicas',
    },
    cordon: { operands: ['target'], effect: 'node.cordon', output: 'none' },
    uncordon: { operands: ['target'], effect: 'node.uncordon', output: 'none' },
    drain: {
      flags: '--ignore-daemonsets',
      values: { '--skip-wait-for-delete-timeout': 'int' },
      refuse: { forced: '--disable-eviction --delete-emptydir-data --delete-local-data --pod-selector' },
      operands: ['target'],
      effect: 'node.drain',
      asks: 'Draining a node moves everything that runs on it.',
      output: 'none',
    },
    wait: { values: { '--for': 'literal', ...output }, operands: ['any', '*any'], check: 'resources' },
    exec: {
      flags: '-i -t -q --stdin --tty --quiet',
      values: { '-c --container': 'word', '--pod-running-timeout': 'duration:300' },
      operands: ['word', '*any'],
      check: 'elsewhere',
    },
    'auth can-i': { flags: '-A --all-namespaces -q --list --quiet', operands: ['*word'] },
    'auth whoami': {},
    explain: { flags: '--recursive', values: { '--api-version': 'literal' }, operands: ['word'] },
    'version|cluster-info|api-resources|api-versions': {
      flags: '--client --short --namespaced',
      values: { '-o --output --api-group --verbs --sort-by': 'literal' },
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
    'delete|apply|create|replace|patch|edit|run|expose|set|label|annotate|taint|cp|port-forward|proxy|attach|debug|autoscale|certificate|plugin|kustomize|alpha':
      { never: 'destructive' },
    'diff|events': {
      flags: '-A --all-namespaces',
      values: { ...output, '--types --for': 'literal' },
      endless: '-w --watch',
      operands: [],
    },
  },
  operands: [],
};

const helm: Rule = {
  flags: '--debug --help',
  values: { '-n --namespace --kube-context': 'scope', '-o --output': 'one:table|json|yaml' },
  refuse: {
    config: '--kubeconfig --registry-config --repository-config --repository-cache -f --values',
    'other-cluster': '--kube-apiserver --kube-as-user --kube-as-group --kube-ca-file --kube-tls-server-name',
    credential: '--kube-token --password --username',
    'disables-security': '--kube-insecure-skip-tls-verify --insecure-skip-tls-verify --no-hooks',
    forced: '--force --recreate-pods',
    'runs-code': '--post-renderer',
  },
  subcommands: {
    'list|ls': {
      flags: '-A -a -q -d -r --all-namespaces --all --short --deployed --failed --pending --date --reverse',
      values: { '--filter --max -m --time-format -l --selector': 'literal' },
    },
    status: { flags: '--show-resources --show-desc', values: { '--revision': 'int' }, operands: ['word'] },
    'history|hist': { values: { '--max': 'int' }, operands: ['word'] },
    'get notes|hooks|metadata': { values: { '--revision': 'int' }, operands: ['word'] },
    'get values|all|manifest': {
      asks: 'The values of a release may hold secrets.',
      values: { '--revision': 'int' },
      flags: '-a --all',
      operands: ['word'],
    },
    version: { flags: '--short' },
    'search repo|hub': { flags: '-l --versions', operands: ['?word'] },
    'repo list': {},
    'show chart|readme|values': { operands: ['word'], values: { '--version': 'literal' } },
    'lint|template': { asks: 'Charts are code of their own.', operands: ['*word'] },
    rollback: {
      flags: '--wait --cleanup-on-fail --wait-for-jobs',
      values: { '--timeout': 'duration:900', '--history-max': 'int' },
      operands: ['target', 'int:1..1000000'],
      effect: 'rollout.undo',
      output: 'none',
    },
    'install|upgrade|uninstall|delete|del|un|push|pull|plugin|registry|create|package|test|dependency, repo add, repo remove, repo update':
      { never: 'destructive' },
  },
  operands: [],
};

export const kubernetes: readonly Tool[] = [
  { names: 'kubectl oc', rule: kubectl },
  { names: 'helm helm3', rule: helm },
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
