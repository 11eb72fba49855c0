// Restarts a workload of Kubernetes, one pod after the other; https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/
// It must never delete pods: in a rolling restart the other pods go on serving.
import type { Entry } from './entry.ts';
import { rolledOut, workload } from './inputs.ts';

export const restartWorkload: Entry = {
  id: 'restart-workload',
  title: 'Restart a workload pod by pod',
  does: 'Replaces every pod of a deployment, statefulset or daemonset, one after the other: for leaks, stuck consumers and connection pools that were never given back.',
  effect: 'service.restart',
  inputs: workload,
  fix: ['kubectl rollout restart {kind}/{name} --namespace {namespace}', rolledOut],
  undo: null,
  undoing: 'there is nothing to undo: the pods run again with the same template',
};
