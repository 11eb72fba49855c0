// helm; https://helm.sh/docs/helm/
// It must never describe what brings in or takes away a chart; those stay with the pull request that owns the release.
import type { Rule, Tool } from '../engine/spec.ts';

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
      flags:
        '-A -a -q -d -r --all-namespaces --all --short --deployed --failed --pending --superseded --uninstalled --uninstalling --date --reverse --no-headers',
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
      flags: '--cleanup-on-fail --wait-for-jobs',
      optional: '--wait',
      values: { '--timeout': 'duration:900', '--history-max': 'int' },
      operands: ['target', '?amount:0..1000000'],
      effect: 'rollout.undo',
      output: 'none',
    },
    'install|upgrade|uninstall|delete|del|un|push|pull|plugin|registry|create|package|test|dependency, repo add, repo remove, repo update':
      { never: 'destructive', check: 'instead' },
  },
  operands: [],
};

export const helmTools: readonly Tool[] = [{ names: 'helm helm3', rule: helm }];
