// Runs more (or fewer) pods of a workload; the undo goes back to the usual number.
// It must never scale to zero, which is an outage, nor to one, whose next restart is one.
import { choice, type Entry, parameter } from './entry.ts';
import { rolledOut, workload } from './inputs.ts';

export const scale: Entry = {
  id: 'scale',
  title: 'Scale a workload',
  does: 'Sets the number of pods of a deployment or statefulset: for load, saturation and queues that grow.',
  effect: 'scale',
  inputs: {
    ...workload,
    kind: choice('what kind of workload', ['deployment', 'statefulset']),
    replicas: parameter('how many pods to run', 'a number of replicas from 2 to 50'),
    usual: parameter('how many pods run usually, for the undo', 'a number of replicas from 1 to 50'),
  },
  fix: ['kubectl scale {kind}/{name} --namespace {namespace} --replicas={replicas}', rolledOut],
  undo: ['kubectl scale {kind}/{name} --namespace {namespace} --replicas={usual}'],
  undoing: 'more pods seldom do harm, and fewer under the same load bring the fault back',
};
