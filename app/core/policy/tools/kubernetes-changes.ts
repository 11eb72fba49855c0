// What kubectl may change: one workload, pod, node, autoscaler or job of the inventory at a time.
// It must never describe a change without a check of its target, nor one that skips the graceful way.
import type { Rule } from '../engine/spec.ts';

const workload = (effect: NonNullable<Rule['effect']>): Rule => ({
  operands: ['literal', '?literal'],
  effect,
  check: 'workload',
  output: 'none',
});

/** `set image`, `set env`, `set resources`: a workload, then what is set in it. */
const setting = (check: string, effect: NonNullable<Rule['effect']>, more: Rule = {}): Rule => ({
  ...more,
  values: { '-c --containers': 'word', ...more.values },
  operands: ['literal', '*literal'],
  effect,
  check,
  output: 'none',
});

const amounts = 'like:(cpu|memory|ephemeral-storage)=\\d+(\\.\\d+)?(m|[kKMGT]i?)?';

export const kubernetesChanges: Readonly<Record<string, Rule>> = {
  'rollout restart': {
    ...workload('service.restart'),
    operands: ['literal', '*literal'],
    check: 'workloads',
  },
  'rollout undo': { ...workload('rollout.undo'), values: { '--to-revision': 'amount:1..1000000' } },
  'rollout pause': workload('rollout.pause'),
  'rollout resume': workload('rollout.resume'),
  scale: {
    ...workload('scale'),
    values: { '--replicas': 'amount:1..50', '--current-replicas': 'int:0..50' },
    needs: '--replicas',
    check: 'scale-workload',
  },
  'set image': setting('set-image', 'deploy', {
    asks: 'What the new image does is not judged; a person has to know it. kubectl rollout undo, to what ran before, needs nobody.',
  }),
  'set env': setting('set-env', 'config.set', {
    optional: '--overwrite',
    values: { '-e --env': 'literal' },
    refuse: { 'secret-read': '--list --from --keys --prefix --resolve' },
    asks: 'What a variable does inside the program is not judged; a person has to know it.',
  }),
  'set resources': setting('set-resources', 'config.set', {
    values: { '--limits --requests': `${amounts}(,${amounts.slice('like:'.length)})*` },
    needs: '--limits --requests',
    asks: 'New limits restart the pods, and too small ones end them; kubectl scale, to more pods, needs nobody.',
  }),
  patch: {
    values: { '--type': 'one:merge|json|strategic', '-p --patch': 'literal' },
    operands: ['literal', '?literal'],
    effect: 'autoscaler.set',
    check: 'patch-autoscaler',
    output: 'none',
    strict: 'destructive',
  },
  delete: {
    optional: '--wait --ignore-not-found',
    values: { '--field-selector': 'literal', '--grace-period': 'int:10..3600' },
    operands: ['*any'],
    effect: 'pod.restart',
    check: 'delete-pod',
    output: 'none',
    strict: 'destructive',
  },
  'create job': {
    values: { '--from': 'literal' },
    operands: ['any'],
    effect: 'job.run',
    check: 'job-from',
    output: 'none',
    strict: 'runs-code',
  },
  cordon: { operands: ['target'], effect: 'node.cordon', output: 'none' },
  uncordon: { operands: ['target'], effect: 'node.uncordon', output: 'none' },
  drain: {
    flags: '--delete-emptydir-data --delete-local-data',
    optional: '--ignore-daemonsets',
    values: { '--skip-wait-for-delete-timeout': 'int', '--grace-period': 'int:10..3600' },
    refuse: { forced: '--disable-eviction --pod-selector' },
    operands: ['target'],
    effect: 'node.drain',
    asks: 'Draining a node moves everything that runs on it.',
    when: [
      {
        has: '--delete-emptydir-data --delete-local-data',
        rule: {
          asks: 'Draining a node moves everything that runs on it, and what its pods keep in emptyDir volumes is deleted.',
        },
      },
    ],
    output: 'none',
  },
};
