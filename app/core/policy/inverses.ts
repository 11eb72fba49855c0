// What undoes what: for each lasting effect the effects that put it back, and how two commands are compared. Plain data, so that
// the policy's version notices a change. Must never name an inverse that puts nothing back.
import type { EffectKind } from './types.ts';

/**
 * `part`: what of its object an effect sets; an effect of the same part that is no inverse does it again. `by`: what puts it back. When
 * that is the same effect, it must set another value. `would`: the same in words, for who has to write it.
 */
type Inverse = { part: string; by: readonly EffectKind[]; would: string };

const size: Inverse = {
  part: 'size',
  by: ['scale', 'scale.down', 'scale.one'],
  would: 'a scale of the same object to another number',
};

export const inverses: Readonly<Partial<Record<EffectKind, Inverse>>> = {
  'flag.set': { part: 'flag', by: ['flag.set'], would: 'the action that sets the same flag the other way' },
  'config.set': { part: 'setting', by: ['config.set'], would: 'the same setting with another value' },
  'traffic.shift': {
    part: 'traffic',
    by: ['traffic.shift'],
    would: 'the same traffic, to where it went before',
  },
  scale: size,
  'scale.down': size,
  'scale.one': size,
  'autoscaler.set': {
    part: 'autoscaler limits',
    by: ['autoscaler.set'],
    would: 'the same limits of the autoscaler with other numbers',
  },
  'queue.seek': {
    part: 'offset',
    by: ['queue.seek'],
    would: 'the same group and topic, back to where it was',
  },
  'rollout.undo': {
    part: 'revision',
    by: ['rollout.undo', 'deploy'],
    would: 'one rollout undo of the same object, or a rollout to another revision of it',
  },
  deploy: { part: 'revision', by: ['rollout.undo', 'deploy'], would: 'a rollout of what ran there before' },
  'rollout.pause': { part: 'pause', by: ['rollout.resume'], would: 'a rollout resume of the same object' },
  'rollout.resume': { part: 'pause', by: ['rollout.pause'], would: 'a rollout pause of the same object' },
  'node.cordon': { part: 'placing', by: ['node.uncordon'], would: 'an uncordon of the same node' },
  'node.drain': { part: 'placing', by: ['node.uncordon'], would: 'an uncordon of the same node' },
  'node.uncordon': { part: 'placing', by: ['node.cordon'], would: 'a cordon of the same node' },
  'service.start': { part: 'running', by: ['service.stop'], would: 'a stop of the same service' },
  'service.stop': {
    part: 'running',
    by: ['service.start', 'service.restart'],
    would: 'a start or restart of the same service',
  },
};

/** Why no command undoes the other lasting effects, in words. */
export const final: Readonly<Partial<Record<EffectKind, string>>> = {
  'files.remove': 'what is removed does not come back',
  'log.prune': 'what is removed does not come back',
  'job.run': 'what a job did stays done',
  'queue.retry': 'messages that were delivered again are not taken back',
  'secret.read': 'what was read stays known',
  destroy: 'what is destroyed does not come back',
};

/** Parts whose two states have a command each. In one script the second may put back what the first did. */
export const twoStates: ReadonlySet<string> = new Set(['pause', 'placing', 'running']);

/** Commands that put back what they did when they run once more, unless they name a value. */
export const toggles: readonly string[] = [
  'kubectl rollout undo',
  'helm rollback',
  'docker service rollback',
  'az webapp deployment slot swap',
];

/** Restarts that leave a stopped service stopped. */
export const leavesStopped: readonly string[] = ['systemctl try-restart', 'systemctl condrestart'];

/** Options that say which state is set; every other one leaves it as it is. */
export const stateOptions: ReadonlySet<string> = new Set(
  '--replicas --desired-count --desired-capacity --size --new-capacity --to-revision --to-revisions --slot --target-slot --task-definition --function-version --limits --requests --patch --node-count --num-nodes --to-datetime --to-offset --to-earliest --to-latest --to-current --shift-by --by-duration --time'.split(
    ' ',
  ),
);

/** Options that say where the object is. */
export const placeOptions: ReadonlySet<string> = new Set(
  '--namespace --context --cluster --kube-context --region --zone --project --resource-group --cluster-name --global --subscription --name'.split(
    ' ',
  ),
);

/** One tool by two names. */
export const sameTool: Readonly<Record<string, string>> = { oc: 'kubectl', helm3: 'helm' };

/** The long names of short options, by tool. */
export const longOptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kubectl: { '-n': '--namespace', '-p': '--patch' },
  helm: { '-n': '--namespace' },
  az: { '-n': '--name', '-g': '--resource-group', '-c': '--node-count', '-s': '--slot' },
};

/** One kind of object by its names; https://kubernetes.io/docs/reference/kubectl/#resource-types */
export const sameKind: Readonly<Record<string, string>> = {
  ...{ deploy: 'deployment', deployments: 'deployment' },
  ...{ 'deployment.apps': 'deployment', 'deployments.apps': 'deployment' },
  ...{ sts: 'statefulset', statefulsets: 'statefulset', 'statefulset.apps': 'statefulset' },
  ...{ ds: 'daemonset', daemonsets: 'daemonset', 'daemonset.apps': 'daemonset' },
};

/** Words by which an action of the inventory says which state it sets. The others say of what. */
export const stateWords: Readonly<Record<string, 'up' | 'down' | 'free'>> = {
  ...{ on: 'up', enable: 'up', enabled: 'up', true: 'up', activate: 'up', start: 'up', resume: 'up' },
  ...{ open: 'up', allow: 'up', unblock: 'up', add: 'up', restore: 'up', uncordon: 'up', up: 'up' },
  ...{ off: 'down', disable: 'down', disabled: 'down', false: 'down', deactivate: 'down', stop: 'down' },
  ...{ pause: 'down', close: 'down', closed: 'down', deny: 'down', block: 'down', remove: 'down' },
  ...{ suspend: 'down', cordon: 'down', drain: 'down', down: 'down' },
  ...{ rollback: 'free', rollforward: 'free', forward: 'free', back: 'free' },
};

/** Words of an action behind which a number is an amount. */
export const amountWords: ReadonlySet<string> = new Set(
  'percent percentage value replicas count limit size weight rate max min timeout capacity share'.split(' '),
);

export const inverseData = [
  inverses,
  final,
  [...twoStates],
  toggles,
  leavesStopped,
  [...stateOptions],
  [...placeOptions],
  sameTool,
  longOptions,
  sameKind,
  stateWords,
  [...amountWords],
];
